import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { creditCodeCheckCharacter, isCreditCode, normalizeCreditCode } from '../../../shared/domain/credit-code.ts'

const alphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const character = fc.constantFrom(...alphabet)
const codes = fc
  .tuple(fc.string({ unit: character, minLength: 2, maxLength: 2 }), fc.stringMatching(/^\d{6}$/), fc.string({ unit: character, minLength: 9, maxLength: 9 }))
  .map((parts) => parts.join(''))
  .map((first17) => first17 + creditCodeCheckCharacter(first17))

describe('统一社会信用代码, GB 32100-2015', () => {
  // 中国移动通信集团有限公司 and 国家电网有限公司, as both print it on their own pages.
  it.each(['91110000710925462X', '9111000071093123XX'])('%s of a well-known company is right', (code) => {
    expect(isCreditCode(code)).toBe(true)
  })

  it('is right with the check character that was counted for it, in each of its 31 values', () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(codes, (code) => {
        seen.add(code.slice(-1))
        expect(isCreditCode(code)).toBe(true)
      }),
      { numRuns: 1_000 },
    )
    expect([...seen].sort().join('')).toBe(alphabet)
  })

  it('is wrong with any one character changed', () => {
    fc.assert(
      fc.property(codes, fc.nat(17), character, (code, at, other) => {
        fc.pre(other !== code[at])
        expect(isCreditCode(code.slice(0, at) + other + code.slice(at + 1))).toBe(false)
      }),
      { numRuns: 1_000 },
    )
  })

  it('is wrong with any two neighbours swapped', () => {
    fc.assert(
      fc.property(codes, fc.nat(16), (code, at) => {
        const swapped = code.slice(0, at) + (code[at + 1] ?? '') + (code[at] ?? '') + code.slice(at + 2)
        fc.pre(swapped !== code)
        expect(isCreditCode(swapped)).toBe(false)
      }),
      { numRuns: 1_000 },
    )
  })

  it.each(['', '91110000710925462', '91110000710925462XX', '91110000710925462x', '9111000071092546 2X', '91I10000710925462X', '9111A000710925462X'])('%j is none', (code) => {
    expect(isCreditCode(code)).toBe(false)
  })

  it('is read with blanks, small letters and in full width', () => {
    expect(normalizeCreditCode(' ９１１１００００ 710925462x ')).toBe('91110000710925462X')
  })
})
