import { describe, expect, it } from 'vitest'
import { startSignIn, verdict } from '../../support/ca-sign-in.ts'
import { makeLeaf, rsa, signText } from '../../support/certificates.ts'
import { signedStatementText } from '../../../shared/domain/ca-login-bytes.ts'

const orderOfP256 = Buffer.from('ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551', 'hex')

describe('what the lock signed', () => {
  it.each([
    ['another audience', { audience: 'https://evil.test' }],
    ['the audience in plain http', { audience: 'http://central.test' }],
    ['the audience with a slash', { audience: 'https://central.test/' }],
    ['the audience with a port', { audience: 'https://central.test:443' }],
    ['the audience in capitals', { audience: 'https://CENTRAL.test' }],
    ['another purpose', { purpose: `submit:${'0'.repeat(64)}` }],
    ['another device', { deviceId: 'device-ffffffffffffffff' }],
    ['another nonce', { nonce: 'A'.repeat(43) }],
    ['another certificate', { certificateSha256: '0'.repeat(64) }],
    ['another format', { format: 'SHHR-CALOGIN-v0' }],
    ['two fields in one', { audience: 'https://central.test\nx' }],
  ])('does not sign in with %s', async (_what, signed) => {
    const { answer, rules } = await startSignIn()
    expect(await verdict(await answer(signed), rules)).toBe('ca-signature-invalid')
  })

  it('cannot hold a field with a line break: the statement is not even built', () => {
    const fields = { audience: 'https://central.test', cid: 'c', nonce: 'n', deviceId: 'd', purpose: 'login', certificateSha256: 'f', alg: 'ES256' as const }
    expect(() => signedStatementText({ ...fields, deviceId: 'd\nlogin' })).toThrow(RangeError)
  })

  it('is not any other document the lock once signed', async () => {
    const { answer, rules, lock } = await startSignIn()
    expect(await verdict({ ...(await answer()), signature: await signText('合同：本公司同意付款', lock.keys) }, rules)).toBe('ca-signature-invalid')
  })
})

describe('a signature', () => {
  it('of an RSA-2048 lock signs in', async () => {
    const { answer, rules, intermediate } = await startSignIn()
    expect(await verdict(await answer({}, await makeLeaf(intermediate, { keyAlgorithm: rsa() })), rules)).toBe('signed-in')
  })

  it.each([0, 255, 300, 511])('with bit %i flipped is refused', async (bit) => {
    const { answer, rules } = await startSignIn()
    const sent = await answer()
    const signature = Buffer.from(sent.signature, 'base64url')
    signature[bit >> 3] = (signature[bit >> 3] ?? 0) ^ (1 << (bit & 7))
    expect(await verdict({ ...sent, signature: signature.toString('base64url') }, rules)).toBe('ca-signature-invalid')
  })

  it('by another key is refused', async () => {
    const { answer, rules, lock, intermediate } = await startSignIn()
    const other = await makeLeaf(intermediate)
    expect(await verdict(await answer({}, { der: lock.der, keys: other.keys }), rules)).toBe('ca-signature-invalid')
  })

  it.each(['none', 'HS256', 'RS1', 'es256', '__proto__', 'constructor', 'sm2sm3'])('named %s is refused', async (alg) => {
    const { answer, rules } = await startSignIn()
    expect(await verdict(await answer({ alg }), rules)).toBe('ca-algorithm-unsupported')
  })

  it('named ES256 by an RSA lock is refused, and the other way round', async () => {
    const first = await startSignIn()
    expect(await verdict(await first.answer({ alg: 'ES256' }, await makeLeaf(first.intermediate, { keyAlgorithm: rsa() })), first.rules)).toBe('ca-algorithm-mismatch')
    const second = await startSignIn()
    expect(await verdict(await second.answer({ alg: 'RS256' }), second.rules)).toBe('ca-algorithm-mismatch')
  })

  it.each([
    ['r = 0', Buffer.alloc(32), undefined],
    ['s = 0', undefined, Buffer.alloc(32)],
    ['r = n', orderOfP256, undefined],
    ['s = n', undefined, orderOfP256],
    ['r = s = 0', Buffer.alloc(32), Buffer.alloc(32)],
  ])('with %s is refused', async (_what, r, s) => {
    const { answer, rules } = await startSignIn()
    const sent = await answer()
    const genuine = Buffer.from(sent.signature, 'base64url')
    const forged = Buffer.concat([r ?? genuine.subarray(0, 32), s ?? genuine.subarray(32)])
    expect(await verdict({ ...sent, signature: forged.toString('base64url') }, rules)).toBe('ca-signature-invalid')
  })

  it('in DER where raw is expected is refused', async () => {
    const { answer, rules } = await startSignIn()
    const sent = await answer()
    const raw = Buffer.from(sent.signature, 'base64url')
    const integer = (bytes: Buffer) => {
      const trimmed = bytes.subarray(bytes.findIndex((byte) => byte !== 0))
      const positive = (trimmed[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), trimmed]) : trimmed
      return Buffer.concat([Buffer.of(2, positive.length), positive])
    }
    const parts = Buffer.concat([integer(raw.subarray(0, 32)), integer(raw.subarray(32))])
    const der = Buffer.concat([Buffer.of(0x30, parts.length), parts])
    expect(await verdict({ ...sent, signature: der.toString('base64url') }, rules)).toBe('ca-signature-invalid')
  })

  it('in a second base64url spelling of the same bytes is refused', async () => {
    const { answer, rules } = await startSignIn()
    const sent = await answer()
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
    // 64 bytes leave four unused bits in the last character.
    const respelled = sent.signature.slice(0, -1) + alphabet[alphabet.indexOf(sent.signature.at(-1) ?? '') + 1]
    expect(Buffer.from(respelled, 'base64url')).toEqual(Buffer.from(sent.signature, 'base64url'))
    expect(await verdict({ ...sent, signature: respelled }, rules)).toBe('ca-signature-invalid')
  })
})
