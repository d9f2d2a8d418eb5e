import type Database from 'better-sqlite3-multiple-ciphers'
import { existsSync, renameSync, rmSync } from 'node:fs'
import { dirname } from 'node:path'
import { AppError } from '../../../shared/errors/app-error.ts'
import type { Clock, Log } from '../ports.ts'
import { backupsIn, backUpBeforeMigration, copyDurably, setAside, stampOf } from './backups.ts'
import { syncDirectory } from './durable-file.ts'
import { deleteMeta, writeMeta } from './meta.repository.ts'
import { openForReading, openLocalDatabase, type LocalDatabase, type OpenOptions } from './open-local-database.ts'
import { nothingSalvaged, salvage, type Salvaged } from './salvage.ts'
import { readFirstPage, writeFirstPage } from './sealed-pages.ts'
import type { UnitPaths } from './unit-keys.ts'

type RebuiltPaths = Pick<UnitPaths, 'database' | 'backups'>

export interface OpenedUnit {
  readonly local: LocalDatabase
  /** Set where the file was damaged: what stands in its place now. The cursor is gone, so the next pull brings everything. */
  readonly rebuilt: Rebuilt | null
}

export interface Rebuilt {
  readonly from: 'backup' | 'nothing'
  readonly salvaged: Salvaged
  /** Where the damaged file was put. */
  readonly aside: string
}

/**
 * Opens a unit's file, making it at first use. A damaged one is set aside, never deleted; in its place comes the newest
 * good backup with whatever could still be read of the damaged one.
 * @param damaged called when damage is met later, in the middle of work
 * @throws AppError local-from-future, local-read-only, local-busy, local-full: the file stays as it is
 */
export async function openOrRebuild(paths: RebuiltPaths, key: Uint8Array, clock: Clock, log: Log, damaged?: () => void): Promise<OpenedUnit> {
  const options: OpenOptions = {
    ...(damaged && { damaged }),
    beforeMigration: async (source, schema) => {
      const copy = await backUpBeforeMigration(source, paths.backups, key, stampOf(clock.now()))
      log.info('unit file copied before migration', { schema, copy })
    },
  }
  const finished = finishRebuild(paths, clock)
  try {
    const local = await openLocalDatabase(paths.database, key, options)
    return { local, rebuilt: finished === null ? null : { from: 'backup', salvaged: nothingSalvaged, aside: finished } }
  } catch (error) {
    if (!AppError.is(error, 'local-damaged')) throw error
    log.error('unit file damaged, rebuilding it', error)
  }
  const { from, salvaged } = await build({ paths, key, log, backups: backupsIn(paths.backups, stampOf(clock.now())) })
  const aside = finishRebuild(paths, clock) ?? paths.database
  log.warn('unit file rebuilt', { from, aside, ...salvaged })
  return { local: await openLocalDatabase(paths.database, key, options), rebuilt: { from, salvaged, aside } }
}

interface Rebuilding {
  readonly paths: RebuiltPaths
  readonly key: Uint8Array
  readonly log: Log
  /** Newest first. */
  readonly backups: readonly string[]
}

/**
 * A kill at any moment of a rebuild loses nothing: the new file is made whole beside the damaged one and gets the name
 * `.rebuilt` only then; from there on any later start finishes what is left to do.
 */
async function build(rebuilding: Rebuilding): Promise<{ from: Rebuilt['from']; salvaged: Salvaged }> {
  const { paths } = rebuilding
  const unfinished = `${paths.database}.rebuilding`
  const { local, from } = await openNewestGood(rebuilding, unfinished)
  let salvaged = nothingSalvaged
  try {
    salvaged = await salvageFrom(rebuilding, local)
    await deleteMeta(local.db, ['cursor'])
    await writeMeta(local.db, 'rebuilt-untold', '1')
  } finally {
    await local.close()
  }
  renameSync(unfinished, rebuiltPath(paths))
  syncDirectory(dirname(paths.database))
  return { from, salvaged }
}

/** @returns where the damaged file was put; null where there was nothing to finish */
function finishRebuild(paths: RebuiltPaths, clock: Clock): string | null {
  const rebuilt = rebuiltPath(paths)
  if (!existsSync(rebuilt)) return null
  const aside = setAside(paths.database, 'damaged', stampOf(clock.now()))
  renameSync(rebuilt, paths.database)
  syncDirectory(dirname(paths.database))
  return aside
}

async function openNewestGood({ key, log, backups }: Rebuilding, at: string): Promise<{ local: LocalDatabase; from: Rebuilt['from'] }> {
  for (const backup of backups) {
    removeFile(at)
    try {
      await copyDurably(backup, at)
      return { local: await openLocalDatabase(at, key), from: 'backup' }
    } catch (error) {
      if (!AppError.is(error, 'local-damaged')) throw error
      log.error('backup damaged as well', error, { backup })
    }
  }
  removeFile(at)
  return { local: await openLocalDatabase(at, key), from: 'nothing' }
}

async function salvageFrom(rebuilding: Rebuilding, into: LocalDatabase): Promise<Salvaged> {
  const { paths, key, log } = rebuilding
  const lent = `${paths.database}.lent-first-page`
  try {
    const wreck = openWreck(paths.database, key, log) ?? (await openWithLentFirstPage(rebuilding, lent))
    if (!wreck) return nothingSalvaged
    try {
      return await salvage(wreck, into)
    } finally {
      wreck.close()
    }
  } finally {
    removeFile(lent)
  }
}

function openWreck(path: string, key: Uint8Array, log: Log): Database.Database | undefined {
  try {
    return openForReading(path, key)
  } catch (error) {
    log.error('damaged file cannot be opened', error)
    return undefined
  }
}

/** Without its first page, which names all tables, a file cannot be opened at all. A backup of the same file has the same one but for what was added since. */
async function openWithLentFirstPage({ paths, key, log, backups }: Rebuilding, at: string): Promise<Database.Database | undefined> {
  for (const backup of backups) {
    removeFile(at)
    await copyDurably(paths.database, at)
    await writeFirstPage(at, await readFirstPage(backup))
    const wreck = openWreck(at, key, log)
    if (wreck) return wreck
  }
  return undefined
}

/** Only ever a half-made copy of our own. */
function removeFile(path: string): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(path + suffix, { force: true })
}

function rebuiltPath(paths: RebuiltPaths): string {
  return `${paths.database}.rebuilt`
}
