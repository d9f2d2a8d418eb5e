import { createPublicKey, verify, X509Certificate } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { makeToken, type MadeToken } from '../../../build/demo/demo-token.ts'
import { signedStatementText } from '../../../shared/domain/ca-login-bytes.ts'
import { failureOf, startKeys, until } from '../../support/key-service-rig.ts'
import { makeTestKeys, type KeyFault, type TestKeys } from '../../support/softhsm.ts'

const pin = '20260101'
const day = 86_400_000
const statement = { audience: 'https://central.example', cid: 'cid-1', nonce: 'n'.repeat(43), deviceId: 'device-1', purpose: 'login' }

let keys: TestKeys
let rsa: MadeToken
let p256: MadeToken
let expired: MadeToken
let future: MadeToken
let bare: MadeToken
let rig: ReturnType<typeof startKeys>
const injected: KeyFault[] = []

const inject = (fault: KeyFault) => {
  injected.push(fault)
  keys.inject(fault)
}
const shown = (token: MadeToken) => rig.service.state().certificates.find(({ certificateId }) => certificateId === token.certificateId)
const login = (token: MadeToken, withPin = pin, confirm = false) => rig.service.login(token.certificateId, withPin, confirm)

async function start(path = keys.faultyModule, options: Parameters<typeof startKeys>[1] = {}): Promise<void> {
  rig = startKeys(path, options)
  await until('the keys show', () => rig.service.state().certificates.length > 0)
}

beforeAll(async () => {
  keys = await makeTestKeys()
  Object.assign(process.env, keys.env)
  const make = (label: string, extra: Partial<Parameters<typeof makeToken>[2]>) =>
    makeToken(keys.store, keys.ca, { label, pin, company: `${label}公司`, organizationCode: '91310000MA1FL0000X', algorithm: 'P-256', ...extra })
  rsa = await make('rsa', { algorithm: 'RSA-2048', withEncryptionPair: true })
  p256 = await make('p256', { withEncryptionPair: true })
  expired = await make('expired', { notBefore: new Date(Date.now() - 9 * day), notAfter: new Date(Date.now() - day) })
  future = await make('future', { notBefore: new Date(Date.now() + day) })
  bare = await make('bare', { withoutCertificate: true })
})
afterEach(() => {
  for (const fault of injected.splice(0)) keys.mend(fault)
  rig.service.close()
})
afterAll(() => keys.remove())

describe('a healthy key', () => {
  it.each([['RSA-2048', () => rsa], ['P-256', () => p256]] as const)('signs with %s what the central service rebuilds', async (_name, token) => {
    await start()
    await login(token())
    const signed = await rig.service.sign(token().certificateId, statement)
    const text = Buffer.from(signedStatementText({ ...statement, certificateSha256: token().certificateSha256, alg: signed.alg }))
    const key = createPublicKey(new X509Certificate(token().certificate).publicKey.export({ type: 'spki', format: 'pem' }))
    expect(verify('sha256', text, { key, dsaEncoding: 'ieee-p1363' }, Buffer.from(signed.signature, 'base64url'))).toBe(true)
  })

  it('shows each signing certificate of all keys with company, issuer and dates, and no encryption certificate', async () => {
    await start()
    expect(rig.service.state().certificates.map(({ company }) => company).sort()).toEqual(['expired公司', 'future公司', 'p256公司', 'rsa公司'])
    expect(shown(rsa)).toMatchObject({ issuer: 'Demo CA Intermediate', problem: null, pin: { locked: false }, tokenSerial: rsa.serial })
  })

  it('goes on in silence where the key is open already, and still tells a wrong PIN', async () => {
    await start()
    await login(p256)
    await login(p256)
    expect((await failureOf(login(p256, '99999999'))).code).toBe('key-pin-wrong')
  })

  it('signs two statements asked for at once, one after the other', async () => {
    await start()
    await login(p256)
    const both = await Promise.all([rig.service.sign(p256.certificateId, statement), rig.service.sign(p256.certificateId, statement)])
    expect(both).toHaveLength(2)
  })

  it('signs with a driver that wants more room, and with one that does not hash', async () => {
    await start()
    await login(rsa)
    inject('small-buffer')
    expect((await rig.service.sign(rsa.certificateId, statement)).alg).toBe('RS256')
    inject('no-hashing')
    expect((await rig.service.sign(rsa.certificateId, statement)).alg).toBe('RS256')
  })
})

describe('the PIN', () => {
  it('that is wrong says so, counts once, and the flags follow before the answer', async () => {
    await start()
    const before = keys.logins()
    const failure = await failureOf(login(rsa, '99999999'))
    expect(failure.sentence).toBe('口令错误，请核对后再试。')
    expect(keys.logins()).toBe(before + 1)
    expect(shown(rsa)?.pin.low).toBe(true)
    expect(rig.emitted.at(-1)?.certificates.find(({ tokenSerial }) => tokenSerial === rsa.serial)?.pin.low).toBe(true)
    await login(rsa)
    expect(shown(rsa)?.pin.low).toBe(false)
  })

  it.each(['', '1', '1'.repeat(300)])('of a wrong length (%#) never reaches the key', async (wrong) => {
    await start()
    const before = keys.logins()
    expect((await failureOf(login(rsa, wrong))).sentence).toBe('口令长度不符，应为4至255位。')
    expect(keys.logins()).toBe(before)
  })

  it('with one try left is asked for once more before the key sees it', async () => {
    inject('final-try')
    await start()
    const before = keys.logins()
    expect((await failureOf(login(rsa))).sentence).toBe('口令只剩最后1次机会，输错将锁死CA锁。')
    expect(keys.logins()).toBe(before)
    await login(rsa, pin, true)
    expect(keys.logins()).toBe(before + 1)
  })

  it('of a locked key is not tried', async () => {
    inject('locked')
    await start()
    const before = keys.logins()
    expect((await failureOf(login(rsa))).sentence).toBe('CA锁已锁定，请联系发证机构解锁；可先用账号密码登录。')
    expect(keys.logins()).toBe(before)
  })

  it('of a key that this very try locks says so, although the key calls it wrong, and is not tried again', async () => {
    await start()
    inject('locks')
    injected.push('locked')
    const before = keys.logins()
    for (let time = 0; time < 2; time++) expect((await failureOf(login(rsa))).sentence).toBe('CA锁已锁定，请联系发证机构解锁；可先用账号密码登录。')
    expect(keys.logins()).toBe(before + 1)
  })

  it('whose length the key itself refuses says so', async () => {
    inject('pin-length')
    await start()
    expect((await failureOf(login(rsa))).sentence).toBe('口令长度不符，应为4至255位。')
  })

  it('that has expired says so', async () => {
    inject('expired')
    await start()
    expect((await failureOf(login(rsa))).sentence).toBe('CA锁口令已过期，请用CA锁工具修改口令后再登录。')
  })

  it('stands in no frame but that of the login, and in no log', async () => {
    await start()
    await login(rsa)
    await rig.service.sign(rsa.certificateId, statement)
    const others = rig.frames.filter((frame) => (frame as { method: string }).method !== 'keys.login')
    expect(JSON.stringify([others, rig.logged, rig.emitted])).not.toContain(pin)
    expect(JSON.stringify(rig.frames).split(pin)).toHaveLength(2)
  })
})

describe('certificates', () => {
  it('out of their dates are shown with the reason, and their PIN is not tried', async () => {
    await start()
    const before = keys.logins()
    expect((await failureOf(login(expired))).sentence).toMatch(/^证书已于\d{4}-\d\d-\d\d到期，请到CA机构续期；可先用账号密码登录。$/)
    expect((await failureOf(login(future))).sentence).toMatch(/^证书自\d{4}-\d\d-\d\d起生效，请核对电脑日期。$/)
    expect(keys.logins()).toBe(before)
    expect(shown(expired)?.problem?.code).toBe('key-certificate-expired')
  })

  it('that are missing leave a sentence', async () => {
    await start()
    expect((await failureOf(login(bare))).sentence).toBe('锁内无有效证书，请联系发证机构；可先用账号密码登录。')
  })
})

describe('a key pulled', () => {
  // Two looks at a look a second: tests/bench/window-lock.bench.ts measures the window.
  it('while idle is told after the second look that misses it, once', async () => {
    const looks = () => rig.frames.filter((frame) => (frame as { method: string }).method === 'keys.presentSerials').length
    const told: number[] = []
    await start(undefined, { onRemoved: () => void told.push(looks()) })
    await login(p256)
    rig.service.watch(p256.serial)
    inject('removed')
    const before = looks()
    await until('the removal is told', () => told.length > 0)
    // The list that is read anew after the first miss asks as well.
    expect((told[0] ?? 0) - before).toBeLessThanOrEqual(3)
    expect(rig.service.state().certificates).toEqual([])
    await until('more looks', () => looks() - before > 6)
    expect(told).toHaveLength(1)
  })

  it('and put back shows again and wants its PIN again', async () => {
    await start()
    await login(p256)
    inject('removed')
    await until('no key shows', () => rig.service.state().certificates.length === 0)
    keys.mend('removed')
    await until('it shows again', () => shown(p256) !== undefined)
    expect((await failureOf(rig.service.sign(p256.certificateId, statement))).sentence).toBe('签名未完成，请插回CA锁后重试。')
    await login(p256)
    await rig.service.sign(p256.certificateId, statement)
  })

  it('while signing leaves the signature undone, and signs after it is back', async () => {
    await start()
    await login(p256)
    inject('removed-while-signing')
    expect((await failureOf(rig.service.sign(p256.certificateId, statement))).sentence).toBe('签名未完成，请插回CA锁后重试。')
    keys.mend('removed-while-signing')
    await login(p256)
    await rig.service.sign(p256.certificateId, statement)
  })
})

it('a key without the algorithm says so', async () => {
  await start()
  await login(rsa)
  inject('no-mechanism')
  expect((await failureOf(rig.service.sign(rsa.certificateId, statement))).sentence).toBe('该CA锁不支持所需算法，请联系管理员。')
})

it('an operation left open is not in the way for ever', async () => {
  await start()
  await login(p256)
  inject('operation-active')
  expect((await failureOf(rig.service.sign(p256.certificateId, statement))).code).toBe('key-busy')
  keys.mend('operation-active')
  await login(p256)
  await rig.service.sign(p256.certificateId, statement)
})
