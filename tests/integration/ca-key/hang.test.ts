import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { makeToken, type MadeToken } from '../../../build/demo/demo-token.ts'
import { failureOf, startKeys, until } from '../../support/key-service-rig.ts'
import { makeTestKeys, type TestKeys } from '../../support/softhsm.ts'

const pin = '20260101'

let keys: TestKeys
let token: MadeToken
let rig: ReturnType<typeof startKeys>

beforeAll(async () => {
  keys = await makeTestKeys()
  Object.assign(process.env, keys.env)
  token = await makeToken(keys.store, keys.ca, { label: 'key', pin, company: '甲公司', organizationCode: '91310000MA1FL0000X', algorithm: 'P-256' })
})
afterEach(() => {
  for (const fault of ['hang', 'crash', 'slow-login'] as const) keys.mend(fault)
  rig.service.close()
})
afterAll(() => keys.remove())

async function start(pollEvery = 100): Promise<void> {
  rig = startKeys(keys.faultyModule, { deadlines: { load: 10_000, login: 2_000, sign: 2_000, other: 800 }, pollEvery })
  await until('the key shows', () => rig.service.state().certificates.length > 0)
}

/** The longest time in which the host's event loop did nothing, in ms. */
async function longestGapDuring(task: () => Promise<unknown>): Promise<number> {
  let last = performance.now()
  let longest = 0
  const beat = () => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
  }
  const timer = setInterval(beat, 5)
  await task().finally(() => clearInterval(timer))
  beat()
  return longest
}

it('a library that hangs is killed, its successor is there within a second, and the host never stands still', { retry: 2 }, async () => {
  await start(60_000)
  keys.inject('hang')
  const gap = await longestGapDuring(async () => {
    expect((await failureOf(rig.service.login(token.certificateId, pin, false))).sentence).toBe('CA锁无响应，已重启读锁组件，请重试。')
  })
  keys.mend('hang')
  const killed = performance.now()
  await until('a key process again', () => rig.starts.length > 1)
  await until('the driver is loaded again', () => rig.service.state().phase === 'ready')
  expect(performance.now() - killed).toBeLessThan(1_000)
  expect(gap).toBeLessThan(50)
  await rig.service.refresh()
  await rig.service.login(token.certificateId, pin, false)
})

it('a library that crashes is started again, and the PIN is not tried again by itself', async () => {
  await start()
  const before = keys.logins()
  keys.inject('crash')
  expect((await failureOf(rig.service.login(token.certificateId, pin, false))).code).toBe('key-hung')
  keys.mend('crash')
  await until('the key shows again', () => rig.service.state().certificates.length === 1)
  expect(keys.logins()).toBeLessThanOrEqual(before + 1)
  await rig.service.login(token.certificateId, pin, false)
})

it('looking for the key does not end a sign-in that takes longer than a look may', async () => {
  await start()
  keys.inject('slow-login')
  await rig.service.login(token.certificateId, pin, false)
  expect(rig.starts).toHaveLength(1)
})
