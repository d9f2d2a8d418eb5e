import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { reviewRegistration } from '../../central/operator/review-operations.ts'
import { backUp, backupsIn, stampOf } from '../../electron/host/database/backups.ts'
import { openLocalDatabase } from '../../electron/host/database/open-local-database.ts'
import { password } from '../support/central-service.ts'
import { fillWithPeople, temporaryDirectory, unitKey } from '../support/local-unit.ts'
import { codeOf, day as oneDay, startSession } from '../unit/session/session-rig.ts'
import { startSyncRig, type SyncRig, type Workstation } from '../support/sync-rig.ts'

const year = 365 * 86_400_000
const rigs: SyncRig[] = []
const zone = process.env['TZ']
afterEach(async () => {
  if (zone === undefined) delete process.env['TZ']
  else process.env['TZ'] = zone
  for (const rig of rigs.splice(0)) await rig.close()
})

/** How far the clocks run ahead, in ms: from the start, and what is added to it in the middle of the day. */
interface Clocks {
  mine?: number
  theirs?: number
  central?: number
  mineThen?: number
  theirsThen?: number
  centralThen?: number
}

async function shown(station: Workstation) {
  // Rows of the same moment come in any order.
  const rows = (await station.rows()).sort((one, other) => one.name.localeCompare(other.name))
  return Promise.all(rows.map(async ({ id, name, syncState, reviewStatus, hasDraft, returnReason }) => ({
    name, syncState, reviewStatus, hasDraft, returnReason, values: await station.values(id),
    history: (await station.registrations.history({ id })).entries.map(({ what, changes }) => ({ what, changes })),
  })))
}

/** A day of two clerks: all kinds of work once, half of it before the clocks are changed. @returns everything that it led to but the instants */
async function day(clocks: Clocks = {}) {
  const rig = await startSyncRig()
  rigs.push(rig)
  rig.centralAhead(clocks.central ?? 0)
  const unit = await rig.addUnit()
  const mine = await rig.workstation(unit, { offline: true })
  const theirs = await rig.workstation(await rig.addAccount(unit.id), { offline: true })
  mine.ahead(clocks.mine ?? 0)
  theirs.ahead(clocks.theirs ?? 0)
  const phases = [(await mine.connect()).phase, (await theirs.connect()).phase]
  const both = async () => {
    for (const station of [mine, theirs, mine]) phases.push((await station.sync()).phase)
  }
  const ids: string[] = []
  for (let person = 1; person <= 4; person++) ids.push(await mine.add(person))
  const [joined = '', clashing = '', reviewed = '', last = ''] = ids
  await both()
  await theirs.edit(joined, { mobile: '13900000001' })
  await mine.edit(joined, { jobPosition: '安全员' })

  mine.ahead(clocks.mineThen ?? 0)
  theirs.ahead(clocks.theirsThen ?? 0)
  rig.centralAhead(clocks.centralThen ?? 0)
  // A central service whose clock jumped may want everybody's password again.
  for (const station of [mine, theirs]) if (clocks.centralThen) await station.connect()
  await both()
  await theirs.edit(clashing, { jobPosition: '技术负责人' })
  await theirs.sync()
  await mine.edit(clashing, { jobPosition: '质量员' })
  await both()
  await mine.registrations.resolveConflict({ id: clashing, choices: { jobPosition: 'mine' } })
  await reviewRegistration(rig.context(), reviewed, { approve: false, comment: '照片不清' })
  await mine.edit(last, { residenceDetail: '写到一半' }, 'keepDraft')
  await both()
  return { phases, mine: await shown(mine), theirs: await shown(theirs), central: (await rig.registrations()).map(({ name, status, version }) => ({ name, status, version })) }
}

describe('the same day comes out the same', () => {
  let usual: Awaited<ReturnType<typeof day>>
  beforeAll(async () => void (usual = await day()))

  it.each<[string, Clocks]>([
    ['a workstation is a year ahead, its colleague a year behind', { mine: year, theirs: -year }],
    ['the central service is a year ahead', { central: year }],
    ['the central service is a year behind', { central: -year }],
    ['a workstation’s clock jumps a year ahead in the middle', { mineThen: year }],
    ['a workstation’s clock was a year ahead and is put right in the middle', { mine: year, mineThen: -year }],
    ['the central service’s clock jumps a year ahead in the middle', { centralThen: year }],
    ['the central service’s clock was a year ahead and is put right in the middle', { central: year, centralThen: -year }],
  ])('where %s', async (_what, clocks) => {
    expect(await day(clocks)).toEqual(usual)
  })

  const until = (instant: string) => Date.parse(instant) - Date.now()
  it.each([
    ['begins', '2026-03-08T06:59:00Z'],
    ['ends', '2026-11-01T05:59:00Z'],
  ])('where summer time %s in the middle', async (_what, instant) => {
    process.env['TZ'] = 'America/New_York'
    const ahead = until(instant)
    expect(new Date(Date.now() + ahead).getTimezoneOffset(), 'the zone is in force').not.toBe(new Date(Date.now() + ahead + 3_600_000).getTimezoneOffset())
    const later = { mineThen: 1_800_000, theirsThen: 1_800_000, centralThen: 1_800_000 }
    expect(await day({ mine: ahead, theirs: ahead, central: ahead, ...later })).toEqual(usual)
  })
})

describe('the list begins with what was typed last', () => {
  it.each([
    ['where the workstation is a year behind', -year, 0],
    ['where it is a year ahead', year, 0],
    ['where its clock was a year ahead and is put right', year, -year],
    ['where its clock jumps back by an hour', 0, -3_600_000],
  ])('%s', async (_what, ahead, then) => {
    const rig = await startSyncRig()
    rigs.push(rig)
    const unit = await rig.addUnit()
    const [mine, theirs] = [await rig.workstation(unit, { offline: true }), await rig.workstation(await rig.addAccount(unit.id))]
    mine.ahead(ahead)
    const fromElsewhere = await theirs.add(1)
    await theirs.sync()
    await mine.connect()
    const order = [fromElsewhere]
    const top = async (id: string) => {
      order.splice(0, order.length, id, ...order.filter((each) => each !== id))
      expect((await mine.rows()).map((row) => row.id)).toEqual(order)
    }
    const first = await mine.add(2)
    await top(first)
    mine.ahead(then)
    await top(await mine.add(3))
    await mine.edit(first, { jobPosition: '安全员' }, 'keepDraft')
    await top(first)
    await mine.edit(fromElsewhere, { jobPosition: '质量员' }, 'save')
    await top(fromElsewhere)
  })
})

describe('seven days without a line are seven times 24 hours', () => {
  it.each([
    ['Asia/Shanghai', '2026-11-23T08:00:00Z'],
    ['America/New_York', '2026-03-05T08:00:00Z'],
    ['America/New_York', '2026-10-29T08:00:00Z'],
    ['Europe/Berlin', '2026-03-26T23:30:00Z'],
  ])('in %s from %s on', async (timeZone, signedInAt) => {
    process.env['TZ'] = timeZone
    const { clock, central, calls, withKey } = await startSession()
    clock.at = Date.parse(signedInAt)
    central.serverTime = new Date(clock.at).toISOString()
    await calls.signInWithKey(withKey)
    await calls.signOut({})
    central.reachable = false
    clock.at += 7 * oneDay - 1_000
    expect(await codeOf(calls.signInWithKey(withKey))).toBe('no error')
    await calls.signOut({})
    clock.at += 2_000
    expect(await codeOf(calls.signInWithKey(withKey))).toBe('offline-unlock-expired')
  })
})

describe('once a clock that was a year ahead is put right', () => {
  async function rigWith(): Promise<{ rig: SyncRig; station: Workstation }> {
    const rig = await startSyncRig()
    rigs.push(rig)
    return { rig, station: await rig.workstation(await rig.addUnit(), { offline: true }) }
  }

  it('a write that was put off on it is sent, and not in a year', async () => {
    const { station } = await rigWith()
    await station.connect()
    station.ahead(year)
    await station.add(1)
    const push = station.client.push.bind(station.client)
    station.client.push = async (operations) => ({
      epoch: (await station.client.pull({ after: 0, epoch: null, limit: 1 })).epoch,
      results: operations.map(({ opId }) => ({ opId, outcome: 'refused', problem: { code: 'idempotency-in-flight', retriable: true, details: {} } })),
    })
    expect(await station.sync()).toMatchObject({ phase: 'idle', queued: 1, problem: { code: 'idempotency-in-flight' } })
    station.client.push = push
    station.ahead(-year)
    expect(await station.sync()).toMatchObject({ phase: 'idle', queued: 0, problem: null })
  })

  it('at the central service, nobody is kept out by slips of the finger of back then, and no session outlives its hours by a year', async () => {
    const { rig, station } = await rigWith()
    rig.centralAhead(year)
    await station.connect()
    const wrong = () => station.client.signInWithPassword({ username: station.unit.username, password: 'x'.repeat(12), deviceId: 'device-of-somebody-0123456789' })
    for (let slip = 0; slip < 6; slip++) await expect(wrong()).rejects.toMatchObject({ code: 'sign-in-failed' })
    await expect(wrong()).rejects.toMatchObject({ code: 'sign-in-too-often' })
    rig.centralAhead(-year)
    expect(await station.sync()).toMatchObject({ phase: 'waiting-for-sign-in' })
    const session = await station.client.signInWithPassword({ username: station.unit.username, password, deviceId: 'device-of-somebody-0123456789' })
    expect(Date.parse(session.expiresAt) - Date.now()).toBeLessThanOrEqual(12 * 3_600_000)
    expect(await station.connect()).toMatchObject({ phase: 'idle' })
  })

  it('a step back of some seconds asks nobody to sign in or to wait', async () => {
    const { rig, station } = await rigWith()
    await station.connect()
    await expect(station.client.signInWithPassword({ username: station.unit.username, password: 'x'.repeat(12), deviceId: 'device-of-somebody-0123456789' })).rejects.toMatchObject({ code: 'sign-in-failed' })
    rig.centralAhead(-20_000)
    expect(await station.sync()).toMatchObject({ phase: 'idle' })
    expect(await station.connect()).toMatchObject({ phase: 'idle' })
  })

  it('backups made on it neither push out those that follow nor are taken for newer', async () => {
    const directory = temporaryDirectory()
    const local = await openLocalDatabase(join(directory.path, 'unit.db'), unitKey)
    const backups = join(directory.path, 'backups')
    const at = (days: number, ahead = 0) => stampOf(new Date(Date.parse('2026-11-01T08:00:00Z') + days * 86_400_000 + ahead))
    for (let made = 0; made < 7; made++) {
      fillWithPeople(local, 1, made)
      await backUp(local, backups, unitKey, at(made, year))
    }
    const since: string[] = []
    for (let made = 7; made < 10; made++) {
      fillWithPeople(local, 1, made)
      since.unshift(await backUp(local, backups, unitKey, at(made)))
      expect(backupsIn(backups, at(made)).slice(0, since.length)).toEqual(since)
    }
    expect(readdirSync(backups).filter((name) => name.endsWith('.db'))).toHaveLength(7)
    await local.close()
    directory.remove()
  })
})
