import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { readCertificate } from '../../../central/auth/ca/certificate.ts'
import { DerError } from '../../../central/auth/ca/der.ts'
import { revocationNotChecked } from '../../../central/auth/ca/revocation/revocation-checker.ts'
import { signatureVerifiers } from '../../../central/auth/ca/signature-verifiers.ts'
import { rawSm2Signature, sm2Oids } from '../../../central/auth/ca/sm2.ts'
import { createTrustStore } from '../../../central/auth/ca/trust-store.ts'
import type { CaAnswer, CaSignatureRules } from '../../../central/auth/ca/verify-ca-signature.ts'
import { sha256Hex } from '../../../central/auth/hashes.ts'
import { caLoginFormat, type SignedStatement } from '../../../shared/domain/ca-login-bytes.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import { cookie, verdict } from '../../support/ca-sign-in.ts'
import { makeLeaf } from '../../support/certificates.ts'

interface Vectors {
  root: string
  intermediate: string
  leaf: string
  leafOfEmptyId: string
  forged: string
  statement: SignedStatement
  signatureDer: string
  signatureOfEmptyIdDer: string
}
/** Made by OpenSSL: tests/fixtures/make-sm2-vectors.ts. */
const vectors = JSON.parse(readFileSync(new URL('../../fixtures/sm2-vectors.json', import.meta.url), 'utf8')) as Vectors

const n = BigInt('0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123')
const derOf = (pem: string) => new X509Certificate(pem).raw
const signature = rawSm2Signature(Buffer.from(vectors.signatureDer, 'hex'))
const octets = (value: bigint) => Buffer.from(value.toString(16).padStart(64, '0'), 'hex')
const [r, s] = [signature.subarray(0, 32), signature.subarray(32)]

function verdictOn(changes: { leaf?: string | Buffer; signature?: Uint8Array; nonce?: string; trust?: string; alg?: string } = {}): Promise<string> {
  const { cid, nonce, deviceId, audience } = vectors.statement
  const { leaf = vectors.leaf, alg = 'SM2SM3', trust = vectors.intermediate + vectors.root } = changes
  const answer: CaAnswer = {
    fmt: caLoginFormat, cid, alg, deviceId, connectionCookie: cookie,
    unverifiedCertificate: (typeof leaf === 'string' ? derOf(leaf) : leaf).toString('base64url'),
    signature: Buffer.from(changes.signature ?? signature).toString('base64url'),
  }
  const now = () => new Date('2030-01-01')
  const rules: CaSignatureRules = {
    audience, purpose: 'login', trust: createTrustStore(trust), revocation: revocationNotChecked, verifiers: signatureVerifiers, now,
    take: async () => ({ cid, nonce: changes.nonce ?? nonce, deviceId, connectionHash: sha256Hex(cookie), expiresAt: new Date('2030-01-02') }),
  }
  return verdict(answer, rules)
}

it('a statement that OpenSSL signed with SM2 and SM3 under the usual id, with a certificate of an SM2 CA, signs in', async () => {
  expect(await verdictOn()).toBe('signed-in')
})

it.each<[string, Parameters<typeof verdictOn>[0]]>([
  ['over another nonce', { nonce: Buffer.alloc(32, 8).toString('base64url') }],
  ['under an empty id', { signature: rawSm2Signature(Buffer.from(vectors.signatureOfEmptyIdDer, 'hex')) }],
  ['in DER instead of raw', { signature: Buffer.from(vectors.signatureDer, 'hex') }],
  ['with r = 0', { signature: Buffer.concat([Buffer.alloc(32), s]) }],
  ['with s = 0', { signature: Buffer.concat([r, Buffer.alloc(32)]) }],
  ['with r = n', { signature: Buffer.concat([octets(n), s]) }],
  ['with s = n', { signature: Buffer.concat([r, octets(n)]) }],
  ['with r + s = n', { signature: Buffer.concat([r, octets(n - BigInt(`0x${r.toString('hex')}`))]) }],
  ['with a byte more', { signature: Buffer.concat([signature, Buffer.alloc(1)]) }],
  ['that is empty but for its shape', { signature: Buffer.alloc(64, 0xff) }],
])('an SM2 signature %s is refused', async (_how, changes) => {
  expect(await verdictOn(changes)).toBe('ca-signature-invalid')
})

it('no flipped bit of an SM2 signature passes', async () => {
  for (let bit = 0; bit < 512; bit += 13) {
    const flipped = Buffer.from(signature)
    flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    expect(await verdictOn({ signature: flipped })).toBe('ca-signature-invalid')
  }
})

it.each<[string, Parameters<typeof verdictOn>[0]]>([
  ['whose CA signed it under an empty id', { leaf: vectors.leafOfEmptyId }],
  ['of a forged SM2 CA under the same name', { leaf: vectors.forged }],
  ['whose root is not pinned', { trust: vectors.intermediate }],
])('a certificate %s has no path to a root', async (_which, changes) => {
  expect(await verdictOn(changes)).toBe('ca-chain-untrusted: no-path')
})

it('a signature in a certificate has one form: its numbers are positive and whole', () => {
  const der = (...numbers: Buffer[]) => Buffer.concat([Buffer.of(0x30, numbers.reduce((sum, { length }) => sum + length, 0)), ...numbers])
  const high = Buffer.alloc(32, 0x81)
  const [positive, negative] = [Buffer.concat([Buffer.of(2, 33, 0), high]), Buffer.concat([Buffer.of(2, 32), high])]
  expect(rawSm2Signature(der(positive, positive))).toEqual(Buffer.concat([high, high]))
  expect(() => rawSm2Signature(der(negative, positive))).toThrow(DerError)
  expect(() => rawSm2Signature(der(positive, negative))).toThrow(DerError)
})

it('a certificate whose SM2 key is no point of the curve cannot be read', () => {
  const der = Buffer.from(derOf(vectors.leaf))
  const key = Buffer.concat([Buffer.from('03420004', 'hex')])
  const at = der.indexOf(key) + key.length
  der[at + 40] = (der[at + 40] ?? 0) ^ 1
  expect(() => readCertificate(der)).toThrow(AppError)
})

it('an SM2 lock says SM2SM3, and a lock of another kind does not', async () => {
  expect(await verdictOn({ alg: 'ES256' })).toBe('ca-algorithm-mismatch')
  expect(readCertificate((await makeLeaf(undefined)).der).sm2Key).toBeNull()
  expect(readCertificate(derOf(vectors.leaf)).signatureAlgorithm).toBe(sm2Oids.sm2WithSm3)
})
