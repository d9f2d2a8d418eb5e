import type { BridgeServices } from '../../../shared/contract/index.ts'
import type { Account } from '../../../shared/contract/common.ts'
import { reasonMaxLength, reasonProblem } from '../../../shared/domain/reasons.ts'
import { revealSeconds, type RevealWhy } from '../../../shared/domain/reveals.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import type { LocalDb } from '../database/local-tables.ts'
import { localFailure } from '../database/local-failure.ts'
import { newId } from '../database/new-id.ts'
import { noteReveal } from '../database/reveal-notes.repository.ts'
import type { Clock } from '../ports.ts'
import { requireRecord } from './registrations/conflict.ts'
import { newestValues } from './registrations/registration-view.ts'

interface RevealDeps {
  readonly db: LocalDb
  readonly account: Account
  readonly clock: Clock
  readonly wakeSync: () => void
}

/** @throws AppError reason-missing, reason-too-long, reason-has-number */
export function requireWhy({ reason, words }: RevealWhy): void {
  const problem = reasonProblem(words)
  if (problem && !(problem === 'reason-missing' && reason !== 'other')) throw new AppError(problem, { max: reasonMaxLength })
}

/**
 * Shows one masked number, for a reason. That somebody looks is durable before the number leaves the host, and told to the
 * central service with the next attempt to sync, offline or not.
 * @throws AppError not-found, reason-missing, reason-too-long, reason-has-number, or that nothing can be written
 */
export async function showNumber({ db, account, clock, wakeSync }: RevealDeps, { id, field, reason, words }: Parameters<BridgeServices['reveals']['show']>[0]): Promise<{ value: string; seconds: number }> {
  requireWhy({ reason, words })
  try {
    const value = await db.transaction().execute(async (trx) => {
      const shown = newestValues(await requireRecord(trx, id))[field]
      const now = clock.now()
      await noteReveal(trx, { id: newId(now), registrationId: id, field, reason, words: words.trim(), accountId: account.id, at: now.toISOString(), exported: false })
      return shown
    })
    wakeSync()
    return { value, seconds: revealSeconds }
  } catch (error) {
    throw localFailure(error) ?? error
  }
}
