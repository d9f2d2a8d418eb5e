import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { makeToken, type MadeToken } from '../../../build/demo/demo-token.ts'
import { createSessionService } from '../../../electron/host/services/session/session.service.ts'
import { failureOf, startKeys, until } from '../../support/key-service-rig.ts'
import { fakeCentral, fakeDevice, fakeWorkspaces } from '../../support/session-fakes.ts'
import { makeTestKeys, type TestKeys } from '../../support/softhsm.ts'

const pin = '20260101'
const statement = { audience: 'https://central.example', cid: 'cid-1', nonce: 'n'.repeat(43), deviceId: 'device-1', purpose: 'login' }
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined }

let keys: TestKeys
let own: MadeToken
let other: MadeToken
let rig: ReturnType<typeof startKeys>

beforeEach(async () => {
  keys = await makeTestKeys()
  Object.assign(process.env, keys.env)
  const make = (label: string) =>
    makeToken(keys.store, keys.ca, { label, pin, company: `${label}修缮公司`, organizationCode: '91310000MA1FL0000X', algorithm: 'P-256' })
  own = await make('甲')
  other = await make('乙')
  rig = startKeys(keys.faultyModule)
  await until('both keys show', () => rig.service.state().certificates.length === 2)
})
afterEach(() => {
  rig.service.close()
  keys.remove()
})

const withKey = (token: MadeToken) => ({ certificateId: token.certificateId, pin, confirmFinalTry: false, password: null })

it('a key whose content has gone is said to be unreadable, before its PIN is tried and when it is to sign', async () => {
  await rig.service.login(own.certificateId, pin, false)
  const before = keys.logins()
  const tokens = join(keys.store.directory, 'tokens')
  for (const token of readdirSync(tokens)) rmSync(join(tokens, token), { recursive: true })
  expect((await failureOf(rig.service.sign(own.certificateId, statement))).sentence).toBe('读不到CA锁，请重新插拔。')
  expect((await failureOf(rig.service.login(other.certificateId, pin, false))).sentence).toBe('读不到CA锁，请重新插拔。')
  expect(keys.logins()).toBe(before)
  await until('the page is told as well', () => rig.service.state().problem?.code === 'key-unreadable')
})

it('a key that was seen before its certificate was on it shows as soon as it is, beside others', async () => {
  rig.service.close()
  // Seen by the library only where it is there when the library is loaded.
  const whileEmpty = async () => {
    rig = startKeys(keys.faultyModule)
    await until('the others show', () => rig.service.state().certificates.length === 2)
  }
  const late = await makeToken(keys.store, keys.ca, { label: '丙', pin, company: '丙修缮公司', organizationCode: '91310000MA1FL0000X', algorithm: 'P-256', whileEmpty })
  await until('it shows', () => rig.service.state().certificates.some(({ certificateId }) => certificateId === late.certificateId), 5_000)
})

it('a handle that went stale is found again once, without a second PIN', async () => {
  await rig.service.login(own.certificateId, pin, false)
  const before = keys.logins()
  keys.inject('stale-handle')
  expect((await rig.service.sign(own.certificateId, statement)).alg).toBe('ES256')
  expect(existsSync(join(keys.env['FAULT_DIR'] ?? '', 'stale-handle'))).toBe(false)
  expect(keys.logins()).toBe(before)
})

it("another company's key at the lock screen is named wrong before its PIN is tried, and the own one still opens", async () => {
  const session = createSessionService({
    central: fakeCentral(), keys: rig.service, device: fakeDevice(), openWorkspace: fakeWorkspaces().open,
    clock: { now: () => new Date('2026-11-23T08:00:00Z') }, log: quiet, emit: () => undefined,
  })
  await session.calls.signInWithKey(withKey(own))
  session.keyRemoved()
  const before = keys.logins()
  const refused = await failureOf(Promise.resolve(session.calls.unlockWithKey(withKey(other))))
  expect(refused.sentence).toBe('插入的不是原CA锁（公司：甲修缮公司），请更换。')
  expect(keys.logins()).toBe(before)
  expect(await session.calls.unlockWithKey(withKey(own))).toMatchObject({ phase: 'signed-in' })
  await session.close()
})
