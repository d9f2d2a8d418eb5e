import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { dictionaries } from '../../../shared/dictionaries/index.ts'
import { emptyManagerValues, managerFieldNames, managerFieldTable } from '../../../shared/domain/manager-fields.ts'
import { managerPatchSchema, managerValuesSchema } from '../../../shared/domain/manager-schema.ts'

/** 人员基本信息 as the operation manual 4.1 shows it on its screen, step three; `*` marks what must be filled in. */
const manualScreen = `
  姓名* 曾用名
  工作单位* 社保情况
  职务* 职称*
  性别 出生年月日*
  民族* 政治面貌
  身份证号码 年龄*
  户口类型 户口所在地*
  现居住地址* 现居住地详细地址*
  籍贯* 婚姻状况
  最高学历* 最高学历类型
  最高学位 联系电话*`

const manual = manualScreen.trim().split(/\s+/).map((entry) => ({ label: entry.replace('*', ''), required: entry.endsWith('*') }))
/** Shown beside the fields, never typed and never stored: the unit itself, and what is counted from the birth date. */
const shownOnly = new Set(['工作单位', '年龄'])

/** Identifiers of the glossary. */
const glossary: Record<string, string> = {
  姓名: 'name', 曾用名: 'formerName', 社保情况: 'socialInsuranceStatus', 职务: 'jobPosition', 职称: 'professionalTitle', 性别: 'sex', 出生年月日: 'birthDate',
  民族: 'ethnicity', 政治面貌: 'politicalStatus', 身份证号码: 'idCardNo', 户口类型: 'hukouType', 户口所在地: 'hukouRegion', 现居住地址: 'residenceRegion',
  现居住地详细地址: 'residenceDetail', 籍贯: 'nativePlace', 婚姻状况: 'maritalStatus', 最高学历: 'highestEducation', 最高学历类型: 'highestEducationType',
  最高学位: 'highestDegree', 联系电话: 'mobile',
}

describe('the fields of a manager', () => {
  it('are those of the manual, in its order, with its labels and its *', () => {
    const ours = managerFieldNames.map((name) => ({ label: managerFieldTable[name].label, required: managerFieldTable[name].required }))
    expect(ours).toEqual(manual.filter(({ label }) => !shownOnly.has(label)))
  })

  it('have the names of the glossary', () => {
    expect(Object.fromEntries(managerFieldNames.map((name) => [managerFieldTable[name].label, name]))).toEqual(glossary)
  })

  it('that are chosen from a list bear the name of that list', () => {
    const chosen = managerFieldNames.flatMap((name) => {
      const { label, input } = managerFieldTable[name]
      return input.kind === 'dictionary' ? [{ name, label, dictionary: input.dictionary }] : []
    })
    for (const { name, label, dictionary } of chosen) expect({ name: dictionary, title: dictionaries[dictionary].title }).toEqual({ name, title: label })
    expect(chosen.map(({ dictionary }) => dictionary).sort()).toEqual(Object.keys(dictionaries).sort())
  })
})

describe('a form on its way', () => {
  it('holds every field and nothing else', () => {
    const form = emptyManagerValues()
    expect(v.is(managerValuesSchema, form)).toBe(true)
    const { mobile, ...short } = form
    expect(mobile).toBe('')
    for (const wrong of [short, { ...form, age: '36' }, { ...form, name: null }, { ...form, name: '王'.repeat(501) }, []]) expect(v.is(managerValuesSchema, wrong)).toBe(false)
  })

  it('may be a change of some fields', () => {
    for (const right of [{}, { mobile: '13800000000' }]) expect(v.is(managerPatchSchema, right)).toBe(true)
    for (const wrong of [{ mobile: undefined }, { age: '36' }, { mobile: 13800000000 }]) expect(v.is(managerPatchSchema, wrong)).toBe(false)
  })
})
