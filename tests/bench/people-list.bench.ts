import { join } from 'node:path'
import Database from 'better-sqlite3'
import { fillWithPeople, openTestUnit } from '../support/local-unit.ts'
import { idCardNoOf, personName } from '../support/people.ts'
import { against, alone, alternate, atMost, benchDirectory, report, type Figure } from './measure.ts'

// A page of the list and a search among 100,000 people, against a plain scan of the same rows without encryption.
const people = 100_000
const pageSize = 20
using directory = benchDirectory()
const unit = await openTestUnit(directory.path)
fillWithPeople(unit.local, people)

const plain = new Database(join(directory.path, 'plain.db'))
plain.pragma('cache_size = -65536')
plain.exec('create table search (record_id text primary key, updated_at text, haystack text); create table body (record_id text primary key, json text)')
const copy = plain.transaction((table: string, rows: unknown[][]) => {
  const columns = rows[0]?.map(() => '?').join(', ') ?? ''
  for (const row of rows) plain.prepare(`insert into ${table} values (${columns})`).run(...row)
})
copy('search', unit.local.file.prepare('select record_id, updated_at, haystack from search').raw().all() as unknown[][])
copy('body', unit.local.file.prepare('select id, body_json from record').raw().all() as unknown[][])
plain.exec('create index newest on search (updated_at desc, record_id, haystack)')

const scan = plain.prepare('select record_id from search where instr(haystack, ?) > 0 order by updated_at desc').pluck()
const pageOfAll = plain.prepare('select record_id from search order by updated_at desc limit ? offset ?').pluck()
const body = plain.prepare('select json from body where record_id = ?').pluck()
const read = (ids: unknown[]) => ids.slice(0, pageSize).map((id) => JSON.parse(body.get(id) as string) as unknown)
const list = (query: string, page: number) => unit.registrations.list({ query, page, pageSize })

/** Another query each round, as typing is: nothing is answered from the query before. */
async function compare(what: string, queryOf: (round: number) => string, pageOf: (round: number) => number, rounds: number): Promise<Figure[]> {
  const times = await alternate(
    {
      ours: (round) => list(queryOf(round), pageOf(round)),
      plain: (round) => (queryOf(round) === '' ? read(pageOfAll.all(pageSize, (pageOf(round) - 1) * pageSize)) : read(scan.all(queryOf(round)))),
    },
    rounds,
  )
  return [
    against(what, times.ours, 'plain scan', times.plain, { bound: atMost(queryOf(0) === '' ? 10 : 2.5) }),
    alone(`${what}-p95`, times.ours, { bound: atMost(100, 'ms'), part: 0.95 }),
  ]
}

const pages = people / pageSize
const surnames = ['wang', 'zhang', 'chen', 'yang', 'zhao', 'sun', 'zhou', 'shan', 'ou', 'yuchi']
const figures = [
  ...(await compare('first-page', () => '', () => 1, 200)),
  ...(await compare('page-far-back', () => '', (round) => pages - (round % 100), 100)),
  ...(await compare('search-chinese', (round) => personName(round * 37), () => 1, 60)),
  ...(await compare('search-pinyin', (round) => `${surnames[round % 10] ?? ''}${'aeiou'[round % 5] ?? ''}`, () => 1, 60)),
  ...(await compare('search-initials', (round) => `${'zqlwcsyh'[round % 8] ?? ''}${'wfnmjlq'[round % 7] ?? ''}`, () => 1, 60)),
  ...(await compare('search-id-number', (round) => idCardNoOf(round * 991), () => 1, 60)),
  ...(await compare('search-phone', (round) => `13${800_000_000 + round * 977}`, () => 1, 60)),
  ...(await compare('search-nobody', (round) => `无此人${round}`, () => 1, 60)),
]
plain.close()
await unit.close()
report(figures)
