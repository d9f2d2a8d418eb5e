import { mkdirSync, readdirSync, readFileSync, readlinkSync, rmdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import type { UnitDeps } from '../../electron/host/unit-parts.ts'
import { backUp } from '../../electron/host/database/backups.ts'
import { scheduleBackups } from '../../electron/host/database/backup-schedule.ts'
import { openLocalDatabase } from '../../electron/host/database/open-local-database.ts'
import { operationsOf } from '../../electron/host/database/outbox.repository.ts'
import { openUnitKey, unitPaths } from '../../electron/host/database/unit-keys.ts'
import { openUnit, readRegions } from '../../electron/host/unit-workspace.ts'
import type { SecretStore } from '../../electron/host/ports.ts'
import { AppError } from '../../shared/errors/app-error.ts'
import { fillWithPeople, openTestSecrets, temporaryDirectory, testClock, testLog, unitId, type TestLog } from '../support/local-unit.ts'
import { dialogsCancelled, printingUnavailable, startFaceScan, startRosterReader } from '../support/shell-ports.ts'
import { personValues } from '../support/people.ts'

// A unit that is open, signed in and at work when its file turns out damaged.
const account = { id: '018f0000-0000-7000-8000-000000000001', username: 'zhang', displayName: '张会计', role: 'clerk' as const, reviewsRegistrations: false, faceSignIn: 'off' as const }
const organization = { id: unitId, name: '示例修缮工程有限公司', kind: 'contractor' as const, creditCode: '91310000MA1FL0000X' }
const resources = new URL('../../resources', import.meta.url).pathname
const regions = readRegions(resources)
const unreachable = () => Promise.reject(new AppError('central-unreachable'))
const central = { push: unreachable, pull: unreachable, readRegistration: unreachable, checkIdCardNo: unreachable, readOrganization: unreachable } as unknown as UnitDeps['central']
const people = 300

let directory: ReturnType<typeof temporaryDirectory>
let paths: ReturnType<typeof unitPaths>
let secrets: SecretStore
let log: TestLog
let events: { name: string; data: unknown }[]
beforeEach(async () => {
  directory = temporaryDirectory()
  paths = unitPaths(directory.path, unitId)
  secrets = await openTestSecrets(directory.path)
  log = testLog()
  events = []
})
afterEach(() => directory.remove())

function open() {
  const emit = (group: string, event: string, data: unknown) => void events.push({ name: `${group}.${event}`, data })
  const ports = { paths: { data: directory.path, resources }, secrets, clock: testClock(), log, dialogs: dialogsCancelled, startRosterReader, startFaceScan, printing: printingUnavailable }
  return openUnit({ ports, central, emit, regions, signSubmission: () => Promise.reject(new Error('nothing is signed here')) }, account, organization, null)
}

/** 300 people in file and backup; a draft and a queued registration in the file alone. */
async function workedOn() {
  const before = await open()
  await before.ask(({ local }) => fillWithPeople(local, people))
  await before.ask(async ({ local }) => backUp(local, paths.backups, await openUnitKey(paths, secrets, null), '2026-11-23'))
  const [draft, submitted] = await before.ask(async ({ registrations }) => {
    const begun = await registrations.begin({ idCardNo: personValues(people).idCardNo })
    await registrations.keepDraft({ id: begun.id, values: personValues(people, { residenceDetail: '写到一半' }), revision: 1 })
    const sent = await registrations.begin({ idCardNo: personValues(people + 1).idCardNo })
    await registrations.submit({ id: sent.id, values: personValues(people + 1), revision: 1 })
    return [begun, sent]
  })
  await before.keepPlace('/manager-register')
  await before.close()
  return { draft, submitted }
}

/** One flipped byte in each of many pages that hold people; those before them hold the names of the tables. */
function damageFile(): Buffer {
  const bytes = readFileSync(paths.database)
  for (let page = 60; page < 120; page += 2) bytes[page * 4_096 + 1_000] = (bytes[page * 4_096 + 1_000] ?? 0) ^ 1
  writeFileSync(paths.database, bytes, { flag: 'r+' })
  return bytes
}

/** Without their journals. */
const damagedFiles = () => readdirSync(dirname(paths.database)).filter((name) => /\.damaged-.*Z$/.test(name))
const named = (name: string) => events.filter((event) => event.name === name).map(({ data }) => data)
const filesHeldOpen = () => readdirSync('/proc/self/fd').flatMap((fd) => {
  try {
    return [readlinkSync(`/proc/self/fd/${fd}`)]
  } catch (error) {
    // The one this very look at the directory held.
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}).filter((path) => path.startsWith(directory.path))

it('is rebuilt under the call that met it: the call answers, nothing typed or queued is lost, the clerk is told', async () => {
  const { draft, submitted } = await workedOn()
  const unit = await open()
  unit.sync.resume()
  const heard: unknown[] = []
  unit.sync.onChange(({ problem }) => heard.push(problem?.code))
  const damaged = damageFile()
  const rows: string[] = []
  for (let page = 1; page <= 7; page++) {
    const answer = await unit.ask(({ registrations }) => registrations.list({ query: '', page, pageSize: 50 }))
    expect(answer.total).toBe(people + 2)
    rows.push(...answer.rows.map(({ id }) => id))
  }
  expect(new Set(rows).size).toBe(people + 2)
  expect((await unit.ask(({ registrations }) => registrations.open({ id: draft.id }))).values.residenceDetail).toBe('写到一半')
  expect(await unit.ask(({ local }) => operationsOf(local.db, submitted.id))).toMatchObject([{ kind: 'create', patch: personValues(people + 1) }])
  expect(await unit.readPlace()).toBe('/manager-register')

  const aside = damagedFiles()
  expect(aside).toEqual([expect.stringMatching(/^[\w-]+\.db\.damaged-2026-11-23T08-[\w-]+Z$/)])
  expect(readFileSync(join(dirname(paths.database), aside[0] ?? '')).equals(damaged), 'kept as it was').toBe(true)
  expect(named('registrations.changed')).toContainEqual({ ids: null })
  expect(named('sync.changed')).toContainEqual(expect.objectContaining({ problem: expect.objectContaining({ code: 'local-damaged' }) }))
  expect(log.lines.some((line) => line.startsWith('warn unit file rebuilt'))).toBe(true)
  expect(heard.length, 'sync goes on over the new file').toBeGreaterThan(0)
  await unit.close()
  const again = await open()
  expect(again.sync.status().problem, 'told once').toBeNull()
  await again.close()
})

it('tells how much was carried over where the file is rebuilt at sign-in', async () => {
  await workedOn()
  damageFile()
  const unit = await open()
  expect(unit.sync.status().problem).toMatchObject({ code: 'local-damaged', details: { from: 'backup', drafts: 1, operations: 1, orphans: 0 } })
  await unit.close()
})

it('many calls that meet it at once lead to one rebuild', async () => {
  await workedOn()
  const unit = await open()
  damageFile()
  const answers = await Promise.all(Array.from({ length: 7 }, (_, index) => unit.ask(({ registrations }) => registrations.list({ query: '', page: index + 1, pageSize: 50 }))))
  expect(answers.flatMap(({ rows }) => rows)).toHaveLength(people + 2)
  expect(damagedFiles()).toHaveLength(1)
  await unit.close()
})

it('a rebuild that failed is tried again by the next call', async () => {
  await workedOn()
  const unit = await open()
  damageFile()
  const inTheWay = `${paths.database}.rebuilding`
  mkdirSync(inTheWay)
  const lists = () => Promise.all([1, 2, 3, 4, 5, 6, 7].map((page) => unit.ask(({ registrations }) => registrations.list({ query: '', page, pageSize: 50 }))))
  await expect(lists()).rejects.toThrow()
  expect(unit.sync.status().phase).toBeDefined()
  rmdirSync(inTheWay)
  expect((await lists()).flatMap(({ rows }) => rows)).toHaveLength(people + 2)
  await unit.close()
  expect(filesHeldOpen()).toEqual([])
})

it('is noticed by the backup as well', async () => {
  await (await open()).close()
  const key = await openUnitKey(paths, secrets, null)
  const local = await openLocalDatabase(paths.database, key)
  fillWithPeople(local, people)
  local.file.pragma('wal_checkpoint(TRUNCATE)')
  damageFile()
  vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval', 'clearTimeout', 'clearInterval'] })
  try {
    let noticed = 0
    const backups = scheduleBackups(local, paths, key, testClock(), log, () => void noticed++)
    vi.advanceTimersByTime(20_000)
    await backups.stop()
    expect(noticed).toBe(1)
    expect(readdirSync(paths.backups).filter((name) => name.endsWith('.db'))).toEqual([])
  } finally {
    vi.useRealTimers()
  }
  await local.close()
})

it('leaves no file open where what stands over it cannot start', async () => {
  await (await open()).close()
  const local = await openLocalDatabase(paths.database, await openUnitKey(paths, secrets, null))
  local.file.exec('alter table outbox rename to elsewhere')
  await local.close()
  expect(filesHeldOpen()).toEqual([])
  await expect(open()).rejects.toThrow('outbox')
  expect(filesHeldOpen()).toEqual([])
})

it('met by the sync, which nobody waits for, it leads to the same rebuild', async () => {
  await workedOn()
  const unit = await open()
  const { local } = await unit.ask((parts) => parts)
  damageFile()
  await expect(local.db.selectFrom('record').selectAll().execute()).rejects.toMatchObject({ code: expect.stringMatching(/^SQLITE_/) })
  await vi.waitFor(() => expect(named('registrations.changed')).toContainEqual({ ids: null }), { timeout: 10_000 })
  expect(damagedFiles()).toHaveLength(1)
  expect(unit.sync.status().problem?.code).toBe('local-damaged')
  expect((await unit.ask(({ registrations }) => registrations.list({ query: '', page: 1, pageSize: 10 }))).total).toBe(people + 2)
  await unit.close()
})
