import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openLocalDatabase, type LocalDatabase } from '../../../electron/host/database/open-local-database.ts'
import { createRecordSearch, searchText, type RecordSearch } from '../../../electron/host/database/search.repository.ts'
import { fillWithPeople, recordId, serviceOver, temporaryDirectory, unitKey } from '../../support/local-unit.ts'
import { idCardNoOf, personName, personValues } from '../../support/people.ts'

const people = 400
const pageSize = 15
const directory = temporaryDirectory()
const path = join(directory.path, 'unit.db')
let local: LocalDatabase
let search: RecordSearch

beforeAll(async () => {
  local = await openLocalDatabase(path, unitKey)
  fillWithPeople(local, people)
  search = createRecordSearch(local.file)
})
afterAll(async () => {
  await local.close()
  directory.remove()
})

/** The whole file gone through in SQL, with nothing kept from before. */
function scan(query: string, page: number): { ids: unknown[]; total: number; page: number } {
  const rows = local.file
    .prepare("select record_id from search where ? = '' or instr(haystack, ?) > 0 order by updated_at desc, record_id")
    .pluck()
    .all(searchText(query), searchText(query))
  const shown = Math.min(page, Math.max(1, Math.ceil(rows.length / pageSize)))
  return { ids: rows.slice((shown - 1) * pageSize, shown * pageSize), total: rows.length, page: shown }
}

const anyone = fc.nat(people - 1)
const spelled = anyone.map((index) => local.file.prepare('select haystack from search where record_id = ?').pluck().get(recordId(index)) as string | undefined)
const partOf = (text: fc.Arbitrary<string>) => fc.tuple(text, fc.nat(20), fc.integer({ min: 1, max: 6 })).map(([whole, from, length]) => whole.slice(from, from + length))
const query = fc.oneof(
  partOf(anyone.map(personName)),
  partOf(anyone.map(idCardNoOf)),
  partOf(anyone.map((index) => personValues(index).mobile)),
  partOf(spelled.map((line) => (line ?? '').replaceAll('\0', '·'))),
  fc.constantFrom('', ' ', '张', 'Z', 'ＺＷ', '无此人', '13 8', '%', '_'),
  fc.string({ maxLength: 4 }),
)

const at = fc.integer({ min: 0, max: 2_000 }).map((seconds) => new Date(Date.UTC(2026, 0, 1) + seconds * 1_000).toISOString())
const change = fc.oneof(
  fc.record({ what: fc.constant('moved' as const), index: anyone, at }),
  fc.record({ what: fc.constant('renamed' as const), index: anyone, at, name: anyone.map(personName) }),
  fc.record({ what: fc.constant('removed' as const), index: anyone }),
)
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never

// As the product writes it: a trigger follows the rule of the statement that sets it off.
const rename = `insert into search (updated_at, haystack, record_id) select ?, ?, id from record where id = ?
  on conflict (record_id) do update set updated_at = excluded.updated_at, haystack = excluded.haystack`

function apply(next: Change): void {
  const id = recordId(next.index)
  if (next.what === 'removed') local.file.prepare('delete from record where id = ?').run(id)
  else if (next.what === 'moved') local.file.prepare('update search set updated_at = ? where record_id = ?').run(next.at, id)
  else local.file.prepare(rename).run(next.at, next.name, id)
}

it('finds for random queries whom a scan of the whole file finds, in its order, between random changes kept and undone', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.array(change, { maxLength: 5 }), fc.boolean(), query, fc.integer({ min: 1, max: 40 })), { maxLength: 8 }), (steps) => {
      for (const [changes, kept, asked, page] of steps) {
        local.file.exec('begin')
        changes.forEach(apply)
        local.file.exec(kept ? 'commit' : 'rollback')
        expect(search.page(asked, page, pageSize)).toEqual(scan(asked, page))
      }
    }),
    { numRuns: 300 },
  )
})

it('shows, where a person is asked for, the page of a scan that has them, and else the page asked for', () => {
  fc.assert(
    fc.property(query, fc.integer({ min: 1, max: 40 }), anyone, (asked, page, index) => {
      const { total } = scan(asked, 1)
      const pages = Array.from({ length: Math.ceil(total / pageSize) }, (_, at) => scan(asked, at + 1))
      const expected = pages.find(({ ids }) => ids.includes(recordId(index))) ?? scan(asked, page)
      expect(search.page(asked, page, pageSize, recordId(index))).toEqual(expected)
    }),
    { numRuns: 200 },
  )
})

it('finds at each key, forward and back, whom a scan finds', () => {
  fc.assert(
    fc.property(query, fc.array(fc.nat(8), { maxLength: 10 }), (word, lengths) => {
      for (const length of lengths) expect(search.page(word.slice(0, length), 1, pageSize)).toEqual(scan(word.slice(0, length), 1))
    }),
    { numRuns: 200 },
  )
})

it('finds what another program wrote into the file', async () => {
  const other = await openLocalDatabase(path, unitKey)
  fillWithPeople(other, 1, 5_000)
  await other.close()
  expect(search.page(idCardNoOf(5_000), 1, pageSize).ids).toEqual([recordId(5_000)])
})

it('two of them over one file both learn of every change', () => {
  const second = createRecordSearch(local.file)
  for (const index of [5_001, 5_002]) {
    fillWithPeople(local, 1, index)
    for (const each of [search, second]) expect(each.page('', 1, pageSize)).toEqual(scan('', 1))
  }
})

it('a list asked for while a change is under way waits for it and shows nothing of one that is undone', async () => {
  const { registrations } = serviceOver(local)
  let undo = (): void => undefined
  const held = new Promise<void>((resolve) => (undo = resolve))
  const changing = local.db.transaction().execute(async (trx) => {
    await trx.updateTable('search').set({ haystack: '从未有过' }).execute()
    await held
    throw new Error('undone')
  })
  const listed = registrations.list({ query: '从未有过', page: 1, pageSize, onlyNeedingAttention: false })
  undo()
  await expect(changing).rejects.toThrow('undone')
  expect((await listed).total).toBe(0)
  expect((await registrations.list({ query: '', page: 1, pageSize, onlyNeedingAttention: false })).total).toBe(scan('', 1).total)
})
