import { constants, createHash, KeyObject, privateEncrypt, sign } from 'node:crypto'
import { beforeAll, describe, expect, it } from 'vitest'
import { signedStatementText, type SignedStatement } from '../../shared/domain/ca-login-bytes.ts'
import { audience, deviceId, startSignIn, verdict, type Leaf } from '../support/ca-sign-in.ts'
import { makeAuthority, makeLeaf, rsa, x509, type CertificateShape, type TestAuthority } from '../support/certificates.ts'

/** Signatures and certificates that a forger would send, besides those of tests/unit/central-auth. */
let root: TestAuthority
let intermediate: TestAuthority
beforeAll(async () => {
  root = await makeAuthority({})
  intermediate = await makeAuthority({ pathLength: 0 }, root)
})

const privateKeyOf = ({ keys }: Leaf) => KeyObject.from(keys.privateKey)

/** The verdict on a signature made by hand. */
async function verdictOnSignature(leaf: Leaf, alg: 'RS256' | 'ES256', make: (text: Buffer) => Buffer): Promise<string> {
  const { challenge, rules, answer } = await startSignIn({ root, intermediate })
  const statement: SignedStatement = { audience, cid: challenge.cid, nonce: challenge.nonce, deviceId, purpose: 'login', certificateSha256: createHash('sha256').update(leaf.der).digest('hex'), alg }
  return verdict({ ...(await answer({ alg }, leaf)), signature: make(Buffer.from(signedStatementText(statement))).toString('base64url') }, rules)
}

describe('a signature of an RSA lock', () => {
  let leaf: Leaf
  beforeAll(async () => void (leaf = await makeLeaf(intermediate, { keyAlgorithm: rsa() })))
  const digestInfo = (algorithm: string) => (text: Buffer) => Buffer.concat([Buffer.from(algorithm, 'hex'), createHash('sha256').update(text).digest()])
  const sha256Info = digestInfo('3031300d060960864801650304020105000420')
  const raw = (block: (text: Buffer) => Buffer, padding = constants.RSA_PKCS1_PADDING) => (text: Buffer) => privateEncrypt({ key: privateKeyOf(leaf), padding }, block(text))

  it('made by hand as RFC 8017 says signs in, so that the refusals below are about what they say', async () => {
    expect(await verdictOnSignature(leaf, 'RS256', raw(sha256Info))).toBe('signed-in')
  })

  it.each<[string, (text: Buffer) => Buffer]>([
    ['with PSS padding', (text) => sign('sha256', text, { key: privateKeyOf(leaf), padding: constants.RSA_PKCS1_PSS_PADDING })],
    ['over SHA-1', (text) => sign('sha1', text, privateKeyOf(leaf))],
    ['over SHA-512', (text) => sign('sha512', text, privateKeyOf(leaf))],
    ['over the hash alone, without saying which hash', (text) => raw((all) => createHash('sha256').update(all).digest())(text)],
    ['with a byte behind the hash (Bleichenbacher 2006)', (text) => raw((all) => Buffer.concat([sha256Info(all), Buffer.of(0)]))(text)],
    ['with the parameters of the hash left out', (text) => raw(digestInfo('302f300b0609608648016503040201' + '0420'))(text)],
    ['with parameters that are no NULL', (text) => raw(digestInfo('3032300e0609608648016503040201' + '05010004' + '20'))(text)],
    ['with padding that is zeros instead of ones', (text) => raw((all) => Buffer.concat([Buffer.of(0, 1), Buffer.alloc(256 - 3 - 51), Buffer.of(0), sha256Info(all)]), constants.RSA_NO_PADDING)(text)],
    ['with padding that ends early', (text) => raw((all) => Buffer.concat([Buffer.of(0, 1), Buffer.alloc(8, 0xff), Buffer.of(0), sha256Info(all), Buffer.alloc(256 - 11 - 51, 1)]), constants.RSA_NO_PADDING)(text)],
    ['of zeros', () => Buffer.alloc(256)],
    ['of ones', () => Buffer.alloc(256, 0xff)],
    ['that is the number 1', () => Buffer.concat([Buffer.alloc(255), Buffer.of(1)])],
    ['a byte too long', (text) => Buffer.concat([sign('sha256', text, privateKeyOf(leaf)), Buffer.of(0)])],
    ['with a zero before it', (text) => Buffer.concat([Buffer.of(0), sign('sha256', text, privateKeyOf(leaf))])],
    ['a byte too short', (text) => sign('sha256', text, privateKeyOf(leaf)).subarray(1)],
    ['of nothing', () => sign('sha256', Buffer.alloc(0), privateKeyOf(leaf))],
    ['over the text with a line break at its end', (text) => sign('sha256', Buffer.concat([text, Buffer.of(10)]), privateKeyOf(leaf))],
    ['over the text with Windows line breaks', (text) => sign('sha256', Buffer.from(text.toString().replaceAll('\n', '\r\n')), privateKeyOf(leaf))],
    ['over the hash of the text', (text) => sign('sha256', createHash('sha256').update(text).digest(), privateKeyOf(leaf))],
  ])('%s is refused', async (_how, make) => {
    expect(await verdictOnSignature(leaf, 'RS256', make)).toBe('ca-signature-invalid')
  })
})

describe('a signature of a P-256 lock', () => {
  let leaf: Leaf
  beforeAll(async () => void (leaf = await makeLeaf(intermediate)))
  const right = (text: Buffer, hash = 'sha256') => sign(hash, text, { key: privateKeyOf(leaf), dsaEncoding: 'ieee-p1363' })

  it.each<[string, (text: Buffer) => Buffer]>([
    ['over SHA-384', (text) => right(text, 'sha384')],
    ['over SHA-1', (text) => right(text, 'sha1')],
    ['with r and s changed about', (text) => Buffer.concat([right(text).subarray(32), right(text).subarray(0, 32)])],
    ['with a byte more', (text) => Buffer.concat([right(text), Buffer.of(0)])],
    ['with a byte less', (text) => right(text).subarray(0, 63)],
    ['of numbers 48 bytes long', (text) => Buffer.concat([Buffer.alloc(16), right(text).subarray(0, 32), Buffer.alloc(16), right(text).subarray(32)])],
    ['twice over', (text) => Buffer.concat([right(text), right(text)])],
    ['that is r = s = 1', () => Buffer.concat([Buffer.alloc(31), Buffer.of(1), Buffer.alloc(31), Buffer.of(1)])],
    ['of ones', () => Buffer.alloc(64, 0xff)],
  ])('%s is refused', async (_how, make) => {
    expect(await verdictOnSignature(leaf, 'ES256', make)).toBe('ca-signature-invalid')
  })
})

const curve = (namedCurve: string) => ({ name: 'ECDSA', namedCurve, hash: 'SHA-256' })
const { digitalSignature, nonRepudiation, keyAgreement, cRLSign } = x509.KeyUsageFlags
const usage = (flags: x509.KeyUsageFlags) => new x509.KeyUsagesExtension(flags, true)
const bytes = (...values: number[]) => new Uint8Array(values)
const day = 24 * 3600 * 1000

async function verdictOn(shape: CertificateShape & { keyAlgorithm?: ReturnType<typeof curve> | ReturnType<typeof rsa> }, issuer = intermediate): Promise<string> {
  const { answer, rules } = await startSignIn({ root, intermediate })
  return verdict(await answer({}, await makeLeaf(issuer, shape)), rules)
}

describe('the certificate of a lock', () => {
  it.each<[string, Parameters<typeof verdictOn>[0], string]>([
    ['for documents only (nonRepudiation)', { extensions: [usage(nonRepudiation)] }, 'ca-key-usage-wrong'],
    ['for encryption by agreement only', { extensions: [usage(keyAgreement)] }, 'ca-key-usage-wrong'],
    ['that may sign revocation lists and nothing else', { extensions: [usage(cRLSign)] }, 'ca-key-usage-wrong'],
    ['for code signing', { extensions: [usage(digitalSignature), new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.codeSigning])] }, 'ca-key-usage-wrong'],
    ['for answering about revocation', { extensions: [usage(digitalSignature), new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.ocspSigning])] }, 'ca-key-usage-wrong'],
    ['whose key usage is no bit string', { extensions: [new x509.Extension('2.5.29.15', true, bytes(2, 1, 1))] }, 'ca-certificate-malformed'],
    ['whose key usage is empty', { extensions: [new x509.Extension('2.5.29.15', true, bytes())] }, 'ca-certificate-malformed'],
    ['whose key usage has no bit set', { extensions: [new x509.Extension('2.5.29.15', true, bytes(3, 1, 0))] }, 'ca-key-usage-wrong'],
    ['whose extended usage is an empty list', { extensions: [usage(digitalSignature), new x509.Extension('2.5.29.37', false, bytes(0x30, 0))] }, 'ca-key-usage-wrong'],
    ['whose extended usage is garbage', { extensions: [usage(digitalSignature), new x509.Extension('2.5.29.37', false, bytes(0x30, 3, 6, 1, 0x80))] }, 'ca-certificate-malformed'],
    ['that began and ended yesterday', { notBefore: new Date(Date.now() - 2 * day), notAfter: new Date(Date.now() - day) }, 'ca-certificate-expired'],
    ['that ends before it begins', { notBefore: new Date(Date.now() + day), notAfter: new Date(Date.now() - day) }, 'ca-certificate-not-yet-valid'],
    ['with a P-384 key, which is none of the locks\'', { keyAlgorithm: curve('P-384') }, 'ca-algorithm-mismatch'],
    ['with a P-521 key', { keyAlgorithm: curve('P-521') }, 'ca-algorithm-mismatch'],
    ['with a critical extension that stands twice', { more: [new x509.Extension('1.2.3.4', true, bytes(5, 0)), new x509.Extension('1.2.3.4', true, bytes(5, 0))] }, 'ca-certificate-malformed'],
    ['limited to names by a critical constraint', { more: [new x509.Extension('2.5.29.30', true, bytes(0x30, 0))] }, 'ca-chain-untrusted: unknown-critical-extension'],
  ])('%s is refused', async (_which, shape, code) => {
    expect(await verdictOn(shape)).toBe(code)
  })

  it('of another sub-CA under the same pinned root is refused: the sub-CA itself is what is pinned', async () => {
    const sibling = await makeAuthority({ pathLength: 0, name: [{ O: ['Test CA'] }, { CN: ['Sibling'] }] }, root)
    expect(await verdictOn({}, sibling)).toBe('ca-chain-untrusted: no-path')
  })

  it('of a sub-CA of the pinned sub-CA is refused', async () => {
    const below = await makeAuthority({ name: [{ CN: ['Below'] }] }, intermediate)
    expect(await verdictOn({}, below)).toBe('ca-chain-untrusted: no-path')
  })

  it('of a pinned CA that another key of the same name has signed is refused', async () => {
    const sameName = await makeAuthority({ pathLength: 0, name: [{ O: ['Test CA'] }, { CN: ['Intermediate'] }] }, root)
    const { answer, rules } = await startSignIn({ root, intermediate: sameName })
    expect(await verdict(await answer({}, await makeLeaf(intermediate)), rules)).toBe('ca-chain-untrusted: no-path')
  })

  it('is not looked for for ever where pinned CAs certify each other in a ring', async () => {
    const [one, two] = [await makeAuthority({ name: [{ CN: ['One'] }] }), await makeAuthority({ name: [{ CN: ['Two'] }] })]
    const oneByTwo = await makeAuthority({ name: [{ CN: ['One'] }], keys: one.keys }, two)
    const twoByOne = await makeAuthority({ name: [{ CN: ['Two'] }], keys: two.keys }, one)
    const { answer, rules } = await startSignIn({ root, intermediate, trust: `${oneByTwo.pem}\n${twoByOne.pem}` })
    expect(await verdict(await answer({}, await makeLeaf(one)), rules)).toBe('ca-chain-untrusted: no-path')
  })

  it('five CAs deep is refused', async () => {
    const path = [await makeAuthority({ name: [{ CN: ['CA 0'] }] })]
    for (let level = 1; level < 5; level++) path.push(await makeAuthority({ name: [{ CN: [`CA ${level}`] }] }, path.at(-1)))
    const { answer, rules } = await startSignIn({ root, intermediate, trust: path.map(({ pem }) => pem).join('\n') })
    expect(await verdict(await answer({}, await makeLeaf(path[3])), rules)).toBe('signed-in')
    const next = await startSignIn({ root, intermediate, trust: path.map(({ pem }) => pem).join('\n') })
    expect(await verdict(await next.answer({}, await makeLeaf(path[4])), next.rules)).toBe('ca-chain-untrusted: no-path')
  })

  it('is not that of the CA itself, whose key signed the challenge', async () => {
    const { answer, rules } = await startSignIn({ root, intermediate })
    const own = { der: Buffer.from(intermediate.certificate.rawData), keys: intermediate.keys }
    expect(await verdict(await answer({}, own), rules)).toBe('ca-key-usage-wrong')
  })
})
