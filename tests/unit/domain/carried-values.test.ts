import { describe, expect, it } from 'vitest'
import { carriedFields, carriedTables, carriedValues, isSameName } from '../../../shared/domain/carried-values.ts'
import { emptyPersonValues, personFieldNames } from '../../../shared/domain/person-fields.ts'
import { tableNames } from '../../../shared/domain/person-tables.ts'
import { personValues } from '../../support/people.ts'

describe('what is carried over to another unit', () => {
  const whole = personValues(1, { formerName: '曾用', politicalStatus: '13', maritalStatus: '10', socialInsuranceStatus: '1', hukouType: '12', highestDegree: '学士' })

  it('is who the person is and what they learned', () => {
    const { name, sex, birthDate, ethnicity, idCardNo, highestEducation, professionalTitle } = whole
    expect(carriedValues(whole, false)).toMatchObject({ name, sex, birthDate, ethnicity, idCardNo, highestEducation, professionalTitle })
  })

  it('is nothing else: no phone, no address, no post, nothing that is the person’s to tell', () => {
    const carried = carriedValues(whole, false)
    const stays = personFieldNames.filter((field) => !(carriedFields as readonly string[]).includes(field))
    expect(stays).toEqual(expect.arrayContaining(['mobile', 'residenceRegion', 'residenceDetail', 'jobPosition', 'socialInsuranceStatus', 'politicalStatus', 'maritalStatus', 'formerName']))
    expect(Object.fromEntries(stays.map((field) => [field, carried[field]]))).toEqual(Object.fromEntries(stays.map((field) => [field, emptyPersonValues()[field]])))
  })

  it('is what stands in the tables of learning, without 备注, and no other person', () => {
    const id = '018f0000-0000-7000-8000-000000000001'
    const education = { id, school: '示例大学', startDate: '2005-09-01', endDate: '2009-06-30', major: '土木工程', graduated: '1' }
    const licence = { id, licenceNo: 'A-1', licenceName: '二级建造师', grantedBy: '示例厅', validUntil: '2030-01-01', remark: '原单位的备注' }
    const contact = { id, relation: '1', name: '某人', phone: '13800000000' }
    const carried = carriedValues({ ...whole, educations: [education], licences: [licence], emergencyContacts: [contact] }, false)
    expect(carried).toMatchObject({ educations: [education], licences: [{ ...licence, remark: '' }], emergencyContacts: [] })
    expect(tableNames.filter((table) => !(carriedTables as readonly string[]).includes(table))).toEqual(['emergencyContacts'])
  })

  it('is everything where it was the unit’s own', () => {
    expect(carriedValues(whole, true)).toEqual(whole)
  })
})

it('a name is the same with or without blanks and whichever dot, and nothing is the same as nothing', () => {
  expect(isSameName('张 小龙', '张小龙')).toBe(true)
  expect(isSameName('阿卜杜拉·买买提', '阿卜杜拉•买买提')).toBe(true)
  expect(isSameName('张小龙', '张晓龙')).toBe(false)
  expect(isSameName('', ' ')).toBe(false)
})
