import { AppError } from '../../../shared/errors/app-error.ts'
import { sendOutbox } from './outbox-sender.ts'
import { sendProjectWrites } from './project-sender.ts'
import { pullChanges } from './puller.ts'
import { sendReveals } from './reveal-sender.ts'
import type { Attempt } from './sync-context.ts'

/**
 * Fetches what is new, then sends what waits. In this order: only a pull tells that the central service is the right one
 * and still in the same life, and nothing may be sent to another unit's, or be taken for refused by a restored one.
 */
export async function exchange(attempt: Attempt): Promise<void> {
  // Restored between the two: once more. Twice within a moment is no restore any more.
  for (let round = 0; round < 3; round++) {
    await pullChanges(attempt)
    await sendReveals(attempt)
    if ((await sendOutbox(attempt)) !== 'all-sent') continue
    const sent = await sendProjectWrites(attempt)
    // What else they changed, counts and dates, is told by the central service alone.
    if (sent === 'sent') await pullChanges(attempt)
    if (sent !== 'other-epoch') return
  }
  throw new AppError('central-busy')
}
