import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { notedReveals } from '../../../electron/host/database/reveal-notes.repository.ts'
import { showNumber } from '../../../electron/host/services/reveals.service.ts'
import type { RevealedField } from '../../../shared/domain/reveals.ts'
import { idCardNoOf } from '../../support/people.ts'
import { startSyncRig, type SyncRig, type SyncUnit, type Workstation } from '../../support/sync-rig.ts'

let rig: SyncRig
let unit: SyncUnit
let station: Workstation
let person = 700
beforeAll(async () => {
  rig = await startSyncRig()
  unit = await rig.addUnit()
  station = await rig.workstation(unit)
})
afterAll(() => rig.close())
beforeEach(() => rig.proxy.heal())

const clock = { now: () => new Date() }
const accountOf = ({ accountId, username }: SyncUnit) => ({ id: accountId, username, displayName: username, role: 'clerk' as const, reviewsRegistrations: false, faceSignIn: 'off' as const })
const show = (id: string, field: RevealedField, words = '', at: Workstation = station) =>
  showNumber({ db: at.local.db, account: accountOf(unit), clock, wakeSync: () => undefined }, { id, field, reason: words ? 'other' : 'contact', words })
const logged = (id: string) => rig.context().db.selectFrom('reveal').selectAll().where('registration_id', '=', id).orderBy('id').execute()

it('A number is shown whole for 30 seconds, and who looked is told with the next sync', async () => {
  const id = await station.add(++person)
  await station.sync()
  expect(await show(id, 'idCardNo')).toEqual({ value: idCardNoOf(person), seconds: 30 })
  expect(await notedReveals(station.local.db, 10)).toMatchObject([{ registrationId: id, field: 'idCardNo', accountId: unit.accountId }])
  await station.sync()
  expect(await logged(id)).toMatchObject([{ field: 'idCardNo', reason: 'contact', account_id: unit.accountId, organization_id: unit.id }])
  expect(await notedReveals(station.local.db, 10)).toEqual([])
})

it('Looked at offline, it waits here over a restart of the program, and is told once the line is back, once', async () => {
  let machine = await rig.workstation(await rig.addAccount(unit.id))
  const id = await machine.add(++person)
  await machine.sync()
  rig.proxy.on('/v1/reveals', { kind: 'drop-request' })
  await show(id, 'mobile', '核实到岗', machine)
  await machine.sync()
  expect(await logged(id)).toEqual([])
  machine = await rig.restart(machine)
  expect(await notedReveals(machine.local.db, 10)).toHaveLength(1)
  rig.proxy.heal()
  await machine.connect()
  await machine.sync()
  expect(await logged(id)).toMatchObject([{ field: 'mobile', reason: 'other', account_id: unit.accountId }])
  await machine.close()
})

it('A log that cannot be told does not keep the outbox waiting', async () => {
  const id = await station.add(++person)
  await station.sync()
  rig.proxy.on('/v1/reveals', { kind: 'drop-request' })
  await show(id, 'mobile')
  await station.edit(id, { jobPosition: '安全员' })
  expect((await station.sync()).queued).toBe(0)
  expect(await notedReveals(station.local.db, 10)).toHaveLength(1)
})

it.each([['', 'reason-missing'], ['电话13800001234', 'reason-has-number'], ['长'.repeat(201), 'reason-too-long']])('Without a reason that can be kept nothing is shown or noted: %j', async (words, code) => {
  const id = await station.add(++person)
  const before = await notedReveals(station.local.db, 50)
  await expect(showNumber({ db: station.local.db, account: accountOf(unit), clock, wakeSync: () => undefined }, { id, field: 'mobile', reason: 'other', words })).rejects.toMatchObject({ code })
  expect(await notedReveals(station.local.db, 50)).toEqual(before)
})
