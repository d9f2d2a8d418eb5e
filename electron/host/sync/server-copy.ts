import type { RegistrationResource } from '../../../shared/api/resources.ts'
import { shanghaiDate } from '../../../shared/domain/dates.ts'
import { emptyPersonValues, type PersonValues } from '../../../shared/domain/person-fields.ts'
import { changedFields, sameValues } from '../../../shared/domain/merge.ts'
import { remember } from '../database/history.repository.ts'
import type { LocalDb } from '../database/local-tables.ts'
import { indexName } from '../database/names.ts'
import { dequeue, dequeueAll, operationsOf, type OutboxOperation } from '../database/outbox.repository.ts'
import { deleteRecord, findRecord, findRecords, insertRecord, putDraft, updateRecord, type StoredRecord } from '../database/record.repository.ts'
import { indexRecord } from '../database/search.repository.ts'
import { describeConflict, settleConflict } from '../services/registrations/conflict.ts'
import { newestValues } from '../services/registrations/registration-view.ts'
import { queueSubmission, stateOnceSaved, submittedValues } from '../services/registrations/submission.ts'
import { isUnconfirmed, takeOver } from '../services/registrations/unconfirmed.ts'
import { requeueLeaving, takeDeparture } from '../services/transfers/leaving.ts'

/** What the central service alone decides; never merged, always taken over. */
export function decided(server: RegistrationResource, life: string): Pick<StoredRecord, 'review_status' | 'employment_status' | 'departure' | 'registered_at' | 'face_enrolled' | 'return_comment' | 'epoch'> {
  return {
    review_status: server.reviewStatus,
    employment_status: server.status === 'left' ? 'left' : 'employed',
    departure: server.departure,
    registered_at: server.createdAt,
    face_enrolled: server.faceEnrolled ? 1 : 0,
    return_comment: server.reviewStatus === 'refused' ? server.reviewComment : null,
    epoch: life,
  }
}

/**
 * Takes pulled registrations in. A record with anything unconfirmed here is not overwritten: the server's copy is
 * kept beside it until the clerk's own change is sent and the two are merged.
 */
export async function takeServerCopies(trx: LocalDb, servers: readonly RegistrationResource[], life: string, now: Date): Promise<void> {
  const records = new Map((await findRecords(trx, servers.map(({ id }) => id))).map((record) => [record.id, record]))
  const taken = new Set<string>()
  for (const server of servers) {
    // Told twice: what was read of it before is old.
    const record = taken.has(server.id) ? await findRecord(trx, server.id) : records.get(server.id)
    taken.add(server.id)
    if (record) await takeServerCopy(trx, record, server, life, now)
    else await insertCopy(trx, server, life)
  }
}

async function takeServerCopy(trx: LocalDb, record: StoredRecord, server: RegistrationResource, life: string, now: Date): Promise<void> {
  if (isFromEarlierLife(record, server, life)) return meetRestored(trx, record, server, life, now)
  if (record.version !== null && record.version >= server.version) {
    // What was made here: only now is it known when the central service took it.
    return record.registered_at === null ? updateRecord(trx, record.id, { registered_at: server.createdAt }) : undefined
  }
  const news = decided(server, life)
  if (server.status === 'left' && isUnconfirmed(record)) return takeDeparture(trx, record, server, news, server.updatedAt)
  if (!isUnconfirmed(record)) return takeOver(trx, record, server.values, { ...news, version: server.version }, server.updatedAt)
  const state = stateBeside(record, server)
  await updateRecord(trx, record.id, { ...news, state, remote: server.values, remote_version: server.version, remote_removed: 0 })
  if (record.state === 'conflict') await settleIfNothingClashes(trx, record.id, now)
}

/** The reviewer's word counts at once for what the clerk only typed or saved; what is under way will be reviewed again. */
function stateBeside(record: StoredRecord, { reviewStatus }: RegistrationResource): StoredRecord['state'] {
  const stays = record.state === 'queued' || record.state === 'conflict' || (record.state === 'returned' && record.return_code !== null)
  if (stays) return record.state
  return stateOnceSaved({ ...record, state: 'local-only', review_status: reviewStatus }, record.body ?? emptyPersonValues(), false)
}

async function insertCopy(trx: LocalDb, server: RegistrationResource, life: string): Promise<void> {
  const { id, personType, version, values, updatedAt } = server
  const state = server.reviewStatus === 'refused' && server.status !== 'left' ? 'returned' : 'uploaded'
  await insertRecord(trx, {
    id, person_type: personType, version, base: values, body: values, id_card_no: values.idCardNo, state, return_code: null, updated_at: updatedAt, ...decided(server, life),
  })
  await indexRecord(trx, id, values, indexName(values.name), updatedAt)
}

/** Told anew, and not newer than what is known here: versions of two lives cannot be compared. */
function isFromEarlierLife(record: StoredRecord, server: RegistrationResource, life: string): boolean {
  if (record.version === null) return record.return_code === 'registration-forgotten'
  return record.epoch !== life && record.version >= server.version
}

/**
 * The central service was restored from a backup and holds another text than it confirmed before. Which of the two
 * is wanted nobody can know but the clerk: shown side by side, without a common base.
 */
async function meetRestored(trx: LocalDb, record: StoredRecord, server: RegistrationResource, life: string, now: Date): Promise<void> {
  const at = now.toISOString()
  const known = { ...decided(server, life), version: server.version }
  if (server.status === 'left') return takeDeparture(trx, record, server, known, at)
  if (!isUnconfirmed(record) && sameValues(newestValues(record), server.values)) return takeOver(trx, record, server.values, known, record.updated_at)
  if (record.base && record.state !== 'conflict' && sameValues(record.base, server.values)) {
    const operations = await operationsOf(trx, record.id)
    const submitted = submittedValues(record.base, operations) ?? server.values
    const rebased = { ...record, version: server.version, review_status: server.reviewStatus, state: 'local-only' as const }
    await dequeueAll(trx, record.id)
    const edited = operations.length > 0 && (await queueSubmission(trx, rebased, submitted, at)) === 'queued'
    const queued = (await requeueLeaving(trx, record, server.version, at)) || edited
    const state = record.state === 'returned' ? 'returned' : stateOnceSaved(rebased, record.body ?? server.values, queued)
    return updateRecord(trx, record.id, { ...known, state })
  }
  if (sameValues(newestValues(record), server.values)) {
    await dequeueAll(trx, record.id)
    await takeOver(trx, record, server.values, known, at)
    if (await requeueLeaving(trx, record, server.version, at)) await updateRecord(trx, record.id, { state: 'queued' })
    return
  }
  await markUnsubmitted(trx, record, at)
  await dequeueAll(trx, record.id)
  await updateRecord(trx, record.id, {
    ...decided(server, life), base: emptyPersonValues(), version: server.version, state: 'conflict', return_code: null,
    remote: server.values, remote_version: server.version, remote_removed: 0,
  })
  await settleIfNothingClashes(trx, record.id, now)
}

/** The other side came round to what is here. */
export async function settleIfNothingClashes(trx: LocalDb, id: string, now: Date): Promise<void> {
  const record = await findRecord(trx, id)
  if (!record || describeConflict(record).fields.length > 0) return
  await settleConflict(trx, record, {}, now.toISOString(), shanghaiDate(now))
}

/** The registration was withdrawn by somebody else. What this clerk changed in it stays, as a conflict. */
export async function takeServerRemoval(trx: LocalDb, id: string, at: string): Promise<void> {
  await takeArrival(trx, id)
  const record = await findRecord(trx, id)
  if (!record || record.version === null) return
  // 离职迁出 alone is no reason to keep somebody whose registration is gone.
  const waits = (await operationsOf(trx, id)).some(({ kind }) => kind !== 'transfer-out')
  if (!isUnconfirmed(record) || (!waits && record.base && sameValues(record.base, newestValues(record)))) return deleteRecord(trx, id)
  await markUnsubmitted(trx, record, at)
  await dequeueAll(trx, id)
  await updateRecord(trx, id, { state: 'conflict', remote_removed: 1, remote: null, remote_version: null, leaving: null })
}

/** The operation that makes this registration, sent and not answered: it may have arrived. */
export async function createUnderWay(trx: LocalDb, id: string): Promise<OutboxOperation | undefined> {
  return (await operationsOf(trx, id)).find(({ kind, frozen_at }) => kind === 'create' && frozen_at !== null)
}

/** Only what had arrived can be removed. Sent once more it would be answered as applied, though it is there no longer. */
async function takeArrival(trx: LocalDb, id: string): Promise<void> {
  const create = await createUnderWay(trx, id)
  if (!create) return
  await dequeue(trx, create.op_id)
  await updateRecord(trx, id, { version: 1, base: create.patch as PersonValues })
}

/**
 * What was saved here and never submitted becomes a draft over what was, so that settling the conflict does not send it,
 * neither as it is nor once the draft was discarded.
 */
async function markUnsubmitted(trx: LocalDb, record: StoredRecord, at: string): Promise<void> {
  // A conflict's own text was submitted: what is saved while it stands is a draft already.
  if (record.state === 'conflict' || !record.body || !record.base) return
  const submitted = submittedValues(record.base, await operationsOf(trx, record.id)) ?? record.base
  if (sameValues(submitted, record.body)) return
  await remember(trx, record.id, at, 'saved', changedFields(submitted, record.body))
  if (!record.draft) await putDraft(trx, record.id, record.body, at)
  await updateRecord(trx, record.id, { body: submitted })
}
