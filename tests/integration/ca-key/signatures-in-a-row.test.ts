import { createHash, X509Certificate } from 'node:crypto'
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import pkcs11 from 'pkcs11js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { makeToken, type MadeToken } from '../../../build/demo/demo-token.ts'
import { failureOf, startKeys, until } from '../../support/key-service-rig.ts'
import { makeTestKeys, type TestKeys } from '../../support/softhsm.ts'

// After the first signature the key process no longer searches the key for the certificate and its private key, which takes
// longer than to sign: what it remembers must not outlive the key it was read from.
const pin = '20260101'
const statement = { audience: 'https://central.example', cid: 'cid-1', nonce: 'n'.repeat(43), deviceId: 'device-1', purpose: 'login' }
const undone = '签名未完成，请插回CA锁后重试。'

let keys: TestKeys
let token: MadeToken
let rig: ReturnType<typeof startKeys>
const sign = () => rig.service.sign(token.certificateId, statement)

beforeEach(async () => {
  keys = await makeTestKeys()
  Object.assign(process.env, keys.env)
  token = await makeToken(keys.store, keys.ca, { label: 'own', pin, company: '甲修缮公司', organizationCode: '91310000MA1FL0000X', algorithm: 'P-256' })
  // No look at the keys between two signatures tells the process anything.
  rig = startKeys(keys.faultyModule, { pollEvery: 3_600_000 })
  await until('the key shows', () => rig.service.state().certificates.length === 1)
  await rig.service.login(token.certificateId, pin, false)
  await sign()
})
afterEach(() => {
  rig.service.close()
  keys.remove()
})

describe('the next signature', () => {
  it('is not made with another key that is in the slot now', async () => {
    keys.inject('another')
    expect((await failureOf(sign())).sentence).toBe(undone)
  })

  it('is not made without the key, nor with the one put back before its PIN', async () => {
    keys.inject('removed')
    expect((await failureOf(sign())).sentence).toBe(undone)
    keys.mend('removed')
    expect((await failureOf(sign())).sentence).toBe(undone)
    await rig.service.login(token.certificateId, pin, false)
    expect((await sign()).alg).toBe('ES256')
  })

  it('finds a handle that went stale again, without a second PIN', async () => {
    const before = keys.logins()
    keys.inject('stale-handle')
    expect((await sign()).alg).toBe('ES256')
    expect(existsSync(join(keys.env['FAULT_DIR'] ?? '', 'stale-handle'))).toBe(false)
    expect(keys.logins()).toBe(before)
  })

  it('says so where the content of the key has gone', async () => {
    const tokens = join(keys.store.directory, 'tokens')
    for (const each of readdirSync(tokens)) rmSync(join(tokens, each), { recursive: true })
    expect((await failureOf(sign())).sentence).toBe('读不到CA锁，请重新插拔。')
  })

  it('carries a renewed certificate once the keys have been looked at again', async () => {
    const renewed = await renewCertificate()
    await rig.service.refresh()
    const { certificate } = await sign()
    expect(createHash('sha256').update(Buffer.from(certificate, 'base64url')).digest('hex')).toBe(createHash('sha256').update(renewed).digest('hex'))
  })
})

/** Puts a later certificate of the same pair beside the one on the key, as a CA's renewal tool does. */
async function renewCertificate(): Promise<Uint8Array> {
  const spki = new X509Certificate(token.certificate).publicKey.export({ type: 'spki', format: 'der' })
  const renewed = await keys.ca.issueSigningCertificate({
    publicKeySpki: spki, company: '甲修缮公司', organizationCode: '91310000MA1FL0000X', usage: 'sign', notAfter: new Date(Date.now() + 900 * 86_400_000),
  })
  const library = new pkcs11.PKCS11()
  library.load(keys.store.modulePath)
  library.C_Initialize({ flags: pkcs11.CKF_OS_LOCKING_OK })
  const slot = library.C_GetSlotList(true).find((each) => library.C_GetTokenInfo(each).serialNumber.trim() === token.serial)
  if (!slot) throw new Error('the token is not there')
  const session = library.C_OpenSession(slot, pkcs11.CKF_SERIAL_SESSION | pkcs11.CKF_RW_SESSION)
  library.C_Login(session, pkcs11.CKU_USER, pin)
  library.C_CreateObject(session, [
    { type: pkcs11.CKA_CLASS, value: pkcs11.CKO_CERTIFICATE },
    { type: pkcs11.CKA_CERTIFICATE_TYPE, value: pkcs11.CKC_X_509 },
    { type: pkcs11.CKA_TOKEN, value: true },
    { type: pkcs11.CKA_PRIVATE, value: false },
    { type: pkcs11.CKA_ID, value: Buffer.from(token.certificateId.slice(token.certificateId.indexOf('/') + 1), 'hex') },
    { type: pkcs11.CKA_SUBJECT, value: Buffer.from([0x30, 0x00]) },
    { type: pkcs11.CKA_VALUE, value: Buffer.from(renewed) },
  ])
  library.C_Finalize()
  library.close()
  return renewed
}
