import { join } from 'node:path'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'
import { openLocalDatabase, type LocalDatabase } from '../../../electron/host/database/open-local-database.ts'
import { fillWithPeople, recordId, serviceOver, temporaryDirectory, unitKey } from '../../support/local-unit.ts'
import { idCardNoOf, personName, personValues } from '../../support/people.ts'

// How long a clerk waits is measured by tests/bench/people-list.bench.ts; here stands what makes it short.
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

/** What the statements do with all rows at once: sort them, or go through them in anything but the small indexes of `search`. */
function longSteps(statements: readonly string[]): string[] {
  const steps = statements.flatMap((sql) => {
    const parameters = new Array<null>(sql.split('?').length - 1).fill(null)
    return local.file.prepare(`explain query plan ${sql}`).all(...parameters) as { detail: string }[]
  })
  return steps.map(({ detail }) => detail).filter((detail) => /^SCAN (?!search USING COVERING INDEX|CONSTANT ROW)|B-TREE/.test(detail))
}

it('goes through nothing of 100,000 people but the small indexes for a page and each kind of search, and sorts nothing', async () => {
  const prepare = vi.spyOn(local.file, 'prepare')
  const { registrations } = serviceOver(local)
  for (const query of ['', personName(37), 'zhang', 'zw', idCardNoOf(19_999), personValues(19_999).mobile]) {
    expect((await registrations.list({ query, page: 1, pageSize })).rows.length, query).toBeGreaterThan(0)
  }
  const statements = [...new Set(prepare.mock.calls.map(([sql]) => sql))]
  prepare.mockRestore()
  expect(statements.join()).toContain('instr(haystack')
  expect(statements.join()).toContain('from "record"')
  expect(longSteps(statements)).toEqual([])
})

it('finds the right one among 100,000, by number and phone, and every page once', async () => {
  for (const index of [0, 54_321, people - 1]) {
    const { idCardNo, mobile } = personValues(index)
    for (const query of [idCardNo, mobile]) expect((await list(query)).rows.map(({ id }) => id)).toEqual([recordId(index)])
  }
  expect((await list('', people / pageSize)).rows.at(-1)?.id).toBe(recordId(0))
  expect((await list('', people)).page).toBe(people / pageSize)
})
