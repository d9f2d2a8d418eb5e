import { describe, expect, it } from 'vitest'
import { dictionaries } from '../../../shared/dictionaries/index.ts'
import { fieldNamesOf, fieldsOf, personFieldNames, type PersonValues } from '../../../shared/domain/person-fields.ts'
import { emptyRow, tableNames, tableNamesOf, type TableRow } from '../../../shared/domain/person-tables.ts'
import { validatePerson } from '../../../shared/domain/person-validation.ts'
import { specialWorkTypes } from '../../../shared/domain/special-trades.ts'
import { personValues, workerValues } from '../../support/people.ts'

const today = '2026-11-25'
const id = (number: number) => `018f0000-0000-7000-8000-00000000000${number}`
const problems = (changes: Partial<PersonValues>) => validatePerson('worker', workerValues(7, changes), today)
const certificate = (specialTrade: string, changes: Record<string, string> = {}, number = 1): TableRow =>
  ({ ...emptyRow('specialCertificates', id(number)), specialTrade, certificateNo: `沪A${number}`, expiresOn: '2028-01-10', ...changes })

describe("a worker's form at 提交", () => {
  it('passes with what the manual stars', () => {
    expect(problems({})).toEqual({})
  })

  it.each(fieldNamesOf('worker').filter((name) => fieldsOf('worker')[name]?.required && !['sex', 'birthDate'].includes(name)))('asks for %s where it is missing', (name) => {
    expect(Object.keys(problems({ [name]: ' ' }))).toEqual([name])
  })

  it("is not a manager's, nor the other way round: what a kind does not have must be empty", () => {
    expect(problems({ maritalStatus: '20' })).toEqual({ maritalStatus: '现场作业人员不登记婚姻状况，请清空。' })
    expect(validatePerson('manager', personValues(7, { workType: '240' }), today)).toEqual({ workType: '管理人员不登记工种，请清空。' })
    for (const name of personFieldNames.filter((each) => !fieldNamesOf('worker').includes(each))) expect(Object.keys(problems({ [name]: '1' }))).toEqual([name])
    for (const table of tableNames.filter((each) => !tableNamesOf('worker').includes(each))) expect(Object.keys(problems({ [table]: [emptyRow(table, id(1))] }))).toEqual([`${table}/${id(1)}`])
    expect(validatePerson('manager', personValues(7, { specialCertificates: [certificate('01')] }), today)).toEqual({ [`specialCertificates/${id(1)}`]: '管理人员不登记特种作业操作证，请清空。' })
  })

  it('says 职位名称 and 就读院校, as its tables do', () => {
    const skill = { ...emptyRow('skillTitles', id(1)), remark: '有' }
    const school = { ...emptyRow('educations', id(2)), major: '木工' }
    expect(Object.values(problems({ skillTitles: [skill], educations: [school] }))).toEqual(['请填写就读院校。', '请填写职位名称。'])
  })

  it('takes schools before 高中, which are not asked for of a manager', () => {
    const school = { ...emptyRow('educations', id(1)), school: '示例小学', startDate: '1996-09-01', endDate: '2002-06-30' }
    const born = { idCardNo: '110105199003070039', sex: '1', birthDate: '1990-03-07' }
    expect(Object.keys(problems({ ...born, educations: [school] })).filter((path) => path.startsWith('educations'))).toEqual([])
  })
})

describe('a trade that needs a certificate', () => {
  it.each(specialWorkTypes)('%s is in the list of 工种, asks for one, and is content with any of its kinds', (workType) => {
    expect(dictionaries.workType.entries.some(({ code }) => code === workType)).toBe(true)
    expect(problems({ workType }).workType).toMatch(/^.+须持证上岗，请在“特种作业操作证”中填写“.+”类的证书。$/)
    const fitting = dictionaries.specialTrade.entries.filter(({ code }) => Object.keys(problems({ workType, specialCertificates: [certificate(code)] })).length === 0)
    expect(fitting.length).toBeGreaterThan(0)
    expect(fitting.length).toBeLessThan(6)
  })

  it('is each kind of certificate’s: none is there for nothing', () => {
    const wanted = dictionaries.specialTrade.entries.filter(({ code }) => specialWorkTypes.some((workType) => !problems({ workType, specialCertificates: [certificate(code)] }).workType))
    expect(wanted).toHaveLength(dictionaries.specialTrade.entries.length)
  })

  it('is none of the others', () => {
    for (const { code } of dictionaries.workType.entries) if (!specialWorkTypes.includes(code)) expect(problems({ workType: code })).toEqual({})
  })

  it('is for nobody under 18', () => {
    const young = { idCardNo: '', sex: '1', birthDate: '2009-11-25', workType: '130', specialCertificates: [certificate('01')] }
    expect(problems(young).workType).toBe('建筑电工属特种作业，须年满18周岁，该人员现年17周岁，请核对工种。')
    expect(problems({ ...young, birthDate: '2008-11-25' }).workType).toBeUndefined()
  })

  it('wants it valid: not run out, not for ever, not for longer than any is given', () => {
    const at = (expiresOn: string) => problems({ workType: '130', specialCertificates: [certificate('01', { expiresOn })] })[`specialCertificates/${id(1)}/expiresOn`]
    expect(at('2026-11-24')).toBe('证书有效期已于2026-11-24届满，请换证或删除此行。')
    expect(at('2026-11-25')).toBeUndefined()
    expect(at('长期')).toBe('证书有效期应为日期，特种作业操作证没有长期有效的，请核对。')
    expect(at('2032-11-25')).toBeUndefined()
    expect(at('2032-11-26')).toBe('证书有效期距今超过6年，特种作业操作证最长6年有效，请核对。')
    expect(at('')).toBe('请填写证书有效期。')
  })

  it('wants kind and number of each certificate, and each kind once', () => {
    expect(Object.values(problems({ specialCertificates: [certificate('', { certificateNo: '' })] }))).toEqual(['请选择作业类别。', '请填写证书编号。'])
    expect(Object.values(problems({ specialCertificates: [certificate('01'), certificate('01', {}, 2)] }))).toEqual(['作业类别与第1行相同，请核对。'])
  })
})
