import type { BridgeServices } from '../../../../shared/contract/index.ts'
import { changedFields } from '../../../../shared/domain/merge.ts'
import { columnChanges, writeColumns } from '../../../../shared/domain/roster-columns.ts'
import { remember } from '../../database/history.repository.ts'
import type { RowOutcome } from '../../database/import.repository.ts'
import type { LocalDb } from '../../database/local-tables.ts'
import { newId } from '../../database/new-id.ts'
import { operationsOf } from '../../database/outbox.repository.ts'
import { deleteRecord, findRecords, updateText, type StoredRecord } from '../../database/record.repository.ts'
import { indexShown } from '../../database/search-line.ts'
import { queueSubmission, stateOnceSaved, unqueue } from '../registrations/submission.ts'

export type KeptRow = Awaited<ReturnType<BridgeServices['roster']['rollBack']>>['kept'][number]
type Written = Exclude<RowOutcome, { did: 'passed-over' }>

/**
 * Takes back what an import has written, as far as nobody has built on it: what was sent may have arrived, and what was changed
 * since is no longer the import's.
 */
export async function rollBackGroup(trx: LocalDb, outcomes: readonly RowOutcome[], now: Date): Promise<{ undone: number; kept: KeptRow[] }> {
  const written = outcomes.filter((outcome) => outcome.did !== 'passed-over')
  const records = new Map((await findRecords(trx, written.map(({ id }) => id))).map((record) => [record.id, record]))
  const kept: KeptRow[] = []
  let undone = 0
  for (const outcome of written) {
    const record = records.get(outcome.id)
    const reason = await reasonToKeep(trx, outcome, record)
    if (reason !== null) kept.push({ sheetRow: outcome.sheetRow, name: record?.body?.name ?? '', reason })
    else {
      await undo(trx, outcome, record, now)
      undone++
    }
  }
  return { undone, kept }
}

async function reasonToKeep(trx: LocalDb, outcome: Written, record: StoredRecord | undefined): Promise<KeptRow['reason'] | null> {
  if (!record) return 'gone'
  if (record.draft) return 'draft'
  const operations = await operationsOf(trx, record.id)
  if (operations.some(({ frozen_at }) => frozen_at !== null)) return 'sent'
  if (outcome.did === 'created' && record.version !== null) return 'sent'
  if (outcome.did === 'updated' && outcome.queued && operations.length === 0) return 'sent'
  return record.local_rev === outcome.revision && record.state !== 'conflict' ? null : 'changed'
}

async function undo(trx: LocalDb, outcome: Written, record: StoredRecord | undefined, now: Date): Promise<void> {
  if (!record?.body) return
  if (outcome.did === 'created') return deleteRecord(trx, record.id)
  const values = writeColumns(record.body, columnChanges(outcome.before), () => newId(now))
  const at = now.toISOString()
  // What waited before goes on waiting; whatever the import alone had queued does not.
  const wasQueued = outcome.stateBefore === 'queued'
  const state = wasQueued ? await queueSubmission(trx, record, values, at) : stateOnceSaved(record, values, (await unqueue(trx, record.id)).underWay)
  await remember(trx, record.id, at, 'saved', changedFields(values, record.body))
  await updateText(trx, record.id, { body: values, state, id_card_no: values.idCardNo })
  await indexShown(trx, { ...record, body: values }, values, record.updated_at)
}
