import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { createRegistration } from '../../../central/modules/registrations/registrations.service.ts'
import { readMeta, rememberOrganization } from '../../../electron/host/database/meta.repository.ts'
import { createOrganizationService } from '../../../electron/host/services/organization/organization.service.ts'
import { recordId } from '../../support/local-unit.ts'
import { personValues } from '../../support/people.ts'
import { startSyncRig, type SyncRig, type SyncUnit } from '../../support/sync-rig.ts'

/** More than a page. */
const people = 520

let rig: SyncRig
let unit: SyncUnit
beforeAll(async () => {
  rig = await startSyncRig()
  unit = await rig.addUnit()
  const context = rig.context()
  const who = { organizationId: unit.id, accountId: unit.accountId, deviceId: 'device-0123456789abcdef' }
  await context.db.transaction().execute(async (trx) => {
    for (let index = 0; index < people; index++) await createRegistration(context, trx, who, { id: recordId(index), personType: 'manager', values: personValues(index) })
  })
})
afterAll(() => rig.close())
afterEach(() => rig.proxy.heal())

it('a new workstation gets everybody, at most 500 at once, with room for a click after each piece', async () => {
  let turns = 0
  let going = true
  const look = () => {
    turns += 1
    if (going) setImmediate(look)
  }
  const pieces: { rows: number; turn: number }[] = []
  const station = await rig.workstation(unit, { offline: true, rowsChanged: (ids) => void pieces.push({ rows: ids?.length ?? 0, turn: turns }) })
  setImmediate(look)
  await station.connect()
  going = false
  expect((await station.registrations.list({ query: '', page: 1, pageSize: 10 })).total).toBe(people)
  expect(Math.max(...pieces.map(({ rows }) => rows))).toBeLessThanOrEqual(500)
  expect(pieces.reduce((sum, { rows }) => sum + rows, 0)).toBe(people)
  for (const [index, { turn }] of pieces.entries()) if (index > 0) expect(turn, `after piece ${index}`).toBeGreaterThan(pieces[index - 1]?.turn ?? 0)
})

it('a fetch that is broken off goes on behind the last piece and not from the start', async () => {
  let rows = 0
  const stopping = { now: () => undefined as void }
  let enough = 100
  let station = await rig.workstation(unit, {
    offline: true,
    rowsChanged: (ids) => {
      rows += ids?.length ?? 0
      if (rows >= enough) stopping.now()
    },
  })
  stopping.now = () => station.engine.pause('key-removed')
  await station.connect()
  expect((await station.registrations.list({ query: '', page: 1, pageSize: 10 })).total).toBe(rows)
  expect(rows).toBeLessThan(people)
  enough = Infinity
  const cursor = await readMeta(station.local.db, 'cursor')
  station = await rig.restart(station)
  const before = rig.proxy.seen.length
  await station.connect()
  expect(rig.proxy.seen.slice(before).find(({ path }) => path.startsWith('/v1/changes'))?.path).toContain(`after=${cursor}&`)
  expect((await station.registrations.list({ query: '', page: 1, pageSize: 10 })).total).toBe(people)
})

it('企业基本信息 that is only remembered says when it was told', async () => {
  const station = await rig.workstation(unit)
  const told = await readMeta(station.local.db, 'organization-at')
  let now = new Date('2026-12-01T00:00:00.000Z')
  const service = createOrganizationService({
    central: station.client,
    account: { role: 'clerk' },
    newId: () => randomUUID(),
    changed: () => undefined,
    clock: { now: () => now },
    remembered: async () => ({ profile: JSON.parse((await readMeta(station.local.db, 'organization')) ?? '') as never, at: (await readMeta(station.local.db, 'organization-at')) ?? '' }),
    remember: (text, at) => rememberOrganization(station.local.db, text, at),
  })
  rig.proxy.on('/v1/organization', { kind: 'drop-request' })
  expect(await service.profile({})).toMatchObject({ name: '甲修缮有限公司', fetchedAt: told })
  expect(await service.profile({})).toMatchObject({ fetchedAt: '2026-12-01T00:00:00.000Z' })
  now = new Date('2026-12-02T00:00:00.000Z')
  rig.proxy.on('/v1/organization', { kind: 'drop-request' })
  expect(await service.profile({})).toMatchObject({ fetchedAt: '2026-12-01T00:00:00.000Z' })
})
