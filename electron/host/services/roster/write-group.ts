import { sql } from 'kysely'
import { setImmediate } from 'node:timers/promises'
import type { ReadyRow } from '../../../../shared/contract/roster-reader.contract.ts'
import type { ImportMode } from '../../../../shared/contract/roster.contract.ts'
import { shanghaiDate } from '../../../../shared/domain/dates.ts'
import { validatePerson } from '../../../../shared/domain/person-validation.ts'
import { changedFields } from '../../../../shared/domain/merge.ts'
import { columnChanges, writeColumns } from '../../../../shared/domain/roster-columns.ts'
import { remember } from '../../database/history.repository.ts'
import type { PlannedGroup, RowOutcome } from '../../database/import.repository.ts'
import { keptQuery } from '../../database/kept-query.ts'
import type { LocalDb } from '../../database/local-tables.ts'
import { newId } from '../../database/new-id.ts'
import { findRecords, updateText, type StoredRecord } from '../../database/record.repository.ts'
import { indexShown } from '../../database/search-line.ts'
import { queueSubmission, stateOnceSaved, unqueue } from '../registrations/submission.ts'

type Update = Extract<ReadyRow, { kind: 'update' }>

export interface WriteOptions {
  readonly mode: ImportMode
  readonly now: Date
  /** The place in the list that a change made now takes (`createChangeClock`). */
  readonly place: string
  /** Rows of the whole import. */
  readonly total: number
}

/**
 * Writes the rows of a group as the form's 提交, or 保存, would have written them one by one. What the register has become since
 * the preview is looked at again: a row that no longer fits is passed over, never forced in.
 */
export async function writeGroup(trx: LocalDb, { rows, before }: PlannedGroup, options: WriteOptions): Promise<RowOutcome[]> {
  const taken = await takenNumbers(trx, rows.flatMap((row) => (row.kind === 'create' ? [row.number] : [])))
  const records = new Map((await findRecords(trx, rows.flatMap((row) => (row.kind === 'update' ? [row.id] : [])))).map((record) => [record.id, record]))
  const outcomes: RowOutcome[] = []
  const fresh: NewPerson[] = []
  for (const [index, row] of rows.entries()) {
    const { sheetRow } = row
    // The first of the sheet is the newest: the list shows them in the order of the sheet.
    const place = new Date(Date.parse(options.place) + options.total - (before + index)).toISOString()
    if (row.kind === 'update') {
      outcomes.push((await update(trx, row, records.get(row.id), options, place)) ?? { did: 'passed-over', sheetRow, id: row.id })
    } else if (taken.has(row.number)) {
      outcomes.push({ did: 'passed-over', sheetRow, id: null })
    } else {
      const id = newId(options.now)
      fresh.push([id, row.body, row.number, place, row.line.replaceAll(separator, standIn), newId(options.now)])
      outcomes.push({ did: 'created', sheetRow, id, revision: 1 })
    }
  }
  for (let from = 0; from < fresh.length; from += atOnce) {
    await createPeople(trx, fresh.slice(from, from + atOnce), options)
    // The file is this import's until the group is written; the host answers what needs no file.
    await setImmediate()
  }
  return outcomes
}

/** People between whom the host does something else. */
const atOnce = 250

type NewPerson = [id: string, body: string, number: string, place: string, line: string, opId: string]

/** Lines of the search are put together with a character that JSON in SQLite would end a text at. */
const [separator, standIn] = ['\u0000', '\u0001']

/** All of them in three statements: one by one the half of the time would go into asking. */
async function createPeople(trx: LocalDb, people: readonly NewPerson[], { mode, now }: WriteOptions): Promise<void> {
  if (people.length === 0) return
  const list = JSON.stringify(people)
  await sql`insert into record (id, body_json, id_card_no, state, review_status, employment_status, face_enrolled, remote_removed, local_rev, updated_at)
    select value ->> 0, value ->> 1, value ->> 2, ${mode === 'submit' ? 'queued' : 'local-only'}, 'unsubmitted', 'employed', 0, 0, 1, value ->> 3 from json_each(${list})`.execute(trx)
  await sql`insert into search (record_id, updated_at, haystack) select value ->> 0, value ->> 3, replace(value ->> 4, char(1), char(0)) from json_each(${list})`.execute(trx)
  if (mode === 'save') return
  await sql`insert into outbox (op_id, record_id, kind, patch_json, created_at, attempts)
    select value ->> 5, value ->> 0, 'create', value ->> 1, ${now.toISOString()}, 0 from json_each(${list})`.execute(trx)
}

async function update(trx: LocalDb, { sheetRow, changes }: Update, record: StoredRecord | undefined, { mode, now }: WriteOptions, place: string): Promise<RowOutcome | null> {
  if (!record?.body || record.draft || record.state === 'conflict' || record.employment_status === 'left' || record.person_type !== 'manager') return null
  const { body } = record
  const changed = columnChanges(changes)
  const before = Object.fromEntries(changed.map(({ column }) => [column.key, column.read(body)]))
  const values = writeColumns(body, changed, () => newId(now))
  if (Object.keys(validatePerson(record.person_type, values, shanghaiDate(now))).length > 0) return null
  const at = now.toISOString()
  const state = mode === 'submit' ? await queueSubmission(trx, record, values, at) : stateOnceSaved(record, values, (await unqueue(trx, record.id)).underWay)
  await remember(trx, record.id, at, mode === 'submit' ? 'submitted' : 'saved', changedFields(values, body))
  await updateText(trx, record.id, { body: values, state, id_card_no: values.idCardNo, updated_at: place, ...(mode === 'submit' && { return_code: null }) })
  await indexShown(trx, { ...record, body: values }, values, place)
  return { did: 'updated', sheetRow, id: record.id, revision: record.local_rev + 1, queued: state === 'queued', before, stateBefore: record.state }
}

const numbersTaken = keptQuery<{ numbers: string }, { id_card_no: string }>((db, value) =>
  db
    .selectFrom('record')
    .select('id_card_no')
    .where('id_card_no', 'in', sql<string>`(select value from json_each(${value('numbers')}))`)
    .where('employment_status', '=', 'employed'),
)

async function takenNumbers(trx: LocalDb, numbers: readonly string[]): Promise<Set<string>> {
  if (numbers.length === 0) return new Set()
  return new Set((await numbersTaken(trx, { numbers: JSON.stringify(numbers) })).map(({ id_card_no }) => id_card_no))
}
