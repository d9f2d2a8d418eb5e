import { describe, expect, it } from 'vitest'
import { demoRoster } from '../../../build/demo/roster.ts'
import { demoUnits } from '../../../build/demo/units.ts'
import { isCreditCode } from '../../../shared/domain/credit-code.ts'
import { checkIdCardNo } from '../../../shared/domain/id-card-no.ts'
import { validatePerson } from '../../../shared/domain/person-validation.ts'

describe('the demonstration', () => {
  it('has units of three kinds with right credit codes, and a lock that is bound to two of a unit’s accounts', () => {
    expect(demoUnits.map(({ kind }) => kind)).toEqual(['contractor', 'implementer', 'supervisor'])
    for (const { name, creditCode } of demoUnits) expect(isCreditCode(creditCode), name).toBe(true)
    expect(demoUnits[0]?.lock.boundTo).toHaveLength(2)
    for (const { accounts, lock } of demoUnits) expect(accounts.map(({ username }) => username)).toEqual(expect.arrayContaining([...lock.boundTo]))
  })

  it('has people whose forms pass every check without a warning', () => {
    for (const { values } of demoRoster()) {
      expect(validatePerson('manager', values, '2026-11-25'), values.name).toEqual({})
      expect(checkIdCardNo(values.idCardNo), values.name).toMatchObject({ ok: true, warnings: [] })
    }
  })

  it('has nobody twice, and people in every state that a review leads to', () => {
    const roster = demoRoster()
    expect(new Set(roster.map(({ values }) => values.idCardNo)).size).toBe(roster.length)
    expect(new Set(roster.map(({ values }) => values.mobile)).size).toBe(roster.length)
    const own = roster.filter(({ unit }) => unit === 'contractor')
    expect(own).toHaveLength(30)
    expect(new Set(own.map(({ review }) => (typeof review === 'string' ? review : 'refused')))).toEqual(new Set(['approved', 'pending', 'refused']))
  })
})
