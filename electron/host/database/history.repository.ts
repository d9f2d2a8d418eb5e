import type { PersonPatch } from '../../../shared/domain/person-schema.ts'
import { keptQuery } from './kept-query.ts'
import type { HistoryTable, LocalDb } from './local-tables.ts'

const kept = 20

const insertion = keptQuery<{ recordId: string; at: string; what: HistoryTable['what']; changes: string }, unknown>((db, value) =>
  db.insertInto('history').values({ record_id: value('recordId'), at: value('at'), what: value('what'), changes_json: value('changes') }),
)

const forgetting = keptQuery<{ recordId: string }, unknown>((db, value) =>
  db
    .deleteFrom('history')
    .where('record_id', '=', value('recordId'))
    .where('id', '<=', db.selectFrom('history').select('id').where('record_id', '=', value('recordId')).orderBy('id', 'desc').limit(1).offset(kept)),
)

/** Remembers texts that are about to be replaced; the newest 20 entries a record are kept. */
export async function remember(db: LocalDb, recordId: string, at: string, what: HistoryTable['what'], changes: PersonPatch): Promise<void> {
  if (Object.keys(changes).length === 0) return
  await insertion(db, { recordId, at, what, changes: JSON.stringify(changes) })
  await forgetting(db, { recordId })
}

export async function historyOf(db: LocalDb, recordId: string): Promise<{ at: string; what: HistoryTable['what']; changes: PersonPatch }[]> {
  const rows = await db.selectFrom('history').selectAll().where('record_id', '=', recordId).orderBy('id', 'desc').execute()
  return rows.map(({ at, what, changes_json }) => ({ at, what, changes: JSON.parse(changes_json) as PersonPatch }))
}

/** The text of a record that goes lives on in another. */
export async function moveHistory(db: LocalDb, from: string, to: string): Promise<void> {
  await db.updateTable('history').set({ record_id: to }).where('record_id', '=', from).execute()
}
