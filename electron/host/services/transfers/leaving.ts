import type { RegistrationResource } from '../../../../shared/api/resources.ts'
import { changedFields } from '../../../../shared/domain/merge.ts'
import { remember } from '../../database/history.repository.ts'
import type { LocalDb } from '../../database/local-tables.ts'
import { newId } from '../../database/new-id.ts'
import { dequeueAll, enqueue } from '../../database/outbox.repository.ts'
import { deleteDraft, updateText, type QueuedDeparture, type RecordChange, type StoredRecord } from '../../database/record.repository.ts'
import { indexShown } from '../../database/search-line.ts'

/** Behind whatever waits in the record's lane: an edit that was submitted before goes first. */
export async function queueDeparture(trx: LocalDb, recordId: string, departure: QueuedDeparture, version: number | null, at: string): Promise<void> {
  await enqueue(trx, { op_id: newId(new Date(at)), record_id: recordId, kind: 'transfer-out', patch: {}, departure, base_version: version, created_at: at })
}

/** The lane was made anew on a newer version: a 离职迁出 that waited in it still does. @returns whether one does */
export async function requeueLeaving(trx: LocalDb, { id, leaving }: Pick<StoredRecord, 'id' | 'leaving'>, version: number | null, at: string): Promise<boolean> {
  if (!leaving) return false
  await queueDeparture(trx, id, leaving, version, at)
  return true
}

/**
 * The central service has ended the registration: by a colleague, or by this machine itself. Nothing can be told about it any more,
 * so its text is what holds; what was typed, saved or queued here goes into the history.
 */
export async function takeDeparture(trx: LocalDb, record: StoredRecord, server: RegistrationResource, change: RecordChange, at: string): Promise<void> {
  const { body, draft } = record
  const { values } = server
  if (body) await remember(trx, record.id, at, 'left', changedFields(values, body))
  if (draft) await remember(trx, record.id, at, 'left', changedFields(body ?? values, draft.values))
  await deleteDraft(trx, record.id)
  await dequeueAll(trx, record.id)
  await updateText(trx, record.id, {
    ...change, version: server.version, base: values, body: values, id_card_no: values.idCardNo, state: 'uploaded', return_code: null, leaving: null,
    remote: null, remote_version: null, remote_removed: 0, updated_at: at,
  })
  await indexShown(trx, { id: record.id, body: values, base: values }, values, at)
}
