import * as v from 'valibot'
import { writeReceipt, type PushOperation, type WriteReceipt } from '../shared/api/resources.ts'
import { AppError } from '../shared/errors/app-error.ts'
import { isErrorCode } from '../shared/errors/codes.ts'
import { isTransient } from './database/constraint.ts'
import type { CentralDb } from './database/database.ts'
import { createRegistration, patchRegistration, TakenMeanwhile, withdrawRegistration } from './modules/registrations/registrations.service.ts'
import type { ServiceContext, Who } from './service-context.ts'

const outcomeSchema = v.variant('kind', [
  v.object({ kind: v.literal('applied'), receipt: writeReceipt }),
  v.object({ kind: v.literal('refused'), code: v.string(), details: v.record(v.string(), v.unknown()) }),
])
type Outcome = v.InferOutput<typeof outcomeSchema>

/** Attempts where the database itself asks for another. */
const attempts = 4

/**
 * Applies a write once, however often it arrives under its key: a repeated key gets the first answer again, from the
 * same transaction in which the write was made. The key is looked at before the version; otherwise a lost reply would
 * look like a conflict with oneself. Receipts and final refusals are kept, both free of personal data; what may go
 * better next time is not kept.
 * @throws AppError idempotency-key-reused where the key came with other content, or what the write is refused with
 */
export async function writeOnce(context: ServiceContext, who: Who, operation: PushOperation): Promise<WriteReceipt> {
  const { opId, ...content } = operation
  const payloadHash = context.personal.hashPayload(JSON.stringify(content))
  for (let attempt = 1; ; attempt++) {
    try {
      return await context.db.transaction().execute((trx) => applyOrReplay(context, trx, who, operation, payloadHash))
    } catch (error) {
      if (isTransient(error) && attempt < attempts) continue
      const refusal = await explain(error)
      if (isFinal(refusal)) await keepRefusal(context, who, opId, payloadHash, refusal)
      throw refusal
    }
  }
}

async function applyOrReplay(context: ServiceContext, trx: CentralDb, who: Who, operation: PushOperation, payloadHash: string): Promise<WriteReceipt> {
  const claimed = await claim(trx, who, operation.opId, payloadHash, context.clock.now().toISOString())
  if (!claimed) return replay(await readOutcome(trx, who, operation.opId, payloadHash))
  const receipt = await apply(context, trx, who, operation)
  await setOutcome(trx, who, operation.opId, { kind: 'applied', receipt })
  return receipt
}

function apply(context: ServiceContext, trx: CentralDb, who: Who, operation: PushOperation): Promise<WriteReceipt> {
  switch (operation.kind) {
    case 'create':
      return createRegistration(context, trx, who, operation.registration)
    case 'patch':
      return patchRegistration(context, trx, who, operation)
    case 'withdraw':
      return withdrawRegistration(context, trx, who, operation)
  }
}

/** @returns false where the key is taken. A second request with the same key waits here until the first has committed. */
async function claim(trx: CentralDb, who: Who, key: string, payloadHash: string, at: string): Promise<boolean> {
  const row = await trx
    .insertInto('applied_write')
    .values({ account_id: who.accountId, idempotency_key: key, payload_hash: payloadHash, outcome_json: null, applied_at: at })
    .onConflict((conflict) => conflict.columns(['account_id', 'idempotency_key']).doNothing())
    .returning('idempotency_key')
    .executeTakeFirst()
  return row !== undefined
}

async function readOutcome(trx: CentralDb, who: Who, key: string, payloadHash: string): Promise<Outcome> {
  const row = await trx.selectFrom('applied_write').selectAll().where('account_id', '=', who.accountId).where('idempotency_key', '=', key).executeTakeFirst()
  if (row && row.payload_hash !== payloadHash) throw new AppError('idempotency-key-reused')
  if (!row?.outcome_json) throw new AppError('idempotency-in-flight')
  return v.parse(outcomeSchema, JSON.parse(row.outcome_json))
}

function replay(outcome: Outcome): WriteReceipt {
  if (outcome.kind === 'applied') return outcome.receipt
  throw new Replayed(isErrorCode(outcome.code) ? new AppError(outcome.code, outcome.details) : new AppError('internal'))
}

/** A refusal that is kept already. */
class Replayed extends Error {
  readonly refusal: AppError
  constructor(refusal: AppError) {
    super('replayed')
    this.refusal = refusal
  }
}

async function explain(error: unknown): Promise<unknown> {
  if (error instanceof Replayed) return error.refusal
  if (!(error instanceof TakenMeanwhile)) return error
  try {
    await error.explain()
    // Free again already: the next attempt may win.
    return new AppError('central-busy')
  } catch (refusal) {
    return refusal
  }
}

function isFinal(error: unknown): error is AppError {
  return error instanceof AppError && !error.retriable && error.code !== 'idempotency-key-reused'
}

async function keepRefusal({ db, clock }: ServiceContext, who: Who, key: string, payloadHash: string, refusal: AppError): Promise<void> {
  const outcome: Outcome = { kind: 'refused', code: refusal.code, details: { ...refusal.details } }
  await db
    .insertInto('applied_write')
    .values({ account_id: who.accountId, idempotency_key: key, payload_hash: payloadHash, outcome_json: JSON.stringify(outcome), applied_at: clock.now().toISOString() })
    .onConflict((conflict) => conflict.columns(['account_id', 'idempotency_key']).doNothing())
    .execute()
}

async function setOutcome(trx: CentralDb, who: Who, key: string, outcome: Outcome): Promise<void> {
  await trx.updateTable('applied_write').set({ outcome_json: JSON.stringify(outcome) }).where('account_id', '=', who.accountId).where('idempotency_key', '=', key).execute()
}
