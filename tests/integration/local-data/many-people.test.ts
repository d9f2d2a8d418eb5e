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

/** Tells of each run of a statement that is prepared from now on. */
function watchRuns(): { runs: string[]; stop: () => void } {
  const runs: string[] = []
  const prepare = local.file.prepare.bind(local.file)
  const spy = vi.spyOn(local.file, 'prepare').mockImplementation((sql: string) => {
    const statement = prepare(sql)
    for (const name of ['all', 'get', 'run'] as const) {
      const run = statement[name].bind(statement)
      statement[name] = (...parameters: unknown[]) => {
        runs.push(sql)
        return run(...parameters) as never
      }
    }
    return statement
  })
  return { runs, stop: () => spy.mockRestore() }
}

/** What the statements do with all rows at once: go through them, or sort them. The ids of a page are no table. */
function longSteps(statements: readonly string[]): string[] {
  const steps = statements.flatMap((sql) => {
    if (sql.startsWith('pragma')) return []
    const parameters = new Array<null>(sql.split('?').length - 1).fill(null)
    return local.file.prepare(`explain query plan ${sql}`).all(...parameters) as { detail: string }[]
  })
  return steps.map(({ detail }) => detail).filter((detail) => /^SCAN (?!CONSTANT ROW|json_each)|B-TREE/.test(detail))
}

it('goes through all of 100,000 people once; from then on a page and each kind of search read the rows they show and sort nothing', async () => {
  const { runs, stop } = watchRuns()
  const { registrations } = serviceOver(local)
  const ask = (query: string, onlyNeedingAttention = false) => registrations.list({ query, page: 1, pageSize, onlyNeedingAttention })
  await ask('')
  expect(longSteps(runs)).toEqual(['SCAN search'])
  runs.length = 0
  for (const query of ['', personName(37), 'zhang', 'zw', idCardNoOf(19_999), personValues(19_999).mobile]) {
    expect((await ask(query)).rows.length, query).toBeGreaterThan(0)
  }
  await ask('zhang', true)
  await local.db.updateTable('search').set({ updated_at: '2027-01-01T00:00:00.000Z' }).where('record_id', '=', recordId(7)).execute()
  expect((await ask('')).rows[0]?.id).toBe(recordId(7))
  stop()
  expect(runs.join()).toContain('from "record"')
  expect(longSteps(runs)).toEqual([])
})

it('finds the right one among 100,000, by number and phone, and every page once', async () => {
  for (const index of [0, 54_321, people - 1]) {
    const { idCardNo, mobile } = personValues(index)
    for (const query of [idCardNo, mobile]) expect((await list(query)).rows.map(({ id }) => id)).toEqual([recordId(index)])
  }
  expect((await list('', people / pageSize)).rows.at(-1)?.id).toBe(recordId(0))
  expect((await list('', people)).page).toBe(people / pageSize)
})
