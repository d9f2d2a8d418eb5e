import type { ManagerPatch } from '../../../shared/domain/manager-schema.ts'
import type { HistoryTable, LocalDb } from './local-tables.ts'

const kept = 20

/** Remembers texts that are about to be replaced; the newest 20 entries a record are kept. */
export async function remember(db: LocalDb, recordId: string, at: string, what: HistoryTable['what'], changes: ManagerPatch): Promise<void> {
  if (Object.keys(changes).length === 0) return
  await db.insertInto('history').values({ record_id: recordId, at, what, changes_json: JSON.stringify(changes) }).execute()
  const old = db.selectFrom('history').select('id').where('record_id', '=', recordId).orderBy('id', 'desc').limit(1_000).offset(kept)
  await db.deleteFrom('history').where('id', 'in', old).execute()
}

export async function historyOf(db: LocalDb, recordId: string): Promise<{ at: string; what: HistoryTable['what']; changes: ManagerPatch }[]> {
  const rows = await db.selectFrom('history').selectAll().where('record_id', '=', recordId).orderBy('id', 'desc').execute()
  return rows.map(({ at, what, changes_json }) => ({ at, what, changes: JSON.parse(changes_json) as ManagerPatch }))
}

/** The text of a record that goes lives on in another. */
export async function moveHistory(db: LocalDb, from: string, to: string): Promise<void> {
  await db.updateTable('history').set({ record_id: to }).where('record_id', '=', from).execute()
}
