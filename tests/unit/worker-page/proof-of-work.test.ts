import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { solveWork } from '../../../central/worker-page/proof-of-work.ts'
import { sha256Words } from '../../../central/worker-page/sha256.ts'
import type { WorkChallenge } from '../../../shared/api/self-registrations.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')
const hexOf = (words: Int32Array) => [...words].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('')

const challengeOf = (salt: string, number: number, maxnumber = 3_000): WorkChallenge => ({ algorithm: 'SHA-256', challenge: sha256(salt + String(number)), salt, signature: '0'.repeat(64), maxnumber })

describe('the phone’s own SHA-256', () => {
  it('is that of the standard, for every length around the borders of its blocks', () => {
    for (let length = 0; length <= 200; length++) {
      const text = Array.from({ length }, (_, index) => String.fromCharCode(32 + ((index * 7 + length) % 95))).join('')
      expect(hexOf(sha256Words(text)), `${length}`).toBe(sha256(text))
    }
  })
})

describe('proof of work', () => {
  it('is found wherever the number lies, the first and the last one too', async () => {
    for (const number of [0, 1, 1_234, 3_000]) expect(await solveWork(challengeOf('a3f?expires=1&', number))).toMatchObject({ number, salt: 'a3f?expires=1&' })
  })

  it('rests between slices, so that the page answers to fingers', async () => {
    let [clock, rests] = [0, 0]
    await solveWork(challengeOf('a3f&', 1_000), { now: () => (clock += 5), rest: async () => void rests++ })
    expect(rests).toBeGreaterThan(3)
  })

  it('gives up on a challenge that nothing solves', async () => {
    await expect(solveWork({ ...challengeOf('a&', 1, 50), challenge: 'f'.repeat(64) })).rejects.toThrow()
  })
})
