import { describe, expect, it } from 'vitest'
import { emptyPersonValues, fieldNamesOf, personFieldTable } from '../../../shared/domain/person-fields.ts'
import { validatePerson } from '../../../shared/domain/person-validation.ts'
import { columnChanges, columnOfHeader, findRosterColumn, rosterColumnKeys, rosterColumns, writeColumns } from '../../../shared/domain/roster-columns.ts'
import { columnOfProblem } from '../../../shared/domain/roster-table-columns.ts'
import { personValues } from '../../support/people.ts'

let ids = 0
const newId = () => `018f0000-0000-7000-8000-${String(++ids).padStart(12, '0')}`
const put = (changes: Record<string, string>, values = emptyPersonValues()) => writeColumns(values, columnChanges(changes), newId)

describe('the columns of a roster', () => {
  it('are forty: every field of the form, and the first row of its sub-tables', () => {
    expect(rosterColumns).toHaveLength(40)
    expect(fieldNamesOf('manager').filter((name) => !rosterColumnKeys.includes(name))).toEqual([])
    expect(rosterColumnKeys.slice(0, 2)).toEqual(['idCardNo', 'name'])
  })

  it('bear the labels of the form, each one once', () => {
    for (const name of fieldNamesOf('manager')) expect(findRosterColumn(name)?.label).toBe(personFieldTable[name].label)
    expect(new Set(rosterColumns.map(({ label }) => label)).size).toBe(40)
  })

  it.each([
    ['身份证号码', 'idCardNo'], ['公民身份号码', 'idCardNo'], ['姓 名*', 'name'], ['联系电话（必填）', 'mobile'], ['手机号\n码', 'mobile'], ['出生日期:', 'birthDate'], ['教育经历·就读学校', 'educations.school'],
    ['就读院校', 'educations.school'], ['紧急联系人姓名', 'emergencyContacts.name'], ['序号', null], ['错误信息', null], ['血型', undefined],
  ])('are found under %j', (header, key) => {
    expect(columnOfHeader(header)).toBe(key)
  })

  it('read what was put into them, and leave what they were put over alone', () => {
    const before = personValues(1)
    const copy = structuredClone(before)
    for (const column of rosterColumns) expect(column.read(put({ [column.key]: column.key === 'educations.startDate' ? '2001-09-01' : '甲' }, before)), column.key).toBeTruthy()
    expect(before).toEqual(copy)
  })

  it('make a row of a sub-table where there is none, change the first one, and take one away that is empty', () => {
    const made = put({ 'emergencyContacts.name': '赵伟', 'emergencyContacts.phone': '138 0000 0000' })
    expect(made.emergencyContacts).toMatchObject([{ name: '赵伟', phone: '13800000000', relation: '' }])
    const changed = put({ 'emergencyContacts.name': '钱芳' }, made)
    expect(changed.emergencyContacts).toMatchObject([{ id: made.emergencyContacts[0]?.id, name: '钱芳', phone: '13800000000' }])
    expect(put({ 'emergencyContacts.name': '', 'emergencyContacts.phone': '' }, changed).emergencyContacts).toEqual([])
  })

  it('have the problems of the form at their cells; what has no cell is told at the name, with its place', () => {
    const values = put({ 'emergencyContacts.name': '赵伟', 'licences.licenceName': '建造师' }, personValues(1))
    const told = Object.entries(validatePerson('manager', values, '2026-11-30')).map(([path, sentence]) => columnOfProblem(path, sentence ?? '', values))
    expect(told.map(([key]) => key).sort()).toEqual(['emergencyContacts.phone', 'licences.licenceNo'])
    const second = { ...values, emergencyContacts: [{ ...values.emergencyContacts[0], phone: '13800000000' }, { id: newId(), name: '钱芳', relation: '', phone: '' }] } as typeof values
    const others = Object.entries(validatePerson('manager', second, '2026-11-30')).map(([path, sentence]) => columnOfProblem(path, sentence ?? '', second))
    expect(others).toContainEqual(['name', '紧急联系人第2行的联系电话：请填写联系电话。'])
  })
})
