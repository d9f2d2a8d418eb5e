import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { backUp } from '../../electron/host/database/backups.ts'
import { operationsOf } from '../../electron/host/database/outbox.repository.ts'
import { openLocalDatabase } from '../../electron/host/database/open-local-database.ts'
import { openOrRebuild } from '../../electron/host/database/rebuild.ts'
import { countRecords, findRecord } from '../../electron/host/database/record.repository.ts'
import type { UnitPaths } from '../../electron/host/database/unit-keys.ts'
import { fillWithPeople, serviceOver, temporaryDirectory, testClock, testLog, unitKey } from '../support/local-unit.ts'
import { personValues } from '../support/people.ts'

const people = 150
const pageSize = 4_096
const directory = temporaryDirectory()
const whole = join(directory.path, 'whole')
let draftId: string
let sentId: string
let copies = 0

const pathsIn = (folder: string): UnitPaths => ({ database: join(folder, 'unit.db'), envelope: join(folder, 'unit.key.json'), backups: join(folder, 'backups'), attachments: join(folder, 'attachments'), faces: { database: join(folder, 'faces.db'), key: join(folder, 'faces.key.json') } })

/** 150 people in file and backup; a draft and a queued registration in the file alone. */
beforeAll(async () => {
  const paths = pathsIn(whole)
  mkdirSync(whole)
  const { local } = await openOrRebuild(paths, unitKey, testClock(), testLog())
  fillWithPeople(local, people)
  await backUp(local, paths.backups, unitKey, '2026-11-23')
  const { registrations } = serviceOver(local)
  draftId = (await registrations.begin({ idCardNo: personValues(people).idCardNo })).id
  await registrations.keepDraft({ id: draftId, values: personValues(people), revision: 1 })
  sentId = (await registrations.begin({ idCardNo: personValues(people + 1).idCardNo })).id
  await registrations.submit({ id: sentId, values: personValues(people + 1), revision: 1 })
  await local.close()
})
afterAll(() => directory.remove())

function copyOfWhole(): UnitPaths {
  const folder = join(directory.path, `copy-${++copies}`)
  cpSync(whole, folder, { recursive: true })
  return pathsIn(folder)
}

function flip({ database }: UnitPaths, at: number): Buffer {
  const bytes = readFileSync(database)
  bytes[at] = (bytes[at] ?? 0) ^ 1
  writeFileSync(database, bytes)
  return bytes
}

const asideOf = ({ database }: UnitPaths) => readdirSync(dirname(database)).filter((name) => /^unit\.db\.damaged-2026-11-23T08-\d\d-\d\d-\d{3}Z$/.test(name))

/** What is there of people, draft and queue. */
async function contents(paths: UnitPaths) {
  const { local, rebuilt } = await openOrRebuild(paths, unitKey, testClock(), testLog())
  const [draft, sent] = [await findRecord(local.db, draftId), await operationsOf(local.db, sentId)]
  const found = { rebuilt, total: await countRecords(local.db), draft: draft?.draft?.values, sent: sent.map(({ patch }) => patch), shown: (await serviceOver(local).registrations.list({ query: personValues(people + 1).idCardNo, page: 1, pageSize: 10 })).total }
  await local.close()
  return found
}

const everything = { total: people + 2, draft: personValues(people), sent: [personValues(people + 1)], shown: 1 }

it('whichever of 200 places is flipped: the file is set aside as it was, nobody is lost, and draft and queue are where their own page is whole', async () => {
  const pages = readFileSync(pathsIn(whole).database).length / pageSize
  const tried = 200
  let unharmed = 0
  for (let step = 0; step < tried; step++) {
    const paths = copyOfWhole()
    const flipped = flip(paths, Math.floor((step * pages) / tried) * pageSize + ((step * 977) % pageSize))
    const { rebuilt, ...found } = await contents(paths)
    expect(rebuilt?.from, `step ${step}`).toBe('backup')
    expect(asideOf(paths)).toHaveLength(1)
    expect(readFileSync(join(dirname(paths.database), asideOf(paths)[0] ?? '')).equals(flipped)).toBe(true)
    expect(existsSync(join(paths.backups, '2026-11-23.db'))).toBe(true)
    expect(found.total).toBeGreaterThanOrEqual(people)
    // Repaired, or told: what the clerk reads counts the drafts and submissions that were carried over.
    const { drafts, operations } = rebuilt?.salvaged ?? {}
    expect({ drafts, operations }, `step ${step}`).toEqual({ drafts: found.draft ? 1 : 0, operations: found.sent.length })
    if (JSON.stringify(found) === JSON.stringify(everything)) unharmed++
  }
  // A page in the middle of a draft or a queued registration takes it along.
  expect(unharmed).toBeGreaterThanOrEqual(tried - 20)
}, 120_000)

it('draft and queue are carried over where the first page is gone as well, without which no file opens', async () => {
  const paths = copyOfWhole()
  flip(paths, 200)
  const { rebuilt, ...found } = await contents(paths)
  expect(rebuilt).toMatchObject({ from: 'backup', salvaged: { drafts: 1, operations: 1 } })
  expect(found).toEqual(everything)
  expect(readdirSync(dirname(paths.database)).filter((name) => name.includes('lent'))).toEqual([])
})

it('where no backup is good: what can be read is carried over, unsent work first', async () => {
  const paths = copyOfWhole()
  const at = 60 * pageSize + 100
  flip(paths, at)
  flip({ ...paths, database: join(paths.backups, '2026-11-23.db') }, at)
  const { rebuilt, ...found } = await contents(paths)
  expect(rebuilt).toMatchObject({ from: 'nothing', salvaged: { drafts: 1, operations: 1 } })
  expect(found).toMatchObject({ draft: everything.draft, sent: everything.sent, shown: 1 })
  expect(found.total).toBeGreaterThan(people - 20)
  expect(readdirSync(paths.backups), 'the bad backup stays').toEqual(['2026-11-23.db'])
})

it.each<[string, (paths: UnitPaths) => Promise<void> | void]>([
  ['half-way through the new file', (paths) => writeFileSync(`${paths.database}.rebuilding`, readFileSync(paths.database).subarray(0, 9_000))],
  ['with the new file whole and the damaged one in its place', (paths) => makeRebuilt(paths)],
  ['with the damaged one set aside already', async (paths) => {
    await makeRebuilt(paths)
    renameSync(paths.database, `${paths.database}.damaged-2026-11-23T08-00-00-000Z`)
  }],
])('a rebuild that was killed %s is finished by the next start', async (_when, stateAtKill) => {
  const paths = copyOfWhole()
  flip(paths, 60 * pageSize + 100)
  await stateAtKill(paths)
  const { rebuilt, ...found } = await contents(paths)
  expect(rebuilt?.from).toBe('backup')
  expect(found).toEqual(everything)
  expect(asideOf(paths)).toHaveLength(1)
  expect((await contents(paths)).rebuilt).toBeNull()
  expect(readdirSync(dirname(paths.database)).filter((name) => name.includes('.rebuil'))).toEqual([])
})

/** What the killed start had made: the outcome of a rebuild, not yet in its place. */
async function makeRebuilt(paths: UnitPaths): Promise<void> {
  const elsewhere = copyOfWhole()
  flip(elsewhere, 60 * pageSize + 100)
  await contents(elsewhere)
  await (await openLocalDatabase(elsewhere.database, unitKey)).close()
  cpSync(elsewhere.database, `${paths.database}.rebuilt`)
}
