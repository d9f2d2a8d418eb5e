import { join } from 'node:path'
import Database from 'better-sqlite3'
import { registrationsGroup } from '../../shared/contract/registrations.contract.ts'
import { createClient } from '../../shared/wire/client.ts'
import { createDispatcher } from '../../shared/wire/dispatcher.ts'
import { indexName } from '../../electron/host/database/names.ts'
import { fillWithPeople, openTestUnit } from '../support/local-unit.ts'
import { idCardNoOf, personName, personValues } from '../support/people.ts'
import { openSocketPair } from '../support/socket-pair.ts'
import { against, alone, alternate, atMost, benchDirectory, report, type Figure } from './measure.ts'

// The list among 100,000 people: a page of it, and a search at each key, from the page's call over the bridge until its answer
// (rows and count) is there, against a plain scan of the same rows in SQLite without encryption, bridge or rows.
const people = 100_000
const pageSize = 15
using directory = benchDirectory()
const unit = await openTestUnit(directory.path)
fillWithPeople(unit.local, people)

const contract = { registrations: registrationsGroup }
const { server, client, close } = await openSocketPair()
createDispatcher(contract, { registrations: unit.registrations }, (error) => console.error(error)).attach(server)
const bridge = createClient(contract, client).call.registrations
const list = (query: string, page = 1) => bridge.list({ query, page, pageSize, onlyNeedingAttention: false })

const plain = new Database(join(directory.path, 'plain.db'))
plain.pragma('cache_size = -65536')
plain.exec('create table search (record_id text primary key, updated_at text, haystack text)')
const line = plain.prepare('insert into search values (?, ?, ?)')
plain.transaction((rows: unknown[][]) => rows.forEach((row) => line.run(...row)))(
  unit.local.file.prepare('select record_id, updated_at, haystack from search').raw().all() as unknown[][],
)
plain.exec('create index newest on search (updated_at desc, record_id, haystack)')
const scan = plain.prepare('select record_id from search where instr(haystack, ?) > 0 order by updated_at desc').pluck()
const pageOfAll = plain.prepare('select record_id from search order by updated_at desc limit ? offset ?').pluck()

async function paged(what: string, pageOf: (round: number) => number, rounds: number): Promise<Figure> {
  const times = await alternate(
    { ours: (round) => list('', pageOf(round)), plain: (round) => pageOfAll.all(pageSize, (pageOf(round) - 1) * pageSize) },
    rounds,
  )
  return alone(`${what}-p95`, times.ours, { bound: atMost(16, 'ms'), part: 0.95 })
}

/** Every text that stands in the field while a clerk types the words, key by key. */
const typed = (words: readonly string[]): string[] => words.flatMap((word) => Array.from(word, (_, index) => word.slice(0, index + 1)))

/** No text twice in a row: nothing is answered from the query before. */
async function searched(what: string, texts: readonly string[]): Promise<Figure[]> {
  const textOf = (round: number) => texts[round % texts.length] ?? ''
  const times = await alternate({ ours: (round) => list(textOf(round)), plain: (round) => scan.all(textOf(round)) }, Math.min(texts.length, 150))
  return [
    against(`search-${what}`, times.ours, 'plain scan', times.plain, { bound: atMost(1) }),
    alone(`search-${what}-p95`, times.ours, { bound: atMost(16, 'ms'), part: 0.95 }),
  ]
}

const some = (count: number) => Array.from({ length: count }, (_, round) => (round * 6_247) % people)
const spellings = (index: number) => indexName(personName(index))
/** The surname in full and the beginning of each other syllable: wangzg. */
const mixed = (index: number) => {
  const [surname = '', ...others] = (spellings(index).syllables.split(' ')[0] ?? '').match(/[A-Z][a-z]*/g) ?? []
  return [surname, ...others.map((syllable) => syllable[0])].join('').toLowerCase()
}
await list('')
const figures = [
  await paged('first-page', () => 1, 200),
  await paged('page-far-back', (round) => Math.ceil(people / pageSize) - (round % 100), 100),
  ...(await searched('chinese', typed(some(60).map(personName)))),
  ...(await searched('pinyin', typed(some(20).map((index) => spellings(index).pinyin.split(' ')[0] ?? '')))),
  ...(await searched('initials', typed(some(50).map((index) => spellings(index).initials.split(' ')[0] ?? '')))),
  ...(await searched('mixed', typed(some(30).map(mixed)))),
  // Pasted, or typed while the answer is waited for: through all lines.
  ...(await searched('mixed-at-once', some(60).map(mixed))),
  ...(await searched('id-number', typed(some(9).map(idCardNoOf)))),
  ...(await searched('phone', typed(some(14).map((index) => personValues(index).mobile)))),
  ...(await searched('nobody', some(60).map((index) => `无此人${index}`))),
]
plain.close()
close()
await unit.close()
report(figures)
