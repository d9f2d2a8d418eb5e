import type Database from 'better-sqlite3-multiple-ciphers'
import { sql } from 'kysely'
import type { PersonValues } from '../../../shared/domain/person-fields.ts'
import type { NameIndex } from '../../../shared/domain/name-index.ts'
import type { EmploymentStatus, PersonType } from '../../../shared/domain/statuses.ts'
import { keptQuery } from './kept-query.ts'
import type { LocalDb } from './local-tables.ts'
import { openSearchLines, type SearchLine } from './search-lines.ts'
import { lineText, queryText, searchText } from './search-text.ts'
import { spelledMatcher } from './spelled.ts'

export { lineText, searchText }

/** Whether a line is found: by a part of it as it stands, or by the beginnings of syllables. */
function lineMatcher(wanted: string): (line: SearchLine) => boolean {
  const isSpelled = spelledMatcher(wanted)
  return isSpelled ? ({ text }) => text.includes(wanted) || isSpelled(text) : ({ text }) => text.includes(wanted)
}

type Line = { recordId: string; updatedAt: string; haystack: string }

const lineWrite = (evenNewest: boolean) =>
  keptQuery<Line, unknown>((db, value) =>
    db
      .insertInto('search')
      .values({ record_id: value('recordId'), updated_at: value('updatedAt'), haystack: value('haystack') })
      .onConflict((conflict) =>
        conflict
          .column('record_id')
          .doUpdateSet((eb) => ({ updated_at: eb.ref('excluded.updated_at'), haystack: eb.ref('excluded.haystack') }))
          .where((eb) => (evenNewest ? sql<boolean>`true` : eb.or([eb('search.haystack', '<>', eb.ref('excluded.haystack')), eb('search.record_id', '<>', newest)]))),
      ),
  )

const newest = sql<string>`(select record_id from search order by updated_at desc, record_id limit 1)`
const [typedLine, toldLine] = [lineWrite(false), lineWrite(true)]

/**
 * What the list finds the record by, and its place there. The newest record stays where it is: while a clerk types in one
 * form, each draft would else rewrite the index of all lines.
 */
export async function indexRecord(db: LocalDb, recordId: string, values: PersonValues, names: NameIndex, updatedAt: string): Promise<void> {
  await typedLine(db, { recordId, updatedAt, haystack: lineText(values, names) })
}

/** The same of what the central service tells: when that happened is what its notice goes by, also of the newest record. */
export async function indexTold(db: LocalDb, recordId: string, values: PersonValues, names: NameIndex, updatedAt: string): Promise<void> {
  await toldLine(db, { recordId, updatedAt, haystack: lineText(values, names) })
}

export interface SearchPage {
  readonly ids: readonly string[]
  readonly total: number
  readonly page: number
}

/** Who is meant; everybody where nothing is said. */
export interface SearchFilter {
  readonly employmentStatus?: EmploymentStatus
  readonly personType?: PersonType
}

export interface RecordSearch {
  /** 1-based page, newest first; the last page where the asked-for one lies beyond. With `showing` the one that has this record, if any has. */
  page(query: string, page: number, pageSize: number, showing?: string, filter?: SearchFilter): SearchPage
  /** The same among those that wait for the clerk: sent back, or in conflict. */
  pageNeedingAttention(query: string, page: number, pageSize: number, showing?: string, filter?: SearchFilter): SearchPage
}

/**
 * Search in memory: some 3 ms at 100,000 people, where a scan of the encrypted file takes 16 and an index of parts of words
 * helps nobody, Chinese names being too short for one. Turning the pages of one query goes through it once.
 */
export function createRecordSearch(file: Database.Database): RecordSearch {
  const lines = openSearchLines(file)
  const needingAttention = file.prepare("select id from record where state in ('returned', 'conflict')").pluck()
  const left = file.prepare("select id from record where employment_status = 'left'").pluck()
  const workers = file.prepare("select id from record where person_type = 'worker'").pluck()
  let last: { wanted: string; among: readonly SearchLine[]; found: readonly SearchLine[] } = { wanted: '', among: [], found: [] }

  function matches(wanted: string): readonly SearchLine[] {
    const among = lines.current()
    if (wanted === '') return among
    const isSame = last.among === among
    if (isSame && last.wanted === wanted) return last.found
    // The next key of the same word finds only among those that its beginning found.
    const candidates = isSame && wanted.startsWith(last.wanted) ? last.found : among
    last = { wanted, among, found: candidates.filter(lineMatcher(wanted)) }
    return last.found
  }

  /** By those who left, who are the fewer, and by the workers, of whom an index tells. */
  function meant(found: readonly SearchLine[], { employmentStatus, personType }: SearchFilter): readonly SearchLine[] {
    const ofStatus = employmentStatus === undefined ? found : among(found, left, employmentStatus === 'left')
    return personType === undefined ? ofStatus : among(ofStatus, workers, personType === 'worker')
  }

  function among(found: readonly SearchLine[], some: typeof left, areIn: boolean): readonly SearchLine[] {
    const ids = new Set(some.all() as string[])
    return ids.size === 0 ? (areIn ? [] : found) : found.filter(({ id }) => ids.has(id) === areIn)
  }

  return {
    page: (query, page, pageSize, showing, filter = {}) => pageOf(meant(matches(queryText(query)), filter), page, pageSize, showing),
    pageNeedingAttention: (query, page, pageSize, showing, filter = {}) => {
      const wanted = queryText(query)
      const waiting = new Set(needingAttention.all() as string[])
      const isFound = lineMatcher(wanted)
      const found = lines.current().filter((line) => waiting.has(line.id) && isFound(line))
      return pageOf(meant(found, filter), page, pageSize, showing)
    },
  }
}

function pageOf(found: readonly SearchLine[], page: number, pageSize: number, showing?: string): SearchPage {
  const place = showing === undefined ? -1 : found.findIndex(({ id }) => id === showing)
  const asked = place < 0 ? page : Math.floor(place / pageSize) + 1
  const shown = Math.min(asked, Math.max(1, Math.ceil(found.length / pageSize)))
  return { ids: found.slice((shown - 1) * pageSize, shown * pageSize).map(({ id }) => id), total: found.length, page: shown }
}
