import type { LocalDatabase } from '../../database/open-local-database.ts'
import type { Clock } from '../../ports.ts'

/**
 * The place in the list that a change made now takes, as an instant: later than every other's. By it the list puts what was
 * typed last first, also where this machine's clock is behind the central service's, or was ahead and has been put right. For
 * that it may be far from the time, so nobody is shown it. Asked for in the transaction of the change, after all before it.
 */
export function createChangeClock(clock: Clock, { file }: Pick<LocalDatabase, 'file'>): () => string {
  const newest = file.prepare('select updated_at from search order by updated_at desc limit 1').pluck()
  return () => {
    const now = clock.now().toISOString()
    const last = newest.get() as string | undefined
    return last === undefined || last < now ? now : new Date(Date.parse(last) + 1).toISOString()
  }
}
