import { shanghaiDate } from '../../../shared/domain/dates.ts'
import { localFailure } from '../database/local-failure.ts'
import type { LocalDb } from '../database/local-tables.ts'
import type { LocalDatabase } from '../database/open-local-database.ts'
import type { Clock } from '../ports.ts'
import { createChangeClock } from './registrations/change-clock.ts'

export interface LocalWork {
  /** @throws AppError for what is wrong with disk or file */
  guarded<T>(task: () => Promise<T>): Promise<T>
  /** One transaction. @param task is told the place in the list that its change takes */
  write<T>(task: (trx: LocalDb, place: string) => Promise<T>): Promise<T>
  now(): string
  /** yyyy-MM-dd in Shanghai */
  today(): string
}

/** How every service works on the open unit's file. */
export function createLocalWork(local: LocalDatabase, clock: Clock, damaged?: () => void): LocalWork {
  const nextPlace = createChangeClock(clock, local)

  async function guarded<T>(task: () => Promise<T>): Promise<T> {
    try {
      return await task()
    } catch (error) {
      const failure = localFailure(error)
      if (failure?.code === 'local-damaged') damaged?.()
      throw failure ?? error
    }
  }

  return {
    guarded,
    write: (task) => guarded(() => local.db.transaction().execute((trx) => task(trx, nextPlace()))),
    now: () => clock.now().toISOString(),
    today: () => shanghaiDate(clock.now()),
  }
}
