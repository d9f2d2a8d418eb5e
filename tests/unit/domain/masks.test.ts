import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maskIdCardNo, maskMobile } from '../../../shared/domain/masks.ts'

describe('a masked number', () => {
  it.each([
    ['310104199003071234', '310***********1234'],
    ['11010519491231002X', '110***********002X'],
    ['CAN310090030701', 'CAN********0701'],
    ['31010419900307', '310***********'],
    ['310', '310'],
    ['', ''],
  ])('of the ID number %j is %j', (number, masked) => {
    expect(maskIdCardNo(number)).toBe(masked)
  })

  it.each([
    ['13812345678', '138****5678'],
    ['1381234567', '138*******'],
    ['', ''],
  ])('of the phone %j is %j', (number, masked) => {
    expect(maskMobile(number)).toBe(masked)
  })

  it('is as long as the number and shows at most seven of its characters, never the birth date', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{0,30}$/), (number) => {
        for (const masked of [maskIdCardNo(number), maskMobile(number)]) {
          expect(masked).toHaveLength(number.length)
          expect(masked.replaceAll('*', '').length).toBeLessThanOrEqual(7)
        }
        expect(maskIdCardNo(number).slice(6, 11)).toMatch(/^\**$/)
      }),
    )
  })
})
