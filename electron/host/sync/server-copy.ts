import type { RegistrationResource } from '../../../shared/api/resources.ts'
import type { ManagerValues } from '../../../shared/domain/manager-fields.ts'
import { changedFields, mergeManagerValues } from '../../../shared/domain/merge.ts'
import { remember } from '../database/history.repository.ts'
import type { LocalDb } from '../database/local-tables.ts'
import { indexName } from '../database/names.ts'
import { dequeueAll } from '../database/outbox.repository.ts'
import { countRevision, deleteRecord, findRecord, insertRecord, putDraft, updateRecord, type RecordChange, type StoredRecord } from '../database/record.repository.ts'
import { indexRecord } from '../database/search.repository.ts'
import { isDirty } from '../services/registrations/conflict.ts'
import { queueSubmission } from '../services/registrations/submission.ts'

/** What the central service alone decides; never merged, always taken over. */
function decided(server: RegistrationResource, epoch: string): RecordChange {
  return {
    review_status: server.reviewStatus,
    employment_status: server.status === 'left' ? 'left' : 'employed',
    face_enrolled: server.faceEnrolled ? 1 : 0,
    return_comment: server.reviewStatus === 'refused' ? server.reviewComment : null,
    epoch,
  }
}

/**
 * Takes a pulled registration in. A record with anything unconfirmed here is not overwritten: the server's copy is
 * kept beside it until the clerk's own change is sent and the two are merged.
 */
export async function takeServerCopy(trx: LocalDb, server: RegistrationResource, epoch: string): Promise<void> {
  const record = await findRecord(trx, server.id)
  const { values } = server
  if (!record) {
    const state = server.reviewStatus === 'refused' ? 'returned' : 'uploaded'
    await insertRecord(trx, {
      id: server.id, version: server.version, base: values, body: values, id_card_no: values.idCardNo, state, face_enrolled: 0,
      review_status: 'pending', employment_status: 'employed', return_code: null, return_comment: null, updated_at: server.updatedAt,
    })
    await updateRecord(trx, server.id, decided(server, epoch))
    return indexRecord(trx, server.id, values, indexName(values.name), server.updatedAt)
  }
  const news = decided(server, epoch)
  const known = record.version !== null && record.version >= server.version
  if (known) return record.epoch === epoch ? undefined : updateRecord(trx, record.id, { epoch })
  if (isDirty(record) && !isOnlyReturned(record)) {
    return updateRecord(trx, record.id, { ...news, remote: values, remote_version: server.version })
  }
  const state = server.reviewStatus === 'refused' ? 'returned' : 'uploaded'
  if (record.body) await remember(trx, record.id, server.updatedAt, 'pulled', changedFields(values, record.body))
  await updateRecord(trx, record.id, {
    ...news, version: server.version, base: values, body: values, id_card_no: values.idCardNo, state,
    return_code: null, remote: null, remote_version: null, updated_at: server.updatedAt,
  })
  if (!record.body || Object.keys(changedFields(values, record.body)).length > 0) await countRevision(trx, record.id)
  await indexRecord(trx, record.id, values, indexName(values.name), server.updatedAt)
}

/** Sent back by a reviewer and not touched here since: nothing of the clerk's would be lost. */
function isOnlyReturned(record: StoredRecord): boolean {
  if (record.state !== 'returned' || record.draft || !record.base || !record.body) return false
  return Object.keys(changedFields(record.base, record.body)).length === 0
}

/** The registration was withdrawn by somebody else. What this clerk changed in it stays, as a conflict. */
export async function takeServerRemoval(trx: LocalDb, id: string): Promise<void> {
  const record = await findRecord(trx, id)
  if (!record || record.version === null) return
  if (!isDirty(record) || isOnlyReturned(record)) return deleteRecord(trx, id)
  await dequeueAll(trx, id)
  await updateRecord(trx, id, { state: 'conflict', remote_removed: 1, remote: null, remote_version: null })
}

/**
 * The central service has a newer version than the one an edit was made on: joins the two field by field and queues
 * what remains to be told, or keeps both for the clerk where they clash.
 */
export async function mergeWithServer(trx: LocalDb, record: StoredRecord, server: RegistrationResource, epoch: string, at: string): Promise<'merged' | 'conflict'> {
  const mine = record.body ?? server.values
  const base = record.base ?? server.values
  await dequeueAll(trx, record.id)
  const { merged, conflicts } = mergeManagerValues(base, mine, server.values)
  if (conflicts.length > 0) {
    await updateRecord(trx, record.id, { ...decided(server, epoch), state: 'conflict', remote: server.values, remote_version: server.version })
    return 'conflict'
  }
  await remember(trx, record.id, at, 'merged', changedFields(merged, mine))
  if (record.draft) await rebaseDraft(trx, record, mine, merged)
  const rebased: StoredRecord = { ...record, base: server.values, version: server.version }
  const state = await queueSubmission(trx, rebased, merged, at)
  await updateRecord(trx, record.id, {
    ...decided(server, epoch), version: server.version, base: server.values, body: merged, id_card_no: merged.idCardNo, state,
    return_code: null, remote: null, remote_version: null, updated_at: at,
  })
  if (Object.keys(changedFields(merged, mine)).length > 0) await countRevision(trx, record.id)
  await indexRecord(trx, record.id, merged, indexName(merged.name), at)
  return 'merged'
}

/** What the clerk is typing keeps the clerk's words and takes the other side's changes elsewhere. */
async function rebaseDraft(trx: LocalDb, record: StoredRecord, mine: ManagerValues, merged: ManagerValues): Promise<void> {
  if (!record.draft) return
  const typed = changedFields(mine, record.draft.values)
  await putDraft(trx, record.id, { ...merged, ...typed }, record.draft.keptAt)
}
