import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkIdCardNo, idCardCheckCharacter, isPartOfIdCardNo, normalizeIdCardNo, type ValidIdCardNo } from '../../../shared/domain/id-card-no.ts'

const known = '11010519491231002X'
const complete = (first17: string) => first17 + idCardCheckCharacter(first17)

function valid(raw: string, today?: string): ValidIdCardNo {
  const checked = checkIdCardNo(raw, today)
  if (!checked.ok) throw new Error(`${raw} was refused: ${checked.sentence}`)
  return checked
}

function refusal(raw: string, today?: string) {
  const checked = checkIdCardNo(raw, today)
  if (checked.ok) throw new Error(`${raw} was accepted`)
  return checked
}

const birth = fc.date({ min: new Date('1900-01-01'), max: new Date('2026-11-25'), noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10))
const numbers = fc
  .tuple(fc.constantFrom('110105', '310104', '320102', '440106', '650102', '810000', '830000', '911561'), birth, fc.integer({ min: 0, max: 999 }))
  .map(([region, date, order]) => complete(region + date.replaceAll('-', '') + String(order).padStart(3, '0')))

describe('an ID number of 18 characters', () => {
  it('is accepted as the standard prints it, and tells sex, birth date and region', () => {
    expect(valid(known)).toEqual({ ok: true, normalized: known, kind: 'resident', sex: '2', birthDate: '1949-12-31', regionCode: '110105', warnings: [] })
  })

  it('is accepted with every date since 1900 and every check character, and tells that date', () => {
    const seen = new Set<string>()
    fc.assert(
      fc.property(numbers, (number) => {
        const checked = valid(number)
        seen.add(number.slice(-1))
        expect(checked.birthDate?.replaceAll('-', '')).toBe(number.slice(6, 14))
        expect(checked.sex).toBe(Number(number[16]) % 2 === 1 ? '1' : '2')
      }),
      { numRuns: 500 },
    )
    expect([...seen].sort().join('')).toBe('0123456789X')
  })

  it('is refused with any one digit wrong', () => {
    fc.assert(
      fc.property(numbers, (number) => {
        for (let at = 0; at < 18; at++) {
          for (const digit of at === 17 ? '0123456789X' : '0123456789') {
            if (digit !== number[at]) expect(checkIdCardNo(number.slice(0, at) + digit + number.slice(at + 1)).ok).toBe(false)
          }
        }
      }),
    )
  })

  it('is refused with any two neighbours in the wrong order', () => {
    fc.assert(
      fc.property(numbers, (number) => {
        for (let at = 0; at < 17; at++) {
          const swapped = number.slice(0, at) + (number[at + 1] ?? '') + (number[at] ?? '') + number.slice(at + 2)
          if (swapped !== number) expect(checkIdCardNo(swapped).ok).toBe(false)
        }
      }),
    )
  })

  it.each(['19490230', '20210229', '19491301', '19490001', '19490100', '19490132', '18991231', '19000229'])('is refused with the birth date %s, saying so', (date) => {
    expect(refusal(complete(`110105${date}002`))).toMatchObject({ code: 'id-card-no-date', sentence: expect.stringContaining(`${date.slice(0, 4)}年`) as string })
  })

  it('is accepted with 29 February of a leap year', () => {
    expect(valid(complete('11010520000229002')).birthDate).toBe('2000-02-29')
  })

  it('is refused with a birth date after today, not with today itself', () => {
    const number = complete('31010420261125001')
    expect(valid(number, '2026-11-25').birthDate).toBe('2026-11-25')
    expect(refusal(number, '2026-11-24')).toMatchObject({ code: 'id-card-no-date', sentence: '身份证号码第7至14位的出生日期“2026年11月25日”晚于今天，请核对。' })
  })

  it('says that the check digit is wrong where all else is right', () => {
    expect(refusal('110105194912310021')).toMatchObject({ code: 'id-card-no-checksum', details: {} })
  })
})

describe('an ID number as typed', () => {
  it.each([
    ['in full width', '１１０１０５１９４９１２３１００２Ｘ'],
    ['with a small x', '11010519491231002x'],
    ['with blanks between', ' 110105 19491231 002X\t'],
    ['with a full-width blank and dashes', '110105　19491231-002—X'],
    ['with marks nobody sees', '\u202d11010519491231002X\u202c\u200b\ufeff'],
    ['with the Roman ten for X', '11010519491231002Ⅹ'],
  ])('is read %s', (_how, raw) => {
    expect(valid(raw).normalized).toBe(known)
  })

  it('has one spelling: reading it twice changes nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (raw) => {
        const once = normalizeIdCardNo(raw)
        expect(normalizeIdCardNo(once)).toBe(once)
      }),
      { examples: [['\u0390\u0300'], ['a\u200d\u0301'], ['i\u0307']] },
    )
  })

  it('is answered whatever is typed, with a sentence that ends as one', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'grapheme' }), fc.stringMatching(/^[0-9Xx]{0,20}$/)), (raw) => {
        const checked = checkIdCardNo(raw, '2026-11-25')
        if (!checked.ok) expect(checked.sentence).toMatch(/[\u4e00-\u9fff].*。$/)
      }),
      { numRuns: 1_000 },
    )
  })

  it('is no mistake yet while typing on can complete it', () => {
    for (const whole of [known, 'CAN310090030701', ' １１０１０５ 19491231-002x']) {
      for (let length = 0; length < whole.length; length++) expect(isPartOfIdCardNo(whole.slice(0, length)), whole.slice(0, length)).toBe(true)
    }
    for (const wrong of ['1101051X', '11010519491231002A', '110105194912310021', '1101051949123100211', 'CANA', 'CA3', '王']) expect(isPartOfIdCardNo(wrong), wrong).toBe(false)
  })

  it.each([
    ['', 0],
    ['310', 3],
    ['11010519491231002', 17],
    ['1101051949123100 2XX', 19],
  ])('is refused for its length: %j', (raw, length) => {
    expect(refusal(raw)).toMatchObject({ code: 'id-card-no-length', details: { length }, sentence: `身份证号码应为18位，现为${length}位，请核对。` })
  })

  it.each([
    ['X inside', '1101051X491231002X', '身份证号码只有最后一位可以是X，第8位不对，请核对。'],
    ['a letter', '11010519491231002A', '身份证号码只能是数字，最后一位可以是X，请核对。'],
    ['a letter O for a nought', '1101O519491231002X', '身份证号码只能是数字，最后一位可以是X，请核对。'],
    ['Chinese', '身份证', '身份证号码只能是数字，最后一位可以是X，请核对。'],
  ])('is refused with %s', (_what, raw, sentence) => {
    expect(refusal(raw)).toMatchObject({ code: 'id-card-no-characters', sentence })
  })
})

describe('the old number of 15 digits', () => {
  it('is never accepted, and its 18-digit form is suggested', () => {
    expect(refusal('110105491231002')).toMatchObject({
      code: 'id-card-no-old-form',
      suggestion: known,
      sentence: `这是15位的旧身份证号码，已停用。对应的18位号码可能是${known}，请按现行证件填写18位号码。`,
    })
  })

  it('suggests only what is right in itself', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{15}$/), (number) => {
        const { code, suggestion } = refusal(number)
        expect(code).toBe('id-card-no-old-form')
        if (suggestion !== undefined) expect(valid(suggestion).birthDate?.slice(2).replaceAll('-', '')).toBe(number.slice(6, 12))
      }),
    )
  })

  it('gets no suggestion with a date that never was', () => {
    expect(refusal('110105490230002')).not.toHaveProperty('suggestion')
  })
})

describe('the papers of people from elsewhere', () => {
  it.each([
    ['810000', '810000'],
    ['820000', '820000'],
    ['830000', '710000'],
  ])('居住证 %s is accepted without a warning and belongs to the region %s', (prefix, regionCode) => {
    expect(valid(complete(`${prefix}19900307001`))).toMatchObject({ kind: 'hmt-residence', sex: '1', birthDate: '1990-03-07', regionCode, warnings: [] })
  })

  it('永久居留身份证 of 2023 is accepted: 18 digits from 9, same check, no region', () => {
    expect(valid(complete('93115619900307002'))).toMatchObject({ kind: 'permanent-residence', sex: '2', birthDate: '1990-03-07', regionCode: null, warnings: [] })
    expect(refusal('931156199003070020').code).toMatch(/^id-card-no-/)
  })

  it('永久居留证 of 2017 is accepted: 3 letters and 12 digits, telling neither sex nor century', () => {
    expect(valid('can 3100 900307 01')).toMatchObject({ normalized: 'CAN310090030701', kind: 'permanent-residence-2017', sex: null, birthDate: null, regionCode: null })
    expect(refusal('CAN310090130701')).toMatchObject({ code: 'id-card-no-date' })
    expect(refusal('CA3100900307011').code).toBe('id-card-no-characters')
  })
})

describe('the region in an ID number', () => {
  it('only warns where it was abolished', () => {
    const { warnings, regionCode } = valid(complete('31010319640307002'))
    expect(regionCode).toBe('310103')
    expect(warnings).toEqual([{ code: 'region-abolished', sentence: '号码前6位是已撤销的行政区划（上海市卢湾区，2011年并入黄浦区），不影响登记。' }])
  })

  it('only warns where there is no such province', () => {
    expect(valid(complete('99010119640307002')).kind).toBe('permanent-residence')
    expect(valid(complete('00010119640307002'))).toMatchObject({ regionCode: null, warnings: [{ code: 'region-unknown' }] })
  })
})
