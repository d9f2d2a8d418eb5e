import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { readMeta, rememberOrganization } from '../../../electron/host/database/meta.repository.ts'
import { createOrganizationService } from '../../../electron/host/services/organization/organization.service.ts'
import { newPasswordProblem } from '../../../shared/domain/password.ts'
import { startSyncRig, type SyncRig, type SyncUnit, type Workstation } from '../../support/sync-rig.ts'

// 企业基本信息 at the workstation of a 单位管理员, over a line that fails.
let rig: SyncRig
let unit: SyncUnit
let station: Workstation
let changes: number
beforeAll(async () => {
  rig = await startSyncRig()
})
beforeEach(async () => {
  unit = await rig.addUnit()
  await rig.context().db.updateTable('account').set({ role: 'unit-admin' }).where('id', '=', unit.accountId).execute()
  station = await rig.workstation(unit)
  changes = 0
})
afterEach(() => rig.proxy.heal())
afterAll(() => rig.close())

const serviceOf = ({ client, local }: Workstation) =>
  createOrganizationService({
    central: client,
    account: { role: 'unit-admin' },
    clock: { now: () => new Date() },
    newId: () => randomUUID(),
    changed: () => void changes++,
    remembered: async () => ({ profile: JSON.parse((await readMeta(local.db, 'organization')) ?? '') as never, at: (await readMeta(local.db, 'organization-at')) ?? '' }),
    remember: (text, at) => rememberOrganization(local.db, text, at),
  })
const accountsThere = () => rig.context().db.selectFrom('account').select(['id', 'username']).where('organization_id', '=', unit.id).execute()
const contact = { address: '徐汇区某路1号', contactName: '王建国', contactPhone: '13812345678' }

it('a changed contact is known here at once, and other windows are told', async () => {
  const service = serviceOf(station)
  expect(await service.profile({})).toMatchObject({ version: 1, mayEdit: true })
  expect(await service.saveContact({ version: 1, changes: contact })).toMatchObject({ version: 2, ...contact })
  expect(JSON.parse((await readMeta(station.local.db, 'organization')) ?? '')).toMatchObject({ version: 2, ...contact })
  expect(changes).toBe(1)
})

it('where the answer to 保存 was lost, the same once more is no conflict with oneself', async () => {
  const service = serviceOf(station)
  rig.proxy.on('/v1/organization', { kind: 'drop-reply' })
  await expect(service.saveContact({ version: 1, changes: contact })).rejects.toMatchObject({ code: 'central-needed' })
  expect(await service.saveContact({ version: 1, changes: contact })).toMatchObject({ version: 2, ...contact })
})

it('who comes second is told that it changed, and reads what stands there', async () => {
  const service = serviceOf(station)
  const colleague = serviceOf(await rig.workstation(unit))
  await colleague.saveContact({ version: 1, changes: { contactName: '陈静' } })
  await expect(service.saveContact({ version: 1, changes: { contactName: '李强' } })).rejects.toMatchObject({ code: 'unit-changed' })
  expect(await service.profile({})).toMatchObject({ version: 2, contactName: '陈静' })
})

it('what is wrong is refused before it goes out', async () => {
  const service = serviceOf(station)
  const before = rig.proxy.seen.length
  await expect(service.saveContact({ version: 1, changes: { contactPhone: '123' } })).rejects.toMatchObject({ code: 'organization-invalid', details: { count: 1 } })
  await expect(service.addAccount({ username: '赵 新', displayName: '', role: 'clerk' })).rejects.toMatchObject({ code: 'account-invalid', details: { count: 2 } })
  expect(rig.proxy.seen.slice(before)).toEqual([])
})

it('a new account whose answer was lost is there once, with the password that is shown', async () => {
  const service = serviceOf(station)
  const username = `new-${randomUUID()}`
  const wanted = { username, displayName: '赵新', role: 'clerk' } as const
  rig.proxy.on('/v1/accounts', { kind: 'drop-reply' })
  await expect(service.addAccount(wanted)).rejects.toMatchObject({ code: 'central-needed' })
  const { password } = await service.addAccount(wanted)
  expect(await accountsThere()).toHaveLength(2)
  expect(newPasswordProblem(password, username)).toBeUndefined()
  const other = await rig.workstation(unit)
  expect(await other.client.signInWithPassword({ username, password, deviceId: `device-${randomUUID()}` })).toMatchObject({ passwordByOperator: true })
})

it('nor is it lost where the answer was, and the next try was refused before anybody looked at it', async () => {
  const service = serviceOf(station)
  const username = `new-${randomUUID()}`
  const wanted = { username, displayName: '赵新', role: 'clerk' } as const
  rig.proxy.on('/v1/accounts', { kind: 'drop-reply' })
  await expect(service.addAccount(wanted)).rejects.toMatchObject({ code: 'central-needed' })
  const { db } = rig.context()
  const open = () => db.updateTable('session').where('account_id', '=', unit.accountId)
  await open().set({ suspended_at: new Date().toISOString() }).execute()
  await expect(service.addAccount(wanted)).rejects.toMatchObject({ code: 'session-suspended' })
  await open().set({ suspended_at: null }).execute()
  const { password } = await service.addAccount(wanted)
  const other = await rig.workstation(unit)
  expect(await other.client.signInWithPassword({ username, password, deviceId: `device-${randomUUID()}` })).toMatchObject({ passwordByOperator: true })
})

it('the same of a reset; another reset is another password', async () => {
  const service = serviceOf(station)
  const colleague = await rig.addAccount(unit.id)
  rig.proxy.on(`/v1/accounts/${colleague.accountId}/password-resets`, { kind: 'drop-reply' })
  await expect(service.resetPassword({ id: colleague.accountId, version: 1 })).rejects.toMatchObject({ code: 'central-needed' })
  const first = await service.resetPassword({ id: colleague.accountId, version: 1 })
  const second = await service.resetPassword({ id: colleague.accountId, version: 2 })
  expect(second.password).not.toBe(first.password)
  await expect(service.resetPassword({ id: colleague.accountId, version: 1 })).rejects.toMatchObject({ code: 'account-changed' })
})

it('out of reach it says so, and nothing waits here', async () => {
  const service = serviceOf(station)
  for (const path of ['/v1/accounts', '/v1/certificate-bindings']) rig.proxy.on(path, { kind: 'drop-request' })
  await expect(service.accounts({})).rejects.toMatchObject({ code: 'central-needed' })
  await expect(service.certificates({})).rejects.toMatchObject({ code: 'central-needed' })
  expect(await service.accounts({})).toMatchObject({ mayChange: true })
  expect(await service.certificates({})).toEqual({ items: [], mayChange: true })
})
