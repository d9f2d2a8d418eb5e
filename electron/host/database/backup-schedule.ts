import { AppError } from '../../../shared/errors/app-error.ts'
import type { Clock, Log } from '../ports.ts'
import { backUp, backupsIn, changedSince, stampOf } from './backups.ts'
import type { LocalDatabase } from './open-local-database.ts'
import type { UnitPaths } from './unit-keys.ts'

const interval = 4 * 3_600_000
/** Lets the clerk's first page come first. */
const firstAfter = 20_000

export interface BackupSchedule {
  /** Ends it; waits for a backup under way. To be awaited before the file is closed. */
  stop(): Promise<void>
}

/** A backup soon after the start and every four hours, each only where something changed since the last. A failure is logged and tried again next time. */
export function scheduleBackups(local: LocalDatabase, paths: Pick<UnitPaths, 'database' | 'backups'>, key: Uint8Array, clock: Clock, log: Log, damaged: () => void): BackupSchedule {
  let underWay: Promise<void> = Promise.resolve()
  const run = async () => {
    const stamp = stampOf(clock.now())
    if (!changedSince(paths.database, backupsIn(paths.backups, stamp)[0])) return
    try {
      await backUp(local, paths.backups, key, stamp)
    } catch (error) {
      log.error('backup failed', error)
      // Found in the copy, it is in the file: opening it again looks at every page.
      if (AppError.is(error, 'local-damaged')) damaged()
    }
  }
  const next = () => void (underWay = underWay.then(run))
  const first = setTimeout(next, firstAfter)
  const timer = setInterval(next, interval)
  first.unref()
  timer.unref()
  return {
    stop: async () => {
      clearTimeout(first)
      clearInterval(timer)
      await underWay
    },
  }
}
