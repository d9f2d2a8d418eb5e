import type { PushOperation } from '../../../shared/api/resources.ts'
import type { ManagerValues } from '../../../shared/domain/manager-fields.ts'
import { applyPatch, changedFields } from '../../../shared/domain/merge.ts'
import type { RegistrationStatus, ReviewStatus } from '../../../shared/domain/statuses.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import type { ErrorCode } from '../../../shared/errors/codes.ts'
import type { PushReply } from '../central/central-port.ts'
import { dequeue, dequeueAll, operationsOf, takeBatch, type OutboxOperation } from '../database/outbox.repository.ts'
import { findRecord, updateRecord, type StoredRecord } from '../database/record.repository.ts'
import { mergeWithServer, takeServerRemoval } from './server-copy.ts'
import type { SyncContext } from './sync-context.ts'

type Result = PushReply['results'][number]

const batchSize = 100

const reviewOf: Readonly<Record<RegistrationStatus, ReviewStatus>> = { pending: 'pending', active: 'approved', refused: 'refused', left: 'approved' }
const signInWanted: readonly ErrorCode[] = ['session-missing', 'session-expired', 'session-suspended']

/**
 * Sends everything that waits, one operation a record at a time, each under its own key until it is answered for good.
 * @throws AppError where the central service cannot be had or wants a sign-in; what was not answered stays queued
 */
export async function sendOutbox(context: SyncContext): Promise<void> {
  const { local, clock } = context
  for (;;) {
    const batch = await takeBatch(local.db, batchSize, clock.now().toISOString())
    if (batch.length === 0) return
    const reply = await context.central.push(batch.map(toPush))
    let unsettled: AppError | undefined
    for (const operation of batch) {
      const result = reply.results.find(({ opId }) => opId === operation.op_id)
      if (!result) throw new AppError('central-reply-invalid')
      unsettled = (await settle(context, operation, result, reply.epoch)) ?? unsettled
    }
    context.rowsChanged(batch.map(({ record_id }) => record_id))
    // Tried again later with the rest of its lane behind it.
    if (unsettled) throw unsettled
  }
}

function toPush(operation: OutboxOperation): PushOperation {
  const { op_id: opId, record_id: id, patch } = operation
  if (operation.kind === 'create') return { kind: 'create', opId, registration: { id, personType: 'manager', values: patch as ManagerValues } }
  // An edit that followed an unanswered create knows its version only now.
  const baseVersion = operation.base_version ?? 1
  return operation.kind === 'patch' ? { kind: 'patch', opId, id, baseVersion, changes: patch } : { kind: 'withdraw', opId, id, baseVersion }
}

/** @returns the failure where the operation has to be tried again */
async function settle(context: SyncContext, operation: OutboxOperation, result: Result, epoch: string): Promise<AppError | undefined> {
  if (result.outcome === 'applied') {
    await acknowledge(context, operation, result.receipt, epoch)
    return undefined
  }
  const { code, details, retriable } = result.problem
  // Created by a colleague's session on this machine whose reply was lost: keys are told apart by account.
  const isOwn = code === 'registration-here' && details['id'] === operation.record_id
  if (signInWanted.includes(code)) return new AppError(code, details)
  if (code === 'version-conflict' || code === 'not-found' || isOwn) {
    await meetServer(context, operation, epoch)
    return undefined
  }
  if (retriable) return new AppError('central-busy')
  await sendBack(context, operation, code)
  return undefined
}

async function acknowledge(context: SyncContext, operation: OutboxOperation, receipt: { version: number; status: RegistrationStatus }, epoch: string): Promise<void> {
  await context.local.db.transaction().execute(async (trx) => {
    const record = await findRecord(trx, operation.record_id)
    await dequeue(trx, operation.op_id)
    if (!record) return
    const base = operation.kind === 'create' || !record.base ? (operation.patch as ManagerValues) : applyPatch(record.base, operation.patch)
    const rest = await operationsOf(trx, record.id)
    // The next edit in the lane was made on top of this one.
    await trx.updateTable('outbox').set({ base_version: receipt.version }).where('record_id', '=', record.id).where('frozen_at', 'is', null).execute()
    const outdated = record.remote_version !== null && record.remote_version <= receipt.version
    await updateRecord(trx, record.id, {
      version: receipt.version,
      base,
      epoch,
      review_status: reviewOf[receipt.status],
      state: rest.length > 0 ? 'queued' : stateWithoutOperations(record, base),
      return_code: null,
      return_comment: null,
      ...(outdated ? { remote: null, remote_version: null } : {}),
    })
  })
}

function stateWithoutOperations(record: StoredRecord, base: ManagerValues): 'uploaded' | 'local-only' {
  return record.body && Object.keys(changedFields(base, record.body)).length > 0 ? 'local-only' : 'uploaded'
}

/** Somebody else changed or removed the registration first. */
async function meetServer(context: SyncContext, operation: OutboxOperation, epoch: string): Promise<void> {
  const server = await context.central.readRegistration(operation.record_id).catch((error: unknown) => {
    if (AppError.is(error, 'not-found')) return null
    throw error
  })
  await context.local.db.transaction().execute(async (trx) => {
    const record = await findRecord(trx, operation.record_id)
    if (!record) return
    if (server) await mergeWithServer(trx, record, server, epoch, context.clock.now().toISOString())
    else {
      // Whatever becomes of the record, an operation that was answered must not be sent for ever.
      await dequeueAll(trx, record.id)
      await (record.version === null ? updateRecord(trx, record.id, { state: 'returned', return_code: 'registration-forgotten' }) : takeServerRemoval(trx, record.id))
    }
  })
}

/** Refused for good: the row says why, its lane stops, the others go on. */
async function sendBack(context: SyncContext, operation: OutboxOperation, code: ErrorCode): Promise<void> {
  context.log.info('write refused', { code, kind: operation.kind })
  await context.local.db.transaction().execute(async (trx) => {
    await dequeueAll(trx, operation.record_id)
    await updateRecord(trx, operation.record_id, { state: 'returned', return_code: code, return_comment: null })
  })
}
