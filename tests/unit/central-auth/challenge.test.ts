import { describe, expect, it } from 'vitest'
import { cookie, deviceId, startSignIn, verdict } from '../../support/ca-sign-in.ts'

describe('a challenge', () => {
  it('signs in once when its own workstation answers in time', async () => {
    const { answer, rules } = await startSignIn()
    expect(await verdict(await answer(), rules)).toBe('signed-in')
  })

  it('is used up by the sign-in it served', async () => {
    const { answer, rules } = await startSignIn()
    const sent = await answer()
    await verdict(sent, rules)
    expect(await verdict(sent, rules)).toBe('challenge-unknown')
  })

  it('is used up by an attempt that failed', async () => {
    const { answer, rules } = await startSignIn()
    const sent = await answer()
    expect(await verdict({ ...sent, signature: `${sent.signature.startsWith('A') ? 'B' : 'A'}${sent.signature.slice(1)}` }, rules)).toBe('ca-signature-invalid')
    expect(await verdict(sent, rules)).toBe('challenge-unknown')
  })

  it('is not used up by a request that names no known format or algorithm', async () => {
    const { answer, rules } = await startSignIn()
    const sent = await answer()
    expect(await verdict({ ...sent, fmt: 'SHHR-CALOGIN-v2' }, rules)).toBe('ca-format-unsupported')
    expect(await verdict({ ...sent, alg: 'none' }, rules)).toBe('ca-algorithm-unsupported')
    expect(await verdict(sent, rules)).toBe('signed-in')
  })

  it('expires after 120 seconds', async () => {
    const { answer, rules, challenge } = await startSignIn()
    expect(await verdict(await answer(), { ...rules, now: () => challenge.expiresAt })).toBe('challenge-expired')
  })

  it('cannot be invented', async () => {
    const { answer, rules } = await startSignIn()
    expect(await verdict({ ...(await answer({ cid: 'madeupmadeup' })), cid: 'madeupmadeup' }, rules)).toBe('challenge-unknown')
  })

  it.each([
    ['another device', { deviceId: 'device-ffffffffffffffff' }],
    ['another connection', { connectionCookie: 'another-cookie' }],
    ['a connection without its cookie', { connectionCookie: undefined }],
  ])('is refused over %s', async (_from, change) => {
    const { answer, rules } = await startSignIn()
    expect(await verdict({ ...(await answer()), ...change }, rules)).toBe('challenge-wrong-device')
  })

  it('of one workstation does not serve another that signs it as its own', async () => {
    const { answer, rules } = await startSignIn()
    const thief = 'device-ffffffffffffffff'
    expect(await verdict({ ...(await answer({ deviceId: thief })), deviceId: thief, connectionCookie: cookie }, rules)).toBe('challenge-wrong-device')
    expect(thief).not.toBe(deviceId)
  })
})
