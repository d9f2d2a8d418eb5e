import type { PushOperation } from '../../../shared/api/resources.ts'
import { completeValues } from '../../../shared/domain/person-schema.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import { takeBatch, unfreeze, type OutboxOperation, type ReadyOperation } from '../database/outbox.repository.ts'
import { readMeta } from '../database/meta.repository.ts'
import { acknowledge } from './acknowledge.ts'
import { isAboutKey } from './key-wanted.ts'
import { beginNewLife, lifeOf } from './life.ts'
import { putOff, sendBack, settleRefused, sortAnswers, type Answered } from './settle.ts'
import type { Attempt } from './sync-context.ts'

type Outcome = 'all-sent' | 'other-epoch'

const batchSize = 100
/** So often an operation of one record may change under way before it has to wait for the next attempt. */
const roundsPerRecord = 5

interface Sending extends Attempt {
  /** Times that each record was under way in this attempt. */
  readonly rounds: Map<string, number>
  /** Operations that the central service could do nothing with, each sent by itself. */
  readonly unfit: { readonly operation: OutboxOperation; readonly error: AppError }[]
  answered: number
}

/**
 * Sends everything that waits, one operation a record at a time, each under its own key until it is answered for good.
 * What cannot be settled now is put off, and the other records go on.
 * @returns other-epoch where the central service turned out to be restored: nothing it answered was believed
 * @throws AppError where the central service cannot be had or wants a sign-in; what was not answered stays queued
 */
export async function sendOutbox(attempt: Attempt): Promise<Outcome> {
  const sending: Sending = { ...attempt, rounds: new Map(), unfit: [], answered: 0 }
  for (;;) {
    const sent = await sendOnce(sending)
    if (sent === 'other-epoch') return sent
    if (sent === 0) break
  }
  // Words of our own service about just this content: it will never be taken.
  for (const { operation, error } of sending.unfit) if (isFinal(error)) await sendBack(attempt, operation, error.code)
  return 'all-sent'
}

/**
 * Once through the outbox, batch by batch. While one is on its way, the answers to the one before are settled and the one
 * after is made ready, so that the central service is never waiting for this machine. A record's lane stays with the batch
 * that holds its oldest operation until that is settled: none has two operations under way.
 * @returns how many operations were under way
 */
async function sendOnce(sending: Sending): Promise<number | 'other-epoch'> {
  let sent = 0
  let batch = await prepareNext(sending, [], 0)
  let answered: readonly Answered[] = []
  for (;;) {
    if (sending.signal.aborted) await putBack(sending, batch.calm)
    sending.signal.throwIfAborted()
    const [asked, prepared] = await Promise.allSettled([ask(sending, batch.calm), prepareNext(sending, answered, batch.last)])
    if (prepared.status === 'fulfilled' && (asked.status === 'rejected' || asked.value === 'other-epoch')) await putBack(sending, prepared.value.calm)
    // What was answered just now comes again under the same keys.
    if (prepared.status === 'rejected') throw prepared.reason as Error
    if (asked.status === 'rejected') throw asked.reason as Error
    if (asked.value === 'other-epoch') {
      await beginNewLife(sending)
      return 'other-epoch'
    }
    if (batch.last === null) return sent
    sent += batch.calm.length
    answered = asked.value
    batch = prepared.value
  }
}

interface Batch {
  readonly calm: readonly ReadyOperation[]
  /** `seq` of the last operation that was looked at; null where there was none. */
  readonly last: number | null
}

/** What the last answers confirm and the taking of the next batch are one transaction. */
async function prepareNext(sending: Sending, answered: readonly Answered[], after: number | null): Promise<Batch> {
  const { local, clock } = sending
  const taken = await local.db.transaction().execute(async (trx) => {
    const now = clock.now().toISOString()
    for (const { confirmed, life } of answered) await acknowledge(trx, confirmed, life, now)
    return after === null ? [] : takeBatch(trx, batchSize, now, after)
  })
  const confirmed = answered.flatMap((each) => each.confirmed.map(({ operation }) => operation.record_id))
  if (confirmed.length > 0) sending.rowsChanged(confirmed)
  try {
    for (const each of answered) await settleRefused(sending, each)
    return { calm: await withoutRestless(sending, taken), last: taken.at(-1)?.seq ?? null }
  } catch (error) {
    await putBack(sending, taken)
    throw error
  }
}

/** Made ready and never sent. */
function putBack({ local }: Sending, batch: readonly OutboxOperation[]): Promise<void> {
  return unfreeze(local.db, batch.map(({ op_id }) => op_id))
}

/** A record that somebody else changes again and again must not keep this loop going for ever. */
async function withoutRestless(sending: Sending, batch: readonly ReadyOperation[]): Promise<ReadyOperation[]> {
  const calm: ReadyOperation[] = []
  for (const operation of batch) {
    const rounds = (sending.rounds.get(operation.record_id) ?? 0) + 1
    sending.rounds.set(operation.record_id, rounds)
    if (rounds > roundsPerRecord) await putOff(sending, operation, new AppError('central-busy'))
    else calm.push(operation)
  }
  return calm
}

async function ask(sending: Sending, batch: readonly ReadyOperation[]): Promise<Answered[] | 'other-epoch'> {
  if (batch.length === 0) return []
  let reply
  try {
    reply = await sending.central.push(batch.map(toPush), sending.signal)
  } catch (error) {
    if (error instanceof AppError && isAboutKey(error.code)) await unfreeze(sending.local.db, batch.map(({ op_id }) => op_id))
    if (!(error instanceof AppError) || !isAboutContent(error)) throw error
    return narrowDown(sending, batch, error)
  }
  const { db } = sending.local
  if (reply.epoch !== (await readMeta(db, 'epoch'))) return 'other-epoch'
  sending.answered += batch.length
  return [sortAnswers(batch, reply.results, await lifeOf(db, reply.epoch))]
}

/** One operation that cannot be taken spoils the whole call: halves, until it stands alone. */
async function narrowDown(sending: Sending, batch: readonly ReadyOperation[], error: AppError): Promise<Answered[] | 'other-epoch'> {
  const [operation] = batch
  if (operation && batch.length === 1) {
    sending.unfit.push({ operation, error })
    await putOff(sending, operation, error)
    // One after another and none gets through: it is not their content.
    if (sending.unfit.length > 1 && sending.answered === 0) throw error
    return []
  }
  const half = Math.ceil(batch.length / 2)
  const answered: Answered[] = []
  for (const part of [batch.slice(0, half), batch.slice(half)]) {
    const answers = await ask(sending, part)
    if (answers === 'other-epoch') return answers
    answered.push(...answers)
  }
  return answered
}

function isFinal({ code }: AppError): boolean {
  return code === 'request-malformed' || code === 'request-too-large' || code === 'call-invalid'
}

/** Also a proxy on the way refuses what is too large for it, and a fault in the service may be one operation's. */
function isAboutContent(error: AppError): boolean {
  const { status } = error.details
  return isFinal(error) || (error.code === 'central-busy' && status === 500) || (error.code === 'central-reply-invalid' && (status === 400 || status === 413))
}

function toPush(operation: ReadyOperation): PushOperation {
  const { op_id: opId, record_id: id, patch, person_type: personType } = operation
  // What came into the form after it was queued reads as empty.
  if (operation.kind === 'create') return { kind: 'create', opId, registration: { id, personType, values: completeValues(patch) } }
  // An edit that followed an unanswered create knows its version only now.
  const baseVersion = operation.base_version ?? 1
  if (operation.departure) return { kind: 'transfer-out', opId, id, baseVersion, departure: operation.departure }
  return operation.kind === 'patch' ? { kind: 'patch', opId, id, baseVersion, changes: patch } : { kind: 'withdraw', opId, id, baseVersion }
}
