import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openLocalDatabase, type LocalDatabase } from '../../../electron/host/database/open-local-database.ts'
import { fillWithPeople, recordId, serviceOver, temporaryDirectory, unitKey } from '../../support/local-unit.ts'
import { idCardNoOf, personName, personValues } from '../../support/people.ts'

// The claim is about a clerk's patience; docs/measurements.md has the figures.
const people = 100_000
const pageSize = 20
const directory = temporaryDirectory()
let local: LocalDatabase
let list: (query: string, page?: number) => ReturnType<ReturnType<typeof serviceOver>['registrations']['list']>

beforeAll(async () => {
  local = await openLocalDatabase(join(directory.path, 'unit.db'), unitKey)
  fillWithPeople(local, people)
  const { registrations } = serviceOver(local)
  list = (query, page = 1) => registrations.list({ query, page, pageSize })
}, 120_000)
afterAll(async () => {
  await local.close()
  directory.remove()
})

/** Best of five other queries: what else the machine does makes the others slower, never this one faster. */
async function best(queryOf: (round: number) => string, pageOf: (round: number) => number = () => 1): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < 5; round++) {
    const started = performance.now()
    await list(queryOf(round), pageOf(round))
    times.push(performance.now() - started)
  }
  return Math.min(...times)
}

it.each([
  ['a page is changed', () => '', (round: number) => 1 + round * 999],
  ['a name is searched', (round: number) => personName(round * 37)],
  ['pinyin is searched', (round: number) => ['wang', 'zhang', 'chen', 'yang', 'zhao'][round] ?? ''],
  ['initials are searched', (round: number) => ['zw', 'qf', 'ln', 'wm', 'cj'][round] ?? ''],
  ['an ID number is searched', (round: number) => idCardNoOf(round * 19_999)],
  ['a phone is searched', (round: number) => personValues(round * 19_999).mobile],
])('with 100,000 people the rows are there within 100 ms when %s', async (_what, queryOf, pageOf?) => {
  expect(await best(queryOf, pageOf)).toBeLessThan(100)
})

it('finds the right one among 100,000, by number and phone, and every page once', async () => {
  for (const index of [0, 54_321, people - 1]) {
    const { idCardNo, mobile } = personValues(index)
    for (const query of [idCardNo, mobile]) expect((await list(query)).rows.map(({ id }) => id)).toEqual([recordId(index)])
  }
  expect((await list('', people / pageSize)).rows.at(-1)?.id).toBe(recordId(0))
  expect((await list('', people)).page).toBe(people / pageSize)
})
