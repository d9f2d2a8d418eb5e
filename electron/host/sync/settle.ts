import type { ManagerValues } from '../../../shared/domain/manager-fields.ts'
import { applyPatch } from '../../../shared/domain/merge.ts'
import type { RegistrationStatus, ReviewStatus } from '../../../shared/domain/statuses.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import type { ErrorCode } from '../../../shared/errors/codes.ts'
import type { PushReply } from '../central/central-port.ts'
import { dequeue, dequeueAll, operationsOf, postpone, type OutboxOperation } from '../database/outbox.repository.ts'
import { findRecord, updateRecord } from '../database/record.repository.ts'
import { stateOnceSaved } from '../services/registrations/submission.ts'
import { takeKeptCopy } from '../services/registrations/unconfirmed.ts'
import { backoffDelay } from './backoff.ts'
import { mergeWithServer } from './merge-with-server.ts'
import { takeServerRemoval } from './server-copy.ts'
import type { Attempt } from './sync-context.ts'

type Result = PushReply['results'][number]
type Receipt = Extract<Result, { outcome: 'applied' }>['receipt']

const reviewOf: Readonly<Record<RegistrationStatus, ReviewStatus>> = { pending: 'pending', active: 'approved', refused: 'refused', left: 'approved' }
export const signInWanted: readonly ErrorCode[] = ['session-missing', 'session-expired', 'session-suspended', 'not-signed-in']
/** What concerns the line and not one record. */
const ofTheLine: readonly ErrorCode[] = [...signInWanted, 'central-unreachable', 'central-not-trusted', 'account-disabled']

/**
 * Does what the central service answered to each operation. Those that need a look at its present state come last: what is
 * answered is settled whatever happens to them.
 * @throws AppError where the line failed or a sign-in is wanted
 */
export async function settleAll(attempt: Attempt, batch: readonly OutboxOperation[], results: readonly Result[], life: string): Promise<void> {
  const toMeet: OutboxOperation[] = []
  let failure: AppError | undefined
  for (const operation of batch) {
    const result = results.find(({ opId }) => opId === operation.op_id)
    const next = await settle(attempt, operation, result, life)
    if (next === 'meet') toMeet.push(operation)
    failure ??= next instanceof AppError ? next : undefined
  }
  attempt.rowsChanged(batch.map(({ record_id }) => record_id))
  for (const operation of failure ? [] : toMeet) await meetServer(attempt, operation, life)
  if (toMeet.length > 0) attempt.rowsChanged(toMeet.map(({ record_id }) => record_id))
  if (failure) throw failure
}

async function settle(attempt: Attempt, operation: OutboxOperation, result: Result | undefined, life: string): Promise<'settled' | 'meet' | AppError> {
  if (result?.outcome === 'applied') {
    await acknowledge(attempt, operation, result.receipt, life)
    return 'settled'
  }
  const { code, details, retriable } = result?.problem ?? { code: 'central-reply-invalid', details: {}, retriable: true }
  if (signInWanted.includes(code)) return new AppError(code, details)
  // Resubmitted by a colleague first, after a restore: the same registration.
  const isOwn = code === 'registration-here' && details['id'] === operation.record_id
  if (code === 'version-conflict' || code === 'not-found' || isOwn) return 'meet'
  await (retriable ? putOff(attempt, operation, new AppError(code, details)) : sendBack(attempt, operation, code))
  return 'settled'
}

async function acknowledge(attempt: Attempt, operation: OutboxOperation, receipt: Receipt, life: string): Promise<void> {
  await attempt.local.db.transaction().execute(async (trx) => {
    const record = await findRecord(trx, operation.record_id)
    await dequeue(trx, operation.op_id)
    if (!record) return
    const base = operation.kind === 'create' || !record.base ? (operation.patch as ManagerValues) : applyPatch(record.base, operation.patch)
    const rest = await operationsOf(trx, record.id)
    // The next edit in the lane was made on top of this one.
    await trx.updateTable('outbox').set({ base_version: receipt.version }).where('record_id', '=', record.id).where('frozen_at', 'is', null).execute()
    const newerKept = record.remote_version !== null && record.remote_version > receipt.version
    // The kept copy's review is the newer one.
    const review_status = newerKept ? record.review_status : reviewOf[receipt.status]
    await updateRecord(trx, record.id, {
      version: receipt.version,
      base,
      epoch: life,
      review_status,
      ...(newerKept ? {} : { return_comment: null, remote: null, remote_version: null }),
      state: stateOnceSaved({ ...record, base, review_status, state: 'local-only' }, record.body ?? base, rest.length > 0),
      return_code: null,
    })
    await takeKeptCopy(trx, record.id, attempt.clock.now().toISOString())
  })
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
        await updateRecord(trx, record.id, { state: 'returned', return_code: 'registration-forgotten' })
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
    await updateRecord(trx, operation.record_id, { state: 'returned', return_code: code, return_comment: null })
  })
}
