import * as v from 'valibot'
import type { BindingOperation, TeamOperation } from '../shared/api/bindings.ts'
import type { FaceOperation } from '../shared/api/faces.ts'
import { writeReceipt, type AnyReceipt, type PushOperation, type WriteReceipt } from '../shared/api/resources.ts'
import { AppError } from '../shared/errors/app-error.ts'
import { isErrorCode } from '../shared/errors/codes.ts'
import { appendAudit } from './audit/audit.repository.ts'
import type { Transaction } from 'kysely'
import { isLockTimeout } from './database/constraint.ts'
import type { AppliedWriteTable, CentralDb, Database } from './database/database.ts'
import { keptQuery, type RowOf } from './database/kept-query.ts'
import { inSavepoint } from './database/savepoint.ts'
import { inTransaction } from './database/transaction.ts'
import { isProjectWrite, projectWriteOf } from './modules/bindings/apply-operation.ts'
import { faceWriteOf, isFaceWrite } from './modules/faces/apply-operation.ts'
import { createRegistration, patchRegistration, TakenMeanwhile, withdrawRegistration } from './modules/registrations/registrations.service.ts'
import { transferOut } from './modules/transfers/transfer-out.service.ts'
import { decideAsReviewer, type ReviewOperation } from './modules/reviews/decide.ts'
import type { ServiceContext, Who } from './service-context.ts'

const outcomeSchema = v.variant('kind', [
  v.object({ kind: v.literal('applied'), receipt: v.unknown() }),
  v.object({ kind: v.literal('refused'), code: v.string(), details: v.record(v.string(), v.unknown()) }),
])
type Outcome = v.InferOutput<typeof outcomeSchema>

export type QueuedRegistration = Exclude<PushOperation, BindingOperation | TeamOperation | FaceOperation>

/** What is written once about registrations: what workstations queue, and what reviewers decide. Bindings and teams: `projectWriteOf`; faces: `faceWriteOf`. */
export type Write = QueuedRegistration | ReviewOperation

/** One write under its key. */
interface Claim {
  readonly who: Who
  readonly key: string
  readonly payloadHash: string
}

/** A write as far as its key is concerned. */
export interface OneWrite<Receipt> {
  readonly key: string
  /** What the key stands for: with other content it is another write. JSON. */
  readonly content: object
  /** Nothing personal stands in a receipt: it is kept. */
  readonly receipt: v.GenericSchema<unknown, Receipt>
  apply(trx: CentralDb): Promise<Receipt>
}

/**
 * Applies a write once, however often it arrives under its key: a repeated key gets the first answer again, which was kept in
 * the transaction in which the write was made. Whatever stands against a write, its key has the word before that: otherwise
 * a lost reply would look like a conflict with oneself. Receipts and final refusals are kept, both free of personal data; what
 * may go better next time is not kept.
 * @throws AppError idempotency-key-reused where the key came with other content, or what the write is refused with
 */
export async function writeOnceOf<Receipt>(context: ServiceContext, who: Who, write: OneWrite<Receipt>): Promise<Receipt> {
  const claimed = claimOf(context, who, write)
  return answer(
    write,
    await inTransaction(context.db, (trx) => applyAndKeep(context, trx, claimed, write)).catch((error: unknown) =>
      answerOfFailed(context.db, claimed, error, (refusal) => inTransaction(context.db, (trx) => keepRefusal(context, trx, claimed, refusal))),
    ),
  )
}

export function writeOnce(context: ServiceContext, who: Who, operation: Write): Promise<WriteReceipt> {
  return writeOnceOf(context, who, writeOf(context, who, operation))
}

/** The same as a part of a transaction that holds other writes too. */
export function writeOnceWithin(context: ServiceContext, trx: Transaction<Database>, who: Who, operation: PushOperation): Promise<AnyReceipt> {
  return writeOnceOfWithin<AnyReceipt>(context, trx, who, queuedWriteOf(context, who, operation))
}

export async function writeOnceOfWithin<Receipt>(context: ServiceContext, trx: Transaction<Database>, who: Who, write: OneWrite<Receipt>): Promise<Receipt> {
  const claimed = claimOf(context, who, write)
  return answer(
    write,
    await inSavepoint(trx, () => applyAndKeep(context, trx, claimed, write)).catch((error: unknown) =>
      answerOfFailed(trx, claimed, error, (refusal) => inSavepoint(trx, () => keepRefusal(context, trx, claimed, refusal))),
    ),
  )
}

function queuedWriteOf(context: ServiceContext, who: Who, operation: PushOperation): OneWrite<AnyReceipt> {
  if (isProjectWrite(operation)) return projectWriteOf(context, who, operation)
  return isFaceWrite(operation) ? faceWriteOf(context, who, operation) : writeOf(context, who, operation)
}

function writeOf(context: ServiceContext, who: Who, operation: Write): OneWrite<WriteReceipt> {
  const { opId, ...content } = operation
  return { key: opId, content, receipt: writeReceipt, apply: (trx) => apply(context, trx, who, operation) }
}

function claimOf({ personal }: ServiceContext, who: Who, { key, content }: Pick<OneWrite<unknown>, 'key' | 'content'>): Claim {
  return { who, key, payloadHash: personal.hashPayload(JSON.stringify(content)) }
}

/** The receipt comes last: where the key is taken, what was written this time is undone with it. */
async function applyAndKeep(context: ServiceContext, trx: CentralDb, claimed: Claim, write: OneWrite<unknown>): Promise<Outcome> {
  const receipt = await write.apply(trx)
  const outcome: Outcome = { kind: 'applied', receipt }
  if (!(await keep(context, trx, claimed, outcome))) throw new AppError('idempotency-in-flight')
  return outcome
}

function apply(context: ServiceContext, trx: CentralDb, who: Who, operation: Write): Promise<WriteReceipt> {
  switch (operation.kind) {
    case 'create':
      return createRegistration(context, trx, who, operation.registration)
    case 'patch':
      return patchRegistration(context, trx, who, operation)
    case 'withdraw':
      return withdrawRegistration(context, trx, who, operation)
    case 'transfer-out':
      return transferOut(context, trx, who, operation)
    case 'review':
      return decideAsReviewer(context, trx, who, operation)
  }
}

const keeping = keptQuery<RowOf<AppliedWriteTable>, { idempotency_key: string }>((db, value) =>
  db
    .insertInto('applied_write')
    .values({
      organization_id: value('organization_id'), idempotency_key: value('idempotency_key'), account_id: value('account_id'), payload_hash: value('payload_hash'),
      outcome_json: value('outcome_json'), applied_at: value('applied_at'),
    })
    .onConflict((conflict) => conflict.columns(['organization_id', 'idempotency_key']).doNothing())
    .returning('idempotency_key'),
)

/**
 * @returns false where the key is taken. A second request with the same key waits here until the first has committed.
 * @throws AppError idempotency-in-flight where that takes too long
 */
async function keep({ clock }: ServiceContext, trx: CentralDb, claimed: Claim, outcome: Outcome): Promise<boolean> {
  try {
    return (await keeping(trx, rowOf(claimed, outcome, clock.now()))).length > 0
  } catch (error) {
    throw isLockTimeout(error) ? new AppError('idempotency-in-flight', {}, { cause: error }) : error
  }
}

const rowOf = ({ who, key, payloadHash }: Claim, outcome: Outcome, now: Date): AppliedWriteTable => ({
  organization_id: who.organizationId, idempotency_key: key, account_id: who.accountId, payload_hash: payloadHash, outcome_json: JSON.stringify(outcome), applied_at: now.toISOString(),
})

/** What this key was answered with before. @throws AppError idempotency-key-reused where it came with another write */
async function readOutcome(db: CentralDb, { who, key, payloadHash }: Claim): Promise<Outcome | undefined> {
  const row = await db.selectFrom('applied_write').selectAll().where('organization_id', '=', who.organizationId).where('idempotency_key', '=', key).executeTakeFirst()
  if (!row) return undefined
  if (row.payload_hash !== payloadHash) throw new AppError('idempotency-key-reused')
  if (!row.outcome_json) throw new AppError('idempotency-in-flight')
  return v.parse(outcomeSchema, JSON.parse(row.outcome_json))
}

function answer<Receipt>({ receipt }: OneWrite<Receipt>, outcome: Outcome): Receipt {
  if (outcome.kind === 'applied') return v.parse(receipt, outcome.receipt)
  throw isErrorCode(outcome.code) ? new AppError(outcome.code, outcome.details) : new AppError('internal')
}

/** What was written is undone: either the key was answered before, or this is refused, for good or not. @throws what is no refusal for good */
async function answerOfFailed(db: CentralDb, claimed: Claim, error: unknown, refuse: (refusal: AppError) => Promise<Outcome>): Promise<Outcome> {
  const known = await readOutcome(db, claimed)
  if (known) return known
  const refusal = error instanceof TakenMeanwhile ? await explain(error, db) : error
  if (!(refusal instanceof AppError) || refusal.retriable) throw refusal
  return refuse(refusal)
}

async function explain(taken: TakenMeanwhile, db: CentralDb): Promise<unknown> {
  try {
    await taken.explain(db)
    // Free again already: the next attempt may win.
    return new AppError('central-busy')
  } catch (refusal) {
    return refusal
  }
}

/** Whoever came in between under the same key has the word. */
async function keepRefusal(context: ServiceContext, trx: CentralDb, claimed: Claim, refusal: AppError): Promise<Outcome> {
  const outcome: Outcome = { kind: 'refused', code: refusal.code, details: { ...refusal.details } }
  if (!(await keep(context, trx, claimed, outcome))) return (await readOutcome(trx, claimed)) ?? outcome
  const { organizationId, accountId, deviceId } = claimed.who
  await appendAudit(context.personal, trx, { kind: 'write-refused', organizationId, accountId, deviceId, details: { code: refusal.code } }, context.clock.now())
  return outcome
}

/** Keys of the unit that were used before. Asked once the unit's row is held, so that nobody else is using one meanwhile. */
export async function usedKeys(trx: CentralDb, { organizationId }: Who, keys: readonly string[]): Promise<Set<string>> {
  const rows = await trx.selectFrom('applied_write').select('idempotency_key').where('organization_id', '=', organizationId).where('idempotency_key', 'in', keys).execute()
  return new Set(rows.map(({ idempotency_key }) => idempotency_key))
}

/** Claims keys that nobody has used, together with what came of their writes. */
export function keepReceipts(context: ServiceContext, trx: CentralDb, who: Who, written: readonly { operation: Write; receipt: WriteReceipt }[]): Promise<void> {
  return keepReceiptsOf(context, trx, who, written.map(({ operation, receipt }) => ({ write: writeOf(context, who, operation), receipt })))
}

export async function keepReceiptsOf(context: ServiceContext, trx: CentralDb, who: Who, written: readonly { write: Pick<OneWrite<unknown>, 'key' | 'content'>; receipt: unknown }[]): Promise<void> {
  const now = context.clock.now()
  await trx.insertInto('applied_write').values(written.map(({ write, receipt }) => rowOf(claimOf(context, who, write), { kind: 'applied', receipt }, now))).execute()
}
