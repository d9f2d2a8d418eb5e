import type { PersonValues } from '../../../../shared/domain/person-fields.ts'
import { changedFields, sameValues } from '../../../../shared/domain/merge.ts'
import { remember } from '../../database/history.repository.ts'
import type { LocalDb } from '../../database/local-tables.ts'
import { indexName } from '../../database/names.ts'
import { findRecord, updateRecord, updateText, type RecordChange, type StoredRecord } from '../../database/record.repository.ts'
import { indexTold } from '../../database/search.repository.ts'

/** Whether a record holds anything of the clerk's that the central service has not confirmed. */
export function isUnconfirmed(record: StoredRecord): boolean {
  if (record.draft || record.state === 'queued' || record.state === 'conflict' || !record.base) return true
  // Sent back by a reviewer and not touched here since: nothing of the clerk's would be lost.
  return record.body !== null && !sameValues(record.base, record.body)
}

/** The server's values take the place of the text here, which goes into the history. */
export async function takeOver(trx: LocalDb, record: StoredRecord, values: PersonValues, change: RecordChange & { version: number | null }, at: string): Promise<void> {
  if (record.body) await remember(trx, record.id, at, 'pulled', changedFields(values, record.body))
  const reviewStatus = change.review_status ?? record.review_status
  const shown = !record.body || !sameValues(values, record.body)
  await (shown ? updateText : updateRecord)(trx, record.id, {
    ...change, base: values, body: values, id_card_no: values.idCardNo, state: reviewStatus === 'refused' && change.employment_status !== 'left' ? 'returned' : 'uploaded',
    return_code: null, remote: null, remote_version: null, remote_removed: 0, updated_at: at,
  })
  await indexTold(trx, record.id, values, indexName(values.name), at)
}

/** A server's copy was kept beside something unconfirmed: once nothing of that is left, the copy is what holds. */
export async function takeKeptCopy(trx: LocalDb, id: string, at: string): Promise<void> {
  const record = await findRecord(trx, id)
  if (!record?.remote || isUnconfirmed(record)) return
  await takeOver(trx, record, record.remote, { version: record.remote_version }, at)
}
