import { createHash, webcrypto, X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCentralClient } from '../../../electron/host/central/central-client.ts'
import { signedStatementText } from '../../../shared/domain/ca-login-bytes.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import { install, type Installation } from '../../support/central-program.ts'
import { newDeviceId, nextCreditCode, password, recoveryPublicKey, sha256 } from '../../support/central-service.ts'
import { signText } from '../../support/certificates.ts'
import { openRevokingCa, type RevokingCa } from '../../support/revoking-ca.ts'

describe('the program of the central service, where the operator names OpenSSL as the responder of his CA,', () => {
  let installation: Installation
  let openssl: RevokingCa
  let lock: { der: Uint8Array; keys: CryptoKeyPair }
  beforeAll(async () => {
    installation = await install({ kind: 'sqlite', path: '' })
    const { folder, ca, operate } = installation
    openssl = openRevokingCa({ certificate: ca.intermediatePem, key: readFileSync(join(folder, 'ca', 'intermediate.key'), 'utf8') })
    writeFileSync(join(folder, 'recovery.pem'), recoveryPublicKey)
    const creditCode = nextCreditCode()
    const given = { 'name': '甲修缮有限公司', 'kind': 'contractor', 'credit-code': creditCode, 'address': '示例路1号', 'contact-name': '张三', 'contact-phone': '021-00000000', 'recovery-key': join(folder, 'recovery.pem') }
    const organization = (await operate(['organization', ...Object.entries(given).flatMap(([option, value]) => [`--${option}`, value])])).out
    const account = (await operate(['account', '--organization', organization, '--username', 'zhang.san', '--display-name', '张三', '--role', 'clerk'], `${password}\n`)).out
    const keys = (await webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify'])) as unknown as CryptoKeyPair
    lock = { keys, der: await ca.issueSigningCertificate({ publicKeySpki: new Uint8Array(await webcrypto.subtle.exportKey('spki', keys.publicKey)), company: '甲修缮有限公司', organizationCode: creditCode }) }
    writeFileSync(join(folder, 'lock.der'), lock.der)
    expect((await operate(['bind', '--certificate', join(folder, 'lock.der'), '--account', account])).err).toBe('')
  })
  afterAll(async () => {
    await openssl?.close()
    installation?.remove()
  })

  const fingerprintOf = (pem: string) => createHash('sha256').update(new X509Certificate(pem).raw).digest('hex')

  /** Starts the service, signs in as a workstation does, and stops it. */
  async function signInWhere(changes: Record<string, string>): Promise<{ outcome: string; warnings: Record<string, unknown>[] }> {
    const probe = createServer().listen(0, '127.0.0.1')
    await once(probe, 'listening')
    const { port } = probe.address() as AddressInfo
    probe.close()
    await once(probe, 'close')
    const service = await installation.start({ CENTRAL_PORT: String(port), CENTRAL_AUDIENCE: `https://127.0.0.1:${port}`, ...changes })
    const deviceId = newDeviceId()
    const central = createCentralClient({ centralUrl: service.url, centralCa: installation.ca.rootPem, allowPlainHttp: false, tokenDriver: null }, () => deviceId)
    let outcome = ''
    try {
      const { cid, nonce } = await central.createChallenge(deviceId)
      const text = signedStatementText({ audience: central.audience, cid, nonce, deviceId, purpose: 'login', certificateSha256: sha256(lock.der), alg: 'ES256' })
      const proof = { cid, unverifiedCertificate: Buffer.from(lock.der).toString('base64url'), alg: 'ES256' as const, signature: await signText(text, lock.keys), deviceId }
      outcome = (await central.signInWithCaKey(proof)).outcome
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      outcome = error.code
    } finally {
      central.close()
      expect(await service.stop()).toBe(0)
    }
    const lines = (await service.said).trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>)
    return { outcome, warnings: lines.filter(({ level }) => level === 'warn') }
  }

  const name = (sources: unknown) => {
    const file = join(installation.folder, 'revocation.json')
    writeFileSync(file, JSON.stringify(sources))
    return { CENTRAL_REVOCATION: file }
  }

  it('says at its start for how many pinned CAs it does not ask', async () => {
    const { outcome, warnings } = await signInWhere({})
    expect(outcome).toBe('signed-in')
    expect(warnings).toMatchObject([{ message: 'certificates of some pinned CAs are not checked for revocation', withoutSource: 2, pinned: 2 }])
  })

  it('lets a good lock in, refuses it once it is revoked, and keeps it out while the responder is gone', async () => {
    const { ca } = installation
    openssl.set(lock.der, 'V')
    const responder = await openssl.startResponder()
    const settings = name([{ issuer: fingerprintOf(ca.intermediatePem), ocsp: responder.url }])
    expect(await signInWhere(settings)).toMatchObject({ outcome: 'signed-in', warnings: [{ withoutSource: 1, pinned: 2 }] })
    await responder.stop()
    expect(await signInWhere({ ...settings, CENTRAL_REVOCATION_GRACE: '1' })).toMatchObject({ outcome: 'signed-in', warnings: [{}, { reason: 'ECONNREFUSED' }] })
    expect((await signInWhere(settings)).outcome).toBe('ca-revocation-unknown')
    openssl.set(lock.der, 'R')
    const revoking = await openssl.startResponder()
    expect((await signInWhere(name([{ issuer: fingerprintOf(ca.intermediatePem), ocsp: revoking.url }]))).outcome).toBe('ca-certificate-revoked')
  }, 60_000)

  it('says nothing at its start where it asks for every pinned CA', async () => {
    const { ca } = installation
    const file = join(installation.folder, 'none.crl')
    const sources = [ca.intermediatePem, ca.rootPem].map((pem) => ({ issuer: fingerprintOf(pem), crl: file }))
    const { warnings } = await signInWhere(name(sources))
    expect(warnings.map(({ message }) => message)).not.toContain('certificates of some pinned CAs are not checked for revocation')
  })

  it('does not start with a file that is wrong, and says what is wrong in one Chinese line', async () => {
    const { folder } = installation
    await expect(installation.start(name([{ issuer: 'a'.repeat(64), ocsp: 'http://127.0.0.1/' }]))).rejects.toThrow(`CENTRAL_REVOCATION：${join(folder, 'revocation.json')} 第1项：issuer不是CENTRAL_TRUSTED_CAS中的证书`)
  })
})
