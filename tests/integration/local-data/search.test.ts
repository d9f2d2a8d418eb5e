import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openLocalDatabase, type LocalDatabase } from '../../../electron/host/database/open-local-database.ts'
import { localMigrations } from '../../../electron/host/database/migrations/index.ts'
import { indexName } from '../../../electron/host/database/names.ts'
import { createRecordSearch, lineText, searchText, type RecordSearch } from '../../../electron/host/database/search.repository.ts'
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

const withV = (text: string): string => text.toLowerCase().replace(/[uü]/g, 'v')
/** One syllable after another, each with every part of its beginning tried in turn. */
function spells(line: string, wanted: string): boolean {
  if (!/^[a-zü]+$/.test(wanted)) return false
  return line.split(' ').some((spelling) => {
    const syllables = (spelling.match(/[^a-z][a-z]*/g) ?? []).map(withV)
    const follows = (rest: string, at: number): boolean => {
      if (rest === '') return true
      const syllable = syllables[at] ?? ''
      return [...syllable].some((_letter, index) => rest.startsWith(syllable.slice(0, index + 1)) && follows(rest.slice(index + 1), at + 1))
    }
    return syllables.some((_syllable, from) => follows(withV(wanted), from))
  })
}

/** The whole file gone through, with nothing kept from before. */
function scan(query: string, page: number): { ids: unknown[]; total: number; page: number } {
  const wanted = searchText(query)
  const lines = local.file.prepare('select record_id, haystack from search order by updated_at desc, record_id').raw().all() as [string, string][]
  const rows = lines.filter(([, text]) => text.includes(wanted) || spells(text.split('\0')[5] ?? '', wanted)).map(([id]) => id)
  const shown = Math.min(page, Math.max(1, Math.ceil(rows.length / pageSize)))
  return { ids: rows.slice((shown - 1) * pageSize, shown * pageSize), total: rows.length, page: shown }
}

const anyone = fc.nat(people - 1)
const spelled = anyone.map((index) => local.file.prepare('select haystack from search where record_id = ?').pluck().get(recordId(index)) as string | undefined)
const partOf = (text: fc.Arbitrary<string>) => fc.tuple(text, fc.nat(20), fc.integer({ min: 1, max: 6 })).map(([whole, from, length]) => whole.slice(from, from + length))
/** As clerks type who know a name by its sound: of some of its syllables, each as much as they like. */
const mixed = fc.tuple(anyone, fc.nat(2), fc.array(fc.tuple(fc.integer({ min: 1, max: 6 }), fc.constantFrom('u', 'v', 'ü')), { minLength: 1, maxLength: 4 })).map(([index, from, parts]) => {
  const syllables = indexName(personName(index)).syllables.split(' ')[0]?.match(/[A-Z][a-z]*/g) ?? []
  return syllables.slice(from).slice(0, parts.length).map((syllable, at) => syllable.slice(0, parts[at]?.[0]).replace(/[uv]/gi, parts[at]?.[1] ?? 'v')).join('').toLowerCase()
})
const query = fc.oneof(
  mixed,
  mixed,
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

it.each([
  ['王志刚', ['wangzhigang', 'wzg', 'wangzg', 'wzhig', 'wazhg', 'zhigang', 'zhg', 'zg', 'wangzhi', 'ＷangZG', 'wang zg'], ['wangg', 'wgang', 'ggz', 'anzg', 'wangzgx', 'wwzg', 'ngzg']],
  ['吕明华', ['lvmh', 'lümh', 'lumh', 'lv', 'lü', 'lu', 'LÜ', 'lüminghua', 'lu\u0308mh', 'mhua', 'mhu'], ['lmü', 'lvh']],
  ['单雄信', ['shanxx', 'danxx', 'sxiongx'], ['sdxx']],
])('%s is found by syllables and by beginnings of them, in order, from any on', (name, found, missed) => {
  local.file.exec('begin')
  local.file.prepare('delete from search').run()
  local.file.prepare('insert into search (record_id, updated_at, haystack) select id, updated_at, ? from record limit 1').run(lineText({ name, idCardNo: '', mobile: '' }, indexName(name)))
  local.file.exec('commit')
  const finds = (typed: string) => search.page(typed, 1, pageSize).total
  for (const typed of found) expect([typed, finds(typed)]).toEqual([typed, 1])
  for (const typed of missed) expect([typed, finds(typed)]).toEqual([typed, 0])
  // Whom a part of the word does not find, the word may: nothing is carried over from the one to the other.
  for (const wrong of missed) for (const typed of found) expect([wrong, finds(wrong), typed, finds(typed)]).toEqual([wrong, 0, typed, 1])
})

it('finds so in a file of before as well, whose lines do not tell the syllables yet', async () => {
  const older = join(directory.path, 'older.db')
  const before = await openLocalDatabase(older, unitKey, { migrations: localMigrations.slice(0, 1) })
  fillWithPeople(before, 30)
  for (const [id, text] of before.file.prepare('select record_id, haystack from search').raw().all() as [string, string][]) {
    before.file.prepare('update search set haystack = ? where record_id = ?').run(text.split('\0').slice(0, 5).join('\0'), id)
  }
  await before.close()
  const now = await openLocalDatabase(older, unitKey)
  expect(now.file.prepare('select haystack from search order by record_id').pluck().all()).toEqual(Array.from({ length: 30 }, (_, index) => lineText(personValues(index), indexName(personName(index)))))
  await now.close()
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
