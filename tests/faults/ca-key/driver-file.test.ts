import { copyFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { makeToken, type MadeToken } from '../../../build/demo/demo-token.ts'
import { failureOf, startKeys, until } from '../../support/key-service-rig.ts'
import { makeTestKeys, type KeyFault, type TestKeys } from '../../support/softhsm.ts'

const pin = '20260101'
const statement = { audience: 'https://central.example', cid: 'cid-1', nonce: 'n'.repeat(43), deviceId: 'device-1', purpose: 'login' }

let keys: TestKeys
let p256: MadeToken
let rig: ReturnType<typeof startKeys>
const injected: KeyFault[] = []

const inject = (fault: KeyFault) => {
  injected.push(fault)
  keys.inject(fault)
}
const login = (token: MadeToken) => rig.service.login(token.certificateId, pin, false)

async function start(): Promise<void> {
  rig = startKeys(keys.faultyModule)
  await until('the key shows', () => rig.service.state().certificates.length > 0)
}

beforeAll(async () => {
  keys = await makeTestKeys()
  Object.assign(process.env, keys.env)
  p256 = await makeToken(keys.store, keys.ca, { label: 'p256', pin, company: '甲公司', organizationCode: '91310000MA1FL0000X', algorithm: 'P-256' })
})
afterEach(() => {
  for (const fault of injected.splice(0)) keys.mend(fault)
  rig.service.close()
})
afterAll(() => keys.remove())

describe('the driver file', () => {
  it.each([
    ['missing', '/nowhere/driver.so', '未找到CA锁驱动，请安装后重试。'],
    ['relative', 'driver.so', '未找到CA锁驱动，请安装后重试。'],
    ['no library at all', '/etc/passwd', '所选文件不是CA锁驱动，请重新选择。原设置未改动。'],
    ['another library', '/usr/lib/x86_64-linux-gnu/libc.so.6', '所选文件不是CA锁驱动，请重新选择。原设置未改动。'],
  ])('%s is refused, and the driver in use stays', async (_name, path, sentence) => {
    await start()
    expect((await failureOf(rig.service.choose({ name: 'x', path }))).sentence).toBe(sentence)
    expect(rig.service.state()).toMatchObject({ phase: 'ready', driver: { path: keys.faultyModule }, chosenDriver: null })
    await login(p256)
  })

  it('that the clerk picks is the one in use and is told, until drivers are looked for again', async () => {
    await start()
    const { modulePath } = keys.store
    const expected = { phase: 'ready', driver: { path: modulePath }, chosenDriver: modulePath }
    expect(await rig.service.choose({ name: 'picked', path: modulePath })).toMatchObject(expected)
    expect(rig.emitted.at(-1)).toMatchObject(expected)
    await login(p256)
    expect(await rig.service.forgetChoice()).toMatchObject({ phase: 'ready', driver: { path: keys.faultyModule }, chosenDriver: null })
    expect(rig.emitted.at(-1)).toMatchObject({ chosenDriver: null })
    await login(p256)
  })

  it('that was picked while others were looked for stays, and once forgotten there is none where no other can be had', async () => {
    const others = Array.from({ length: 5 }, (_, index) => ({ name: 'other', path: `/nowhere/driver-${index}.so` }))
    rig = startKeys('', { candidates: () => others })
    await rig.service.choose({ name: 'picked', path: keys.store.modulePath })
    expect(rig.starts.length, 'the others are still being looked for').toBeLessThanOrEqual(others.length)
    await until('all others were looked at', () => rig.logged.filter((entry) => JSON.stringify(entry).includes('driver not used')).length === others.length)
    await login(p256)
    expect(rig.service.state()).toMatchObject({ phase: 'ready', driver: { path: keys.store.modulePath } })
    expect(await rig.service.forgetChoice()).toMatchObject({
      phase: 'no-driver', driver: null, chosenDriver: null, certificates: [], problem: { code: 'key-driver-missing' },
    })
  })

  it('that was picked while one with a key was looked for stays, and with it the PIN that was given', async () => {
    inject('removed')
    const inUse = { name: 'in use', path: keys.faultyModule }
    const others = [...Array.from({ length: 5 }, (_, index) => ({ name: 'other', path: `/nowhere/driver-${index}.so` })), { name: 'installed', path: keys.store.modulePath }]
    let installed = [inUse]
    rig = startKeys('', { candidates: () => installed, searchAfter: 0 })
    await until('one without a key is in use', () => rig.service.state().phase === 'ready')
    installed = [inUse, ...others]
    await until('the others are looked for', () => rig.logged.length > 0)
    const picked = join(keys.env['FAULT_DIR'] ?? '', 'picked.so')
    copyFileSync(keys.store.modulePath, picked)
    await rig.service.choose({ name: 'picked', path: picked })
    await login(p256)
    await until('the search is over, and one process is left', () => rig.logged.length >= 5 && rig.ends.length === rig.starts.length - 1)
    expect(rig.service.state()).toMatchObject({ driver: { path: picked }, chosenDriver: picked })
    expect(await rig.service.sign(p256.certificateId, statement)).toMatchObject({ alg: 'ES256' })
  })

  it('is never an empty path', async () => {
    await start()
    expect((await failureOf(rig.service.choose({ name: 'x', path: '' }))).code).toBe('call-invalid')
  })

  it('of 32 bits is told by its header', async () => {
    await start()
    const elf = Buffer.alloc(64)
    elf.set([0x7f, 0x45, 0x4c, 0x46, 1])
    const pe = Buffer.alloc(0x100)
    pe.write('MZ')
    pe.writeUInt32LE(0x80, 0x3c)
    pe.write('PE\0\0', 0x80)
    pe.writeUInt16LE(0x014c, 0x84)
    for (const [name, bytes] of [['elf32.so', elf], ['pe32.dll', pe]] as const) {
      const path = join(keys.store.directory, name)
      writeFileSync(path, bytes)
      expect((await failureOf(rig.service.choose({ name, path }))).sentence).toBe('该CA锁驱动为32位，与本程序不符，请安装64位驱动。')
    }
  })
})
