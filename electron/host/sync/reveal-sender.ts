import { AppError } from '../../../shared/errors/app-error.ts'
import { deleteMeta } from '../database/meta.repository.ts'
import { notedReveals } from '../database/reveal-notes.repository.ts'
import type { Attempt } from './sync-context.ts'

/**
 * Tells the central service who looked at which number here. What it does not take is kept and told at the next attempt, and
 * does not keep the outbox waiting.
 */
export async function sendReveals({ local, central, signal, log }: Attempt): Promise<void> {
  for (;;) {
    const reveals = await notedReveals(local.db, 100)
    if (reveals.length === 0) return
    try {
      await central.reportReveals(reveals, signal)
    } catch (error) {
      if (!signal.aborted) log.warn('reveals not told', { count: reveals.length, code: error instanceof AppError ? error.code : 'internal' })
      return
    }
    await deleteMeta(local.db, reveals.map(({ id }) => `reveal:${id}` as const))
  }
}
