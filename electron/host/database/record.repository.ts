import { sql, type Selectable, type Updateable } from 'kysely'
import type { Departure } from '../../../shared/domain/departure.ts'
import type { PersonValues } from '../../../shared/domain/person-fields.ts'
import { completeValues } from '../../../shared/domain/person-schema.ts'
import { keptQuery } from './kept-query.ts'
import type { DraftTable, LocalDb, RecordRow, RecordTable } from './local-tables.ts'

/** A record with what the clerk typed over it, values parsed. */
export interface StoredRecord extends Omit<RecordRow, 'base_json' | 'body_json' | 'remote_json' | 'departure_json' | 'leaving_json'> {
  readonly base: PersonValues | null
  readonly body: PersonValues | null
  readonly remote: PersonValues | null
  readonly draft: { values: PersonValues; keptAt: string } | null
  readonly departure: Departure | null
  readonly leaving: QueuedDeparture | null
}

/** 离职迁出 on its way. */
export interface QueuedDeparture extends Departure {
  /** The other unit's request that it answers. */
  readonly requestId: string | null
}

type FoundRow = RecordRow & { [Column in 'values_json' | 'kept_at']: Selectable<DraftTable>[Column] | null }

const withDraft = (db: LocalDb) =>
  db.selectFrom('record').leftJoin('draft', 'draft.record_id', 'record.id').selectAll('record').select(['draft.values_json', 'draft.kept_at'])

const byId = keptQuery<{ id: string }, FoundRow>((db, value) => withDraft(db).where('record.id', '=', value('id')))

export async function findRecord(db: LocalDb, id: string): Promise<StoredRecord | undefined> {
  const [row] = await byId(db, { id })
  return row && toRecord(row)
}

// The ids in one parameter: a page needs no other text than a whole unit.
const byIds = keptQuery<{ ids: string }, FoundRow>((db, value) => withDraft(db).where('record.id', 'in', sql<string>`(select value from json_each(${value('ids')}))`))

/** In the order of the ids; missing ones are left out. */
export async function findRecords(db: LocalDb, ids: readonly string[]): Promise<StoredRecord[]> {
  if (ids.length === 0) return []
  const rows = await byIds(db, { ids: JSON.stringify(ids) })
  const found = new Map(rows.map((row) => [row.id, row]))
  return ids.flatMap((id) => {
    const row = found.get(id)
    return row ? [toRecord(row)] : []
  })
}

function toRecord({ base_json, body_json, remote_json, departure_json, leaving_json, values_json, kept_at, ...rest }: FoundRow): StoredRecord {
  const draft = values_json !== null && kept_at !== null ? { values: parseValues(values_json), keptAt: kept_at } : null
  return { ...rest, base: parseNullable(base_json), body: parseNullable(body_json), remote: parseNullable(remote_json), draft, departure: parseJson(departure_json), leaving: parseJson(leaving_json) }
}

/** Whether those of these registrations that are here are employed or have left. */
export async function employmentOf(db: LocalDb, ids: readonly string[]): Promise<Map<string, RecordRow['employment_status']>> {
  const rows = await db.selectFrom('record').select(['id', 'employment_status']).where('id', 'in', sql<string>`(select value from json_each(${JSON.stringify(ids)}))`).execute()
  return new Map(rows.map(({ id, employment_status }) => [id, employment_status]))
}

export async function findRecordIdByIdCardNo(db: LocalDb, idCardNo: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('record')
    .select('id')
    .where('id_card_no', '=', idCardNo)
    .where('employment_status', '=', 'employed')
    .orderBy('updated_at', 'desc')
    .executeTakeFirst()
  return row?.id
}

/** Another live record of the same person. */
export async function findOtherRecordId(db: LocalDb, idCardNo: string, than: string): Promise<string | undefined> {
  const row = await db
    .selectFrom('record')
    .select('id')
    .where('id_card_no', '=', idCardNo)
    .where('employment_status', '=', 'employed')
    .where('id', '<>', than)
    .executeTakeFirst()
  return row?.id
}

export type RecordChange = Partial<
  Pick<RecordRow, 'version' | 'id_card_no' | 'state' | 'review_status' | 'employment_status' | 'face_enrolled' | 'return_code' | 'return_comment' | 'remote_version' | 'remote_removed' | 'registered_at' | 'epoch' | 'updated_at'>
> & { base?: PersonValues | null; body?: PersonValues | null; remote?: PersonValues | null; departure?: Departure | null; leaving?: QueuedDeparture | null }

type NewRecord = Pick<RecordRow, 'id' | 'person_type'> & Required<Omit<RecordChange, 'remote' | 'remote_version' | 'remote_removed' | 'epoch' | 'registered_at' | 'departure' | 'leaving'>> & Pick<RecordChange, 'epoch' | 'registered_at' | 'departure'>

const recordInsert = keptQuery<Omit<RecordRow, 'face_checked' | 'remote_json' | 'remote_version' | 'remote_removed' | 'leaving_json' | 'local_rev'>, unknown>((db, value) =>
  db.insertInto('record').values({
    id: value('id'), person_type: value('person_type'), version: value('version'), base_json: value('base_json'), body_json: value('body_json'), id_card_no: value('id_card_no'), state: value('state'),
    review_status: value('review_status'), employment_status: value('employment_status'), face_enrolled: value('face_enrolled'), return_code: value('return_code'),
    return_comment: value('return_comment'), remote_json: null, remote_version: null, remote_removed: 0, registered_at: value('registered_at'),
    departure_json: value('departure_json'), leaving_json: null, epoch: value('epoch'), local_rev: 1, updated_at: value('updated_at'),
  }),
)

export async function insertRecord(db: LocalDb, record: NewRecord): Promise<void> {
  const { base, body, epoch = null, registered_at = null, departure = null, ...columns } = record
  const base_json = stringify(base)
  await recordInsert(db, { ...columns, base_json, body_json: body === base ? base_json : stringify(body), departure_json: stringify(departure), registered_at, epoch })
}

/** Leaves `local_rev` alone: for what the form does not show, see `updateText`. */
export async function updateRecord(db: LocalDb, id: string, change: RecordChange): Promise<void> {
  await update(db, id, change, false)
}

/** A change of the text that a form of this record shows: counts `local_rev`, so that a window that has not seen it cannot overwrite it. */
export async function updateText(db: LocalDb, id: string, change: RecordChange): Promise<void> {
  await update(db, id, change, true)
}

type Update = Updateable<RecordTable>
type KeptUpdate = (db: LocalDb, run: Record<string, string | number | null>) => Promise<unknown>

/** One for each set of columns that is ever changed together: some twenty. */
const updates = new Map<string, KeptUpdate>()

const textColumns: Readonly<Record<string, string>> = { base: 'base_json', body: 'body_json', remote: 'remote_json', departure: 'departure_json', leaving: 'leaving_json' }

async function update(db: LocalDb, id: string, change: RecordChange, countsText: boolean): Promise<void> {
  const run: Record<string, string | number | null> = { id }
  let text = countsText ? 'local_rev' : ''
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined) continue
    const column = textColumns[name] ?? name
    run[column] = typeof value === 'object' ? stringify(value) : value
    text += ` ${column}`
  }
  if (text === '') return
  const kept = updates.get(text) ?? keepUpdate(text, Object.keys(run).slice(1), countsText)
  await kept(db, run)
}

function keepUpdate(text: string, names: readonly string[], countsText: boolean): KeptUpdate {
  const kept: KeptUpdate = keptQuery<Record<string, string | number | null>, unknown>((db, value) =>
    db
      .updateTable('record')
      .set((eb) => ({ ...(Object.fromEntries(names.map((column) => [column, value(column)])) as Update), ...(countsText ? { local_rev: eb('local_rev', '+', 1) } : {}) }))
      .where('id', '=', value('id') as string),
  )
  updates.set(text, kept)
  return kept
}

export async function deleteRecord(db: LocalDb, id: string): Promise<void> {
  await db.deleteFrom('record').where('id', '=', id).execute()
}

export async function countByState(db: LocalDb): Promise<Partial<Record<RecordRow['state'], number>>> {
  const rows = await db.selectFrom('record').select(['state', (eb) => eb.fn.countAll<number>().as('n')]).groupBy('state').execute()
  return Object.fromEntries(rows.map(({ state, n }) => [state, n]))
}

export async function allRecordIds(db: LocalDb): Promise<string[]> {
  const rows = await db.selectFrom('record').select('id').execute()
  return rows.map(({ id }) => id)
}

/** Live records that were at the central service once but that its present database has not told of. Reads the whole table. */
export async function recordIdsOfOtherEpochs(db: LocalDb, epoch: string): Promise<string[]> {
  const rows = await db
    .selectFrom('record')
    .select('id')
    .where('version', 'is not', null)
    .where('employment_status', '=', 'employed')
    .where((eb) => eb.or([eb('epoch', '<>', epoch), eb('epoch', 'is', null)]))
    .execute()
  return rows.map(({ id }) => id)
}

export async function countRecords(db: LocalDb): Promise<number> {
  const { n } = await db.selectFrom('record').select((eb) => eb.fn.countAll<number>().as('n')).executeTakeFirstOrThrow()
  return n
}

// Drafts

const draftWrite = keptQuery<{ recordId: string; values: string; keptAt: string }, unknown>((db, value) =>
  db
    .insertInto('draft')
    .values({ record_id: value('recordId'), values_json: value('values'), kept_at: value('keptAt') })
    .onConflict((conflict) => conflict.column('record_id').doUpdateSet((eb) => ({ values_json: eb.ref('excluded.values_json'), kept_at: eb.ref('excluded.kept_at') }))),
)

export async function putDraft(db: LocalDb, recordId: string, values: PersonValues, keptAt: string): Promise<void> {
  await draftWrite(db, { recordId, values: JSON.stringify(values), keptAt })
}

const draftDeletion = keptQuery<{ recordId: string }, unknown>((db, value) => db.deleteFrom('draft').where('record_id', '=', value('recordId')))

export async function deleteDraft(db: LocalDb, recordId: string): Promise<void> {
  await draftDeletion(db, { recordId })
}

function stringify(values: object | null): string | null {
  return values === null ? null : JSON.stringify(values)
}

function parseJson<T>(json: string | null): T | null {
  return json === null ? null : (JSON.parse(json) as T)
}

function parseNullable(json: string | null): PersonValues | null {
  return json === null ? null : parseValues(json)
}

export function parseValues(json: string): PersonValues {
  return completeValues(JSON.parse(json) as Partial<PersonValues>)
}
