import { randomInt } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { readCertificate } from '../../../central/auth/ca/certificate.ts'
import { createTrustStore } from '../../../central/auth/ca/trust-store.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import { codeOid, companyCode, startSignIn, verdict } from '../../support/ca-sign-in.ts'
import { makeAuthority, makeKeys, makeLeaf, otherForm, rsa, textExtension, x509, type CertificateShape } from '../../support/certificates.ts'

const { digitalSignature, keyEncipherment, keyCertSign, cRLSign } = x509.KeyUsageFlags
const usage = (flags: x509.KeyUsageFlags) => new x509.KeyUsagesExtension(flags, true)
const purpose = (...oids: string[]) => new x509.ExtendedKeyUsageExtension(oids)
const past = new Date(Date.now() - 24 * 3600 * 1000)
const future = new Date(Date.now() + 24 * 3600 * 1000)

async function verdictOn(shape: CertificateShape & { keyAlgorithm?: ReturnType<typeof rsa> }) {
  const { answer, rules, intermediate } = await startSignIn()
  return verdict(await answer({}, await makeLeaf(intermediate, shape)), rules)
}

describe('the certificate of a lock', () => {
  it.each<[string, Parameters<typeof verdictOn>[0], string]>([
    ['that has expired', { notAfter: past }, 'ca-certificate-expired'],
    ['of the future', { notBefore: future }, 'ca-certificate-not-yet-valid'],
    ['without digitalSignature', { extensions: [usage(keyEncipherment)] }, 'ca-key-usage-wrong'],
    ['without any key usage', { extensions: [] }, 'ca-key-usage-wrong'],
    ['for servers only', { extensions: [usage(digitalSignature), purpose(x509.ExtendedKeyUsage.serverAuth)] }, 'ca-key-usage-wrong'],
    ['that is itself a CA', { extensions: [usage(digitalSignature), new x509.BasicConstraintsExtension(true, undefined, true)] }, 'ca-key-usage-wrong'],
    ['with RSA-1024', { keyAlgorithm: rsa(1024) }, 'ca-chain-untrusted: weak-key'],
    ['signed with SHA-1', { hash: 'SHA-1' }, 'ca-chain-untrusted: weak-signature'],
    ['with a critical extension nobody knows', { more: [new x509.Extension('1.2.3.4.5', true, new Uint8Array([5, 0]))] }, 'ca-chain-untrusted: unknown-critical-extension'],
  ])('%s is refused', async (_which, shape, code) => {
    expect(await verdictOn(shape)).toBe(code)
  })

  it.each<[string, Parameters<typeof verdictOn>[0]]>([
    ['without extended key usage', { extensions: [usage(digitalSignature)] }],
    ['with an uncritical extension nobody knows', { more: [new x509.Extension('1.2.3.4.5', false, new Uint8Array([5, 0]))] }],
    ['with a NUL and a line break in its CN', { name: [{ CN: ['甲公司\0\n乙公司'] }] }],
  ])('%s signs in', async (_which, shape) => {
    expect(await verdictOn(shape)).toBe('signed-in')
  })

  it('signed by itself is refused', async () => {
    const { answer, rules } = await startSignIn()
    expect(await verdict(await answer({}, await makeLeaf(undefined)), rules)).toBe('ca-chain-untrusted: no-path')
  })

  it.each([false, true])('of a forged CA under the same name is refused (authority key identifier copied: %s)', async (copied) => {
    const { answer, rules, intermediate } = await startSignIn()
    const forged = await makeAuthority({ pathLength: 0, name: [{ O: ['Test CA'] }, { CN: ['Intermediate'] }] })
    const more = copied ? [await x509.AuthorityKeyIdentifierExtension.create(intermediate.certificate.publicKey)] : []
    expect(await verdict(await answer({}, await makeLeaf(forged, { more })), rules)).toBe('ca-chain-untrusted: no-path')
  })

  it.each([['revoked', 'ca-certificate-revoked'], ['unknown', 'ca-revocation-unknown']] as const)('is refused when its CA answers %s', async (status, code) => {
    const { answer, rules } = await startSignIn()
    expect(await verdict(await answer(), { ...rules, revocation: { statusOf: async () => status } })).toBe(code)
  })

  it('of another lock of the same CA does not become an issuer', async () => {
    const { answer, rules, intermediate } = await startSignIn()
    const keys = await makeKeys()
    const endEntity = await makeAuthority({ keys, extensions: [usage(digitalSignature)], name: [{ CN: ['锁'] }] }, intermediate)
    expect(await verdict(await answer({}, await makeLeaf(endEntity)), rules)).toBe('ca-chain-untrusted: no-path')
  })
})

describe('an issuer', () => {
  const basic = (pathLength?: number) => new x509.BasicConstraintsExtension(true, pathLength, true)

  it.each<[string, CertificateShape & { pathLength?: number }, string]>([
    ['that has expired', { notAfter: past }, 'ca-certificate-expired'],
    ['that is no CA', { extensions: [usage(keyCertSign)] }, 'ca-chain-untrusted: issuer-not-authority'],
    ['that may not sign certificates', { extensions: [basic(), usage(cRLSign)] }, 'ca-chain-untrusted: issuer-key-usage'],
    ['signed with SHA-1', { hash: 'SHA-1' }, 'ca-chain-untrusted: weak-signature'],
    ['with a critical extension nobody knows', { more: [new x509.Extension('2.5.29.30', true, new Uint8Array([0x30, 0]))] }, 'ca-chain-untrusted: unknown-critical-extension'],
  ])('%s vouches for nobody, though pinned', async (_which, shape, code) => {
    const root = await makeAuthority({})
    const intermediate = await makeAuthority(shape, root)
    const { answer, rules } = await startSignIn({ root, intermediate })
    expect(await verdict(await answer(), rules)).toBe(code)
  })

  it('further down than its root allows vouches for nobody', async () => {
    const root = await makeAuthority({ pathLength: 0 })
    const intermediate = await makeAuthority({}, root)
    const { answer, rules } = await startSignIn({ root, intermediate })
    expect(await verdict(await answer(), rules)).toBe('ca-chain-untrusted: path-too-long')
  })

  it.each([['has expired', { notAfter: past }, 'ca-certificate-expired'], ['is of the future', { notBefore: future }, 'ca-certificate-not-yet-valid']] as const)('under a root that %s vouches for nobody, though both are pinned', async (_how, shape, code) => {
    const root = await makeAuthority(shape)
    const { answer, rules } = await startSignIn({ root, intermediate: await makeAuthority({ pathLength: 0 }, root) })
    expect(await verdict(await answer(), rules)).toBe(code)
  })

  it('whose root is not pinned vouches for nobody', async () => {
    const root = await makeAuthority({})
    const intermediate = await makeAuthority({}, root)
    const { answer, rules } = await startSignIn({ root, intermediate, trust: intermediate.pem })
    expect(await verdict(await answer(), rules)).toBe('ca-chain-untrusted: no-path')
  })

  it('that was renewed with its own key counts while an expired edition is still pinned', async () => {
    const root = await makeAuthority({})
    const keys = await makeKeys()
    const expired = await makeAuthority({ keys, notAfter: past }, root)
    const intermediate = await makeAuthority({ keys }, root)
    const { answer, rules } = await startSignIn({ root, intermediate, trust: [expired, intermediate, root].map(({ pem }) => pem).join('\n') })
    expect(await verdict(await answer(), rules)).toBe('signed-in')
  })

  it('must be pinned at all: an empty bundle starts no service', () => {
    expect(() => createTrustStore('')).toThrow('no certificate')
  })
})

describe('the reading of a certificate', () => {
  const sent = async () => (await makeLeaf(await makeAuthority({}), { more: [textExtension(codeOid, companyCode)] })).der
  const malformed = (der: Uint8Array) => {
    try {
      readCertificate(der)
      return 'read'
    } catch (error) {
      return error instanceof AppError ? error.code : String(error)
    }
  }

  it.each<[string, (der: Buffer) => Buffer]>([
    ['a byte after its end', (der) => Buffer.concat([der, Buffer.of(0)])],
    ['another certificate after its end', (der) => Buffer.concat([der, der])],
    ['its last byte missing', (der) => der.subarray(0, -1)],
    ['an indefinite length', (der) => Buffer.concat([Buffer.of(0x30, 0x80), der.subarray(4), Buffer.of(0, 0)])],
    ['a length in more octets than it needs', (der) => Buffer.concat([Buffer.of(0x30, 0x83, 0), der.subarray(2)])],
    ['nothing but noise', () => Buffer.alloc(300, 0x5a)],
    ['PEM instead of DER', () => Buffer.from('-----BEGIN CERTIFICATE-----')],
  ])('refuses %s', async (_what, change) => {
    const der = await sent()
    expect(malformed(der)).toBe('read')
    expect(malformed(change(der))).toBe('ca-certificate-malformed')
  })

  it('refuses two extensions of one kind: readers would differ in which one counts', async () => {
    const { der } = await makeLeaf(await makeAuthority({}), { more: [textExtension(codeOid, companyCode), textExtension(codeOid, companyCode)] })
    expect(malformed(der)).toBe('ca-certificate-malformed')
  })

  it('refuses a second form of one signature, with a bit of it called unused', async () => {
    const issuer = await makeAuthority({})
    let der = (await makeLeaf(issuer)).der
    while ((der.at(-1) ?? 1) & 1) der = (await makeLeaf(issuer)).der
    const { length } = readCertificate(der).signature
    expect(der[der.length - length - 1]).toBe(0)
    der[der.length - length - 1] = 1
    expect(malformed(der)).toBe('ca-certificate-malformed')
  })

  it('knows a certificate again under the other form of its ECDSA signature, which anybody can make', async () => {
    const { intermediate, lock, answer, rules } = await startSignIn()
    const other = otherForm(lock.der)
    expect(await verdict(await answer({}, { ...lock, der: other }), rules), 'a valid certificate: it cannot be refused').toBe('signed-in')
    expect([readCertificate(other).sha256 === readCertificate(lock.der).sha256, readCertificate(other).fingerprint]).toEqual([false, readCertificate(lock.der).fingerprint])
    expect(readCertificate((await makeLeaf(intermediate)).der).fingerprint).not.toBe(readCertificate(lock.der).fingerprint)
  })

  it('refuses a signature algorithm outside that differs from the signed one inside', async () => {
    const der = Buffer.from(await sent())
    const ecdsaWithSha256 = Buffer.from('06082a8648ce3d040302', 'hex')
    der[der.lastIndexOf(ecdsaWithSha256) + ecdsaWithSha256.length - 1] = 3
    expect(malformed(der)).toBe('ca-certificate-malformed')
  })

  it('refuses more than 8 KB', async () => {
    const { answer, rules, intermediate } = await startSignIn()
    const big = await makeLeaf(intermediate, { more: [new x509.Extension('1.2.3.4.5', false, new Uint8Array(8000).fill(0x41))] })
    expect(await verdict(await answer({}, big), rules)).toBe('ca-certificate-malformed')
  })

  it('of any damaged certificate ends in a refusal, never in a fault of the service', async () => {
    const { lock, rules, answer, challenge, given } = await startSignIn()
    for (let round = 0; round < 400; round++) {
      const der = Buffer.from(lock.der)
      der[randomInt(der.length)] = randomInt(256)
      if (der.equals(lock.der)) continue
      given.set(challenge.cid, challenge)
      expect(await verdict({ ...(await answer()), unverifiedCertificate: der.toString('base64url') }, rules)).toMatch(/^ca-/)
    }
  })
})
