import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { makeToken, type MadeToken } from '../../../build/demo/demo-token.ts'
import { keyDeadlines } from '../../../electron/host/ca-key/key-connection.ts'
import { failureOf, startKeys, until } from '../../support/key-service-rig.ts'
import { longestGapsDuring } from '../../support/loop-gap.ts'
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
  for (const fault of ['hang-login', 'crash', 'slow-login'] as const) keys.mend(fault)
  rig.service.close()
})
afterAll(() => keys.remove())

async function start(options: Parameters<typeof startKeys>[1] = {}): Promise<void> {
  rig = startKeys(keys.faultyModule, options)
  await until('the key shows', () => rig.service.state().certificates.length > 0)
}
const login = () => rig.service.login(token.certificateId, pin, false)

/** How long it takes is shown by tests/bench/key-faults.bench.ts. */
it('a library that hangs is killed and another process serves; the host goes on meanwhile, and the PIN is not tried again', async () => {
  // No look at the keys comes by: the hang alone must bring the next process.
  const deadline = 3_000
  await start({ deadlines: { ...keyDeadlines, login: deadline }, pollEvery: 3_600_000 })
  keys.inject('hang-login')
  const { ours, idle } = await longestGapsDuring(async () => {
    expect((await failureOf(login())).sentence).toBe('CA锁无响应，已重启读锁组件，请重试。')
  })
  // A host that waited for the library would stand still for the whole of the deadline at least.
  expect(ours - idle).toBeLessThan(deadline / 2)
  keys.mend('hang-login')
  await until('the driver is loaded again', () => rig.starts.length > 1 && rig.service.state().phase === 'ready')
  expect((await rig.service.refresh()).certificates).toHaveLength(1)
  expect(rig.starts).toHaveLength(2)
  expect(rig.frames.filter((frame) => JSON.stringify(frame).includes(pin))).toHaveLength(1)
  await login()
})

it('a library that crashes is started again, and the PIN is not tried again by itself', async () => {
  await start()
  const before = keys.logins()
  keys.inject('crash')
  expect((await failureOf(login())).code).toBe('key-hung')
  keys.mend('crash')
  await until('the key shows again', () => rig.service.state().certificates.length === 1)
  expect(keys.logins()).toBeLessThanOrEqual(before + 1)
  await login()
})

it('looking for the key does not end a sign-in that takes longer than a look may', async () => {
  await start({ deadlines: { ...keyDeadlines, other: 2_000 } })
  keys.inject('slow-login')
  await login()
  expect(rig.starts).toHaveLength(1)
})
