import type { ServiceContext } from '../../service-context.ts'
import { applyDelivery, noteUnreadable } from './apply-record.ts'
import type { FeedAdapter } from './feed-adapter.ts'
import type { FeedOutcome } from './feed-record.ts'
import { keepCursor, readCursor } from './feed.repository.ts'

/** How many deliveries came to what. */
export type FeedCounts = Partial<Record<FeedOutcome, number>>

/**
 * Takes all that an adapter has now. A kill in between costs nothing: the cursor moves, and a file goes, once everything before it has been
 * applied, and what comes twice is applied once.
 * @throws whatever adapter or database fail with; what was applied until then stays
 */
export async function takeFeed(context: ServiceContext, adapter: FeedAdapter, signal?: AbortSignal): Promise<FeedCounts> {
  const counts: FeedCounts = {}
  const count = (outcome: FeedOutcome) => (counts[outcome] = (counts[outcome] ?? 0) + 1)
  for (;;) {
    const batch = await adapter.next(await readCursor(context.db, adapter.source))
    if (batch === null) return counts
    if (batch.unreadable !== null) {
      await noteUnreadable(context, adapter.source, batch.unreadable)
      count('unreadable')
    }
    for (const delivered of batch.deliveries) {
      signal?.throwIfAborted()
      count(await applyDelivery(context, adapter.source, delivered))
    }
    await keepCursor(context.db, adapter.source, batch.cursor, context.clock.now().toISOString())
    await batch.done()
  }
}

/** Looks at once and then every few minutes, one look at a time. @returns what ends it, once the present record is applied */
export function startApprovalFeed(context: ServiceContext, adapters: readonly FeedAdapter[], { minutes, log }: { minutes: number; log: (entry: Readonly<Record<string, unknown>>) => void }): () => Promise<void> {
  if (adapters.length === 0) return async () => undefined
  const stopping = new AbortController()
  let looking: Promise<void> | undefined

  async function look(): Promise<void> {
    for (const adapter of adapters) {
      try {
        const counts = await takeFeed(context, adapter, stopping.signal)
        if (Object.keys(counts).length > 0) log({ level: 'info', message: 'approval feed', source: adapter.source, ...counts })
      } catch (error) {
        // Its message may quote what was delivered.
        if (!stopping.signal.aborted) log({ level: 'error', message: 'approval feed', source: adapter.source, error: error instanceof Error ? error.name : typeof error, code: (error as { code?: unknown }).code })
      }
    }
  }

  const run = () => void (looking ??= look().finally(() => (looking = undefined)))
  const timer = setInterval(run, minutes * 60_000)
  timer.unref()
  run()
  return async () => {
    clearInterval(timer)
    stopping.abort()
    await looking
  }
}
