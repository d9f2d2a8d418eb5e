import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseDate, shanghaiDate } from '../../../shared/domain/dates.ts'
import { ageOn } from '../../../shared/domain/derive.ts'

const days = fc.date({ min: new Date('1900-01-01'), max: new Date('2199-12-31'), noInvalidDate: true }).map((date) => date.toISOString().slice(0, 10))

describe('a date as a clerk types it', () => {
  it.each(['20200307', '2020-03-07', '2020-3-7', '2020.3.7', '2020。3。7', '2020/3/7', '2020/03/7', '2020年3月7日', '2020年03月07日', ' 2020 年 3 月 7 日 ', '２０２０－３－７', '２０２０．３．７'])(
    '%j is 7 March 2020',
    (text) => {
      expect(parseDate(text)).toBe('2020-03-07')
    },
  )

  it.each([
    ['30 February', '2020-02-30'],
    ['30 February in eight digits', '20200230'],
    ['the 13th month', '2020-13-45'],
    ['29 February of a common year', '2021-02-29'],
    ['29 February 1900', '19000229'],
    ['31 April', '2020年4月31日'],
    ['month nought', '2020-0-7'],
    ['day nought', '20200300'],
    ['a year before 1900', '18991231'],
  ])('%s is refused and never shifted', (_what, text) => {
    expect(parseDate(text)).toBeNull()
  })

  it.each([
    ['a pasted ID number', '310101199003071234'],
    ['the front of one', '31010119900307'],
    ['a year of two digits', '90-3-7'],
    ['six digits', '900307'],
    ['seven digits', '2020037'],
    ['an instant', '2020-03-07T00:00:00Z'],
    ['two kinds of separators', '2020-3/7'],
    ['a date and more', '2020-03-07 至今'],
    ['nothing', ''],
    ['words', '昨天'],
  ])('%s is none', (_what, text) => {
    expect(parseDate(text)).toBeNull()
  })

  it('is the same date in each of its spellings', () => {
    fc.assert(
      fc.property(days, (day) => {
        const [year, month, date] = day.split('-').map(Number) as [number, number, number]
        for (const text of [day, day.replaceAll('-', ''), `${year}.${month}.${date}`, `${year}/${month}/${date}`, `${year}年${month}月${date}日`]) expect(parseDate(text)).toBe(day)
      }),
    )
  })

  it('is read as a real date or not at all', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1000, max: 3000 }), fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 40 }), (year, month, day) => {
        const real = new Date(Date.UTC(year, month - 1, day))
        const same = year >= 1900 && real.getUTCFullYear() === year && real.getUTCMonth() === month - 1 && real.getUTCDate() === day
        expect(parseDate(`${year}-${month}-${day}`)).toBe(same ? real.toISOString().slice(0, 10) : null)
      }),
      { numRuns: 1_000 },
    )
  })
})

describe('today in Shanghai', () => {
  it('begins at 16:00 UTC', () => {
    expect(shanghaiDate(new Date('2026-11-24T15:59:59.999Z'))).toBe('2026-11-24')
    expect(shanghaiDate(new Date('2026-11-24T16:00:00.000Z'))).toBe('2026-11-25')
    expect(shanghaiDate(new Date('2026-12-31T16:00:00.000Z'))).toBe('2027-01-01')
  })
})

describe('an age', () => {
  it.each([
    ['1990-03-07', '2026-03-06', 35],
    ['1990-03-07', '2026-03-07', 36],
    ['2026-03-07', '2026-03-07', 0],
    ['2000-02-29', '2025-02-28', 24],
    ['2000-02-29', '2025-03-01', 25],
    ['2000-02-29', '2024-02-28', 23],
    ['2000-02-29', '2024-02-29', 24],
  ])('of somebody born on %s is on %s %i', (born, today, age) => {
    expect(ageOn(born, today)).toBe(age)
  })

  it('is none for a date to come and for what is no date', () => {
    for (const born of ['2026-11-26', '', '1990', '19900307', '1990-13-45', '1990-02-30']) expect(ageOn(born, '2026-11-25'), born).toBeNull()
  })

  it('grows by one each year and never falls', () => {
    fc.assert(
      fc.property(days, days, (a, b) => {
        const [born, today] = a < b ? [a, b] : [b, a]
        const next = `${Number(today.slice(0, 4)) + 1}${today.slice(4)}`
        fc.pre(parseDate(next) !== null)
        expect(ageOn(born, next)).toBe((ageOn(born, today) ?? NaN) + 1)
      }),
    )
  })
})
