import type Database from 'better-sqlite3-multiple-ciphers'
import { setImmediate } from 'node:timers/promises'
import type { PersonType } from '../../../shared/domain/statuses.ts'
import type { LocalDatabase } from './open-local-database.ts'
import { findRecords, parseValues } from './record.repository.ts'
import { indexShown } from './search-line.ts'

export interface Salvaged {
  readonly drafts: number
  readonly operations: number
  readonly records: number
  /** Unsent texts whose record could not be read and is in no backup: they stay in the file set aside. */
  readonly orphans: number
}

export const nothingSalvaged: Salvaged = { drafts: 0, operations: 0, records: 0, orphans: 0 }

type Table = 'draft' | 'outbox' | 'record' | 'history' | 'attachment' | 'attachment_leftover' | 'meta' | 'roster_import' | 'roster_import_group' | 'project' | 'binding' | 'team' | 'project_outbox' | 'face_check'
type Row = Record<string, string | number | null>

const batch = 500
/** Where the last row of a table cannot be found, rows are looked for up to this many a page of the file. */
const rowsAPage = 40

/**
 * Carries over what can still be read of a damaged file, row by row: a damaged page takes only its own rows with it. What
 * only this machine has comes first. Gives way to other work between batches.
 */
export async function salvage(wreck: Database.Database, into: LocalDatabase): Promise<Salvaged> {
  // Texts come before the records they belong to.
  into.file.pragma('foreign_keys = OFF')
  try {
    const drafts = await carry(wreck, into, 'draft')
    const operations = await carry(wreck, into, 'outbox')
    const records = await carry(wreck, into, 'record')
    await carry(wreck, into, 'history')
    await carry(wreck, into, 'attachment')
    await carry(wreck, into, 'attachment_leftover')
    await carry(wreck, into, 'meta')
    await carry(wreck, into, 'roster_import')
    await carry(wreck, into, 'roster_import_group')
    await carry(wreck, into, 'project')
    await carry(wreck, into, 'binding')
    await carry(wreck, into, 'team')
    await carry(wreck, into, 'project_outbox')
    await carry(wreck, into, 'face_check')
    restoreLostRecords(into)
    const orphans = removeOrphans(into)
    await reindex(into)
    return { drafts, operations, records, orphans }
  } finally {
    into.file.pragma('foreign_keys = ON')
  }
}

async function carry(wreck: Database.Database, into: LocalDatabase, table: Table): Promise<number> {
  const read = readOr(undefined, () => wreck.prepare(`select * from ${table} where rowid = ?`))
  if (!read) return 0
  const known = new Set(columnsOf(into.file, table))
  const write = into.file.transaction((rows: Row[]) => rows.forEach((row) => replaceRow(into.file, table, row, known)))
  let carried = 0
  let rows: Row[] = []
  const last = lastRow(wreck, table)
  for (let rowid = 1; rowid <= last; rowid++) {
    const row = readOr(undefined, () => read.get(rowid) as Row | undefined)
    if (row && !(table === 'record' && alreadyThere(into.file, row))) {
      rows.push(row)
      carried++
    }
    if (rows.length === batch || rowid === last) {
      write(rows)
      rows = []
      await setImmediate()
    }
  }
  return carried
}

function columnsOf(file: Database.Database, table: Table): string[] {
  return (file.pragma(`table_info(${table})`) as { name: string }[]).map(({ name }) => name)
}

function replaceRow(into: Database.Database, table: Table, row: Row, known: ReadonlySet<string>): void {
  const columns = Object.keys(row).filter((column) => known.has(column))
  const sql = `insert or replace into ${table} (${columns.join(', ')}) values (${columns.map(() => '?').join(', ')})`
  into.prepare(sql).run(columns.map((column) => row[column] ?? null))
}

/** The backup's copy is the same text: most are, and need no writing. */
function alreadyThere(into: Database.Database, row: Row): boolean {
  const there = into.prepare('select * from record where id = ?').get(row['id']) as Row | undefined
  return there !== undefined && Object.keys(row).every((column) => there[column] === row[column])
}

function lastRow(wreck: Database.Database, table: Table): number {
  const pages = readOr(0, () => wreck.pragma('page_count', { simple: true }) as number)
  return readOr(pages * rowsAPage, () => (wreck.prepare(`select max(rowid) from ${table}`).pluck().get() as number | null) ?? 0)
}

/** A draft and a registration on its way carry enough to stand as a record of their own until the next pull. */
function restoreLostRecords({ file }: LocalDatabase): void {
  const insert = file.prepare(
    `insert or ignore into record (id, person_type, id_card_no, body_json, state, review_status, employment_status, local_rev, updated_at)
     values (?, ?, ?, ?, ?, 'unsubmitted', 'employed', 1, ?)`,
  )
  const missing = 'record_id not in (select id from record)'
  const creates = file.prepare(`select * from outbox where kind = 'create' and ${missing}`).all() as Row[]
  for (const row of creates) {
    const body = String(row['patch_json'])
    insert.run(row['record_id'], ...whoIn(body), body, 'queued', row['created_at'])
  }
  const drafts = file.prepare(`select * from draft where ${missing}`).all() as Row[]
  for (const row of drafts) insert.run(row['record_id'], ...whoIn(String(row['values_json'])), null, 'local-only', row['kept_at'])
}

/** Kind and number. The kind stood in the record that is lost: a worker's form tells it by its 工种, which no manager's has. */
function whoIn(text: string): [PersonType, string] {
  const { workType, idCardNo } = parseValues(text)
  return [workType === '' ? 'manager' : 'worker', idCardNo]
}

function removeOrphans({ file }: LocalDatabase): number {
  const orphan = 'record_id not in (select id from record)'
  file.prepare(`delete from history where ${orphan}`).run()
  file.prepare(`delete from search where ${orphan}`).run()
  return file.prepare(`delete from outbox where ${orphan}`).run().changes
}

/** Names and numbers of every record whose line in the search is missing or older than its text. */
async function reindex({ db, file }: LocalDatabase): Promise<void> {
  const stale = file
    .prepare('select r.id from record r left join search s on s.record_id = r.id where s.record_id is null or s.updated_at <> r.updated_at')
    .pluck()
    .all() as string[]
  for (let start = 0; start < stale.length; start += batch) {
    const records = await findRecords(db, stale.slice(start, start + batch))
    await db.transaction().execute(async (trx) => {
      for (const record of records) {
        const values = record.draft?.values ?? record.body
        if (values) await indexShown(trx, record, values, record.updated_at)
      }
    })
    await setImmediate()
  }
}

/** A row on a damaged page cannot be read; the next one may. */
function readOr<T>(otherwise: T, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (String((error as { code?: unknown }).code).startsWith('SQLITE_')) return otherwise
    throw error
  }
}
