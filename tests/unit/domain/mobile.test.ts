import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalizeMobile } from '../../../shared/domain/mobile.ts'

describe('a mobile number as typed', () => {
  it.each([
    ['with blanks between', '139 0000 1234 '],
    ['with dashes, also of a word processor', '139-0000—1234'],
    ['in full width', '１３９００００１２３４'],
    ['with the code of the country', '+86 139 0000 1234'],
    ['with that code in brackets', '（+86）13900001234'],
    ['dialled from abroad', '008613900001234'],
    ['with 86 alone', '86-13900001234'],
    ['with marks nobody sees, as a phone book copies it', '\u202d13900001234\u202c'],
  ])('is read %s', (_how, raw) => {
    expect(normalizeMobile(raw)).toBe('13900001234')
  })

  it('loses no digit where it is none', () => {
    for (const raw of ['8613900', '0086', '86139000012345', '02112345678']) expect(normalizeMobile(raw)).toBe(raw)
  })

  it('has one spelling: reading it twice changes nothing', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'grapheme' }), fc.stringMatching(/^[+() 0-9-]{0,24}$/)), (raw) => {
        const once = normalizeMobile(raw)
        expect(normalizeMobile(once)).toBe(once)
      }),
      { numRuns: 1_000, examples: [['І῭']] },
    )
  })
})
