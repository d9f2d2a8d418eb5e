import { AppError } from '../../../shared/errors/app-error.ts'
import type { ErrorCode } from '../../../shared/errors/codes.ts'
import type { PushReply } from '../central/central-port.ts'
import { dequeueAll, postpone, type OutboxOperation } from '../database/outbox.repository.ts'
import { findRecord, updateRecord } from '../database/record.repository.ts'
import type { Confirmed } from './acknowledge.ts'
import { backoffDelay } from './backoff.ts'
import { mergeWithServer } from './merge-with-server.ts'
import { takeServerRemoval } from './server-copy.ts'
import type { Attempt } from './sync-context.ts'

type Result = PushReply['results'][number]

export const signInWanted: readonly ErrorCode[] = ['session-missing', 'session-password-changed', 'session-expired', 'session-suspended', 'not-signed-in']
/** What concerns the line and not one record. */
const ofTheLine: readonly ErrorCode[] = [...signInWanted, 'central-unreachable', 'central-not-trusted', 'account-disabled']

/** A batch as the central service has answered it. */
export interface Answered {
  readonly confirmed: readonly Confirmed[]
  readonly refused: readonly { readonly operation: OutboxOperation; readonly result: Result | undefined }[]
  readonly life: string
}

export function sortAnswers(batch: readonly OutboxOperation[], results: readonly Result[], life: string): Answered {
  const byKey = new Map(results.map((result) => [result.opId, result]))
  const answers = batch.map((operation) => ({ operation, result: byKey.get(operation.op_id) }))
  return {
    confirmed: answers.flatMap(({ operation, result }) => (result?.outcome === 'applied' && 'status' in result.receipt ? [{ operation, receipt: result.receipt }] : [])),
    refused: answers.filter(({ result }) => result?.outcome !== 'applied' || !('status' in result.receipt)),
    life,
  }
}

/**
 * Does what the central service answered to what it did not apply. Those that need a look at its present state come last:
 * what is answered is settled whatever happens to them.
 * @throws AppError where the line failed or a sign-in is wanted
 */
export async function settleRefused(attempt: Attempt, { refused, life }: Answered): Promise<void> {
  const toMeet: OutboxOperation[] = []
  let failure: AppError | undefined
  for (const { operation, result } of refused) {
    const next = await settle(attempt, operation, result)
    if (next === 'meet') toMeet.push(operation)
    failure ??= next instanceof AppError ? next : undefined
  }
  if (refused.length > 0) attempt.rowsChanged(refused.map(({ operation }) => operation.record_id))
  for (const operation of failure ? [] : toMeet) await meetServer(attempt, operation, life)
  if (toMeet.length > 0) attempt.rowsChanged(toMeet.map(({ record_id }) => record_id))
  if (failure) throw failure
}

async function settle(attempt: Attempt, operation: OutboxOperation, result: Result | undefined): Promise<'settled' | 'meet' | AppError> {
  const { code, details, retriable } = result?.outcome === 'refused' ? result.problem : { code: 'central-reply-invalid' as const, details: {}, retriable: true }
  if (signInWanted.includes(code)) return new AppError(code, details)
  // Resubmitted by a colleague first, after a restore: the same registration.
  const isOwn = code === 'registration-here' && details['id'] === operation.record_id
  // Somebody of this unit let the person go first: that is then how it is, whatever was to be told.
  if (code === 'version-conflict' || code === 'registration-left' || code === 'not-found' || isOwn) return 'meet'
  await (retriable ? putOff(attempt, operation, new AppError(code, details)) : sendBack(attempt, operation, code))
  return 'settled'
}

/** Somebody else changed or removed the registration first. */
async function meetServer(attempt: Attempt, operation: OutboxOperation, life: string): Promise<void> {
  try {
    const server = await attempt.central.readRegistration(operation.record_id, attempt.signal).catch((error: unknown) => {
      if (AppError.is(error, 'not-found')) return null
      throw error
    })
    const now = attempt.clock.now()
    await attempt.local.db.transaction().execute(async (trx) => {
      const record = await findRecord(trx, operation.record_id)
      if (!record) return
      if (server) await mergeWithServer(trx, record, server, life, now)
      else if (record.version !== null) await takeServerRemoval(trx, record.id, now.toISOString())
      else {
        // Whatever becomes of the record, an operation that was answered must not be sent for ever.
        await dequeueAll(trx, record.id)
        await updateRecord(trx, record.id, { state: 'returned', return_code: 'registration-forgotten', leaving: null })
      }
    })
  } catch (error) {
    if (!(error instanceof AppError) || ofTheLine.includes(error.code)) throw error
    await putOff(attempt, operation, error)
  }
}

/** Tried again later, with the rest of its lane behind it; the others go on. */
export async function putOff({ local, clock, random }: Attempt, { op_id, attempts }: OutboxOperation, { code, details }: AppError): Promise<void> {
  const asked = Number(details['retryAfterSeconds'] ?? 0) * 1_000
  const nextAt = new Date(clock.now().getTime() + Math.max(asked, backoffDelay(Math.max(attempts, 1), random())))
  await postpone(local.db, op_id, nextAt.toISOString(), { code, details })
}

/** Refused for good: the row says why, its lane stops, the others go on. */
export async function sendBack({ local, log }: Attempt, operation: OutboxOperation, code: ErrorCode): Promise<void> {
  log.info('write refused', { code, kind: operation.kind })
  await local.db.transaction().execute(async (trx) => {
    await dequeueAll(trx, operation.record_id)
    await updateRecord(trx, operation.record_id, { state: 'returned', return_code: code, return_comment: null, leaving: null })
  })
}
