import * as v from 'valibot'
import { describe, expect, it } from 'vitest'
import { dictionaries } from '../../../shared/dictionaries/index.ts'
import { emptyPersonValues, fieldNamesOf, fieldsOf, personFieldNames, personFieldTable, valuesOfKind } from '../../../shared/domain/person-fields.ts'
import { maxTableRows, tableColumns, tableNames, tableNamesOf, tablesOf, emptyRow } from '../../../shared/domain/person-tables.ts'
import { completeValues, personPatchSchema, personValuesSchema } from '../../../shared/domain/person-schema.ts'

/** Shown beside the fields, never typed and never stored: the unit itself, and what is counted from the birth date. */
const shownOnly = new Set(['工作单位', '年龄'])

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

/**
 * The same of 现场从业人员 in 5.3, on the desk without stars; those of the phone page (方法二): 姓名 出生年月日 性别 民族 籍贯 手机号 现居地址 详细地址
 * 工种 户口类型 户口所在地.
 */
const workerScreen = `
  姓名* 曾用名
  职务 工种*
  性别* 出生年月日*
  民族* 政治面貌
  身份证号码 年龄*
  户口类型* 户口所在地*
  现居住地址* 现居住地详细地址*
  籍贯* 联系电话*`

const entriesOf = (screen: string) => screen.trim().split(/\s+/).map((entry) => ({ label: entry.replace('*', ''), required: entry.endsWith('*') })).filter(({ label }) => !shownOnly.has(label))

/** Identifiers of the glossary. */
const glossary: Record<string, string> = {
  姓名: 'name', 曾用名: 'formerName', 社保情况: 'socialInsuranceStatus', 职务: 'jobPosition', 职称: 'professionalTitle', 性别: 'sex', 出生年月日: 'birthDate',
  民族: 'ethnicity', 政治面貌: 'politicalStatus', 身份证号码: 'idCardNo', 户口类型: 'hukouType', 户口所在地: 'hukouRegion', 现居住地址: 'residenceRegion',
  现居住地详细地址: 'residenceDetail', 籍贯: 'nativePlace', 婚姻状况: 'maritalStatus', 最高学历: 'highestEducation', 最高学历类型: 'highestEducationType',
  最高学位: 'highestDegree', 联系电话: 'mobile', 工种: 'workType',
}

describe('the fields of a person', () => {
  it.each([['manager', manualScreen], ['worker', workerScreen]] as const)('of a %s are those of the manual, in its order, with its labels and its *', (personType, screen) => {
    const ours = Object.values(fieldsOf(personType)).map(({ label, required }) => ({ label, required }))
    expect(ours).toEqual(entriesOf(screen))
  })

  it('belong to somebody, and what is not of a kind stays behind with it', () => {
    expect(personFieldNames.filter((name) => !fieldNamesOf('manager').includes(name) && !fieldNamesOf('worker').includes(name))).toEqual([])
    const all = { ...emptyPersonValues(), name: '王芳', workType: '240', maritalStatus: '20' }
    expect(valuesOfKind('manager', all)).toEqual({ ...all, workType: '' })
    expect(valuesOfKind('worker', all)).toEqual({ ...all, maritalStatus: '' })
  })

  it('have the names of the glossary', () => {
    expect(Object.fromEntries(personFieldNames.map((name) => [personFieldTable[name].label, name]))).toEqual(glossary)
  })

  it('that are chosen from a list bear the name of that list', () => {
    const columns = tableNames.flatMap((table) => Object.entries(tableColumns[table]))
    const chosen = [...Object.entries(personFieldTable), ...columns].flatMap(([name, { label, input }]) => (input.kind === 'dictionary' ? [{ name, label, dictionary: input.dictionary }] : []))
    for (const { name, label, dictionary } of chosen) expect({ name: dictionary, title: dictionaries[dictionary].title }).toEqual({ name, title: label })
    const others: string[] = ['attachmentType', 'leaveReason']
    expect(chosen.map(({ dictionary }) => dictionary).sort()).toEqual(Object.keys(dictionaries).filter((name) => !others.includes(name)).sort())
  })
})

/** The sub-tables as the same screen shows them; 职业技能职称 and 执业证书 in its words, 就读学校 as its table has it. */
const manualTables = `
  教育经历（高中起填） 就读学校 开始时间 截止时间 专业名称 是否毕业
  紧急联系人 与本人关系 姓名 联系电话
  培训经历 培训机构 培训课程 培训时间 培训成绩
  职业技能职称 职称名称 职称等级 授予单位 职称取得时间 备注
  执业证书 执业证书编号 执业名称 授予单位 证书有效期 备注
  获奖情况 奖项名称 颁发部门 获奖时间 备注`

/** 5.3; the manual has no 特种作业操作证, which 建设工程安全生产管理条例 art. 25 asks for. */
const workerTables = `
  教育经历 就读院校 开始时间 截止时间 专业名称 是否毕业
  紧急联系人 与本人关系 姓名 联系电话
  培训经历 培训机构 培训课程 培训时间 培训成绩
  职业技能 职位名称 职称等级 授予单位 职称取得时间 备注
  特种作业操作证 作业类别 证书编号 证书有效期
  获奖情况 奖项名称 颁发部门 获奖时间 备注`

describe('the sub-tables of a person', () => {
  it.each([['manager', manualTables], ['worker', workerTables]] as const)('of a %s are those of the manual, in its order, with its columns', (personType, screen) => {
    const ours = Object.values(tablesOf(personType)).map(({ label, note, columns }) => [`${label}${note === '' ? '' : `（${note}）`}`, ...Object.values(columns).map((column) => column.label)].join(' '))
    expect(ours).toEqual(screen.trim().split(/\n\s*/))
  })

  it('know what a row cannot do without', () => {
    const needed = tableNamesOf('manager').map((table) => Object.values(tableColumns[table]).filter(({ required }) => required).map(({ label }) => label).join(' '))
    expect(needed).toEqual(['就读学校', '姓名 联系电话', '培训课程', '职称名称', '执业证书编号 执业名称', '奖项名称'])
  })
})

describe('a form on its way', () => {
  it('holds every field and nothing else', () => {
    const form = emptyPersonValues()
    expect(v.is(personValuesSchema, form)).toBe(true)
    const { mobile, ...short } = form
    expect(mobile).toBe('')
    for (const wrong of [short, { ...form, age: '36' }, { ...form, name: null }, { ...form, name: '王'.repeat(501) }, []]) expect(v.is(personValuesSchema, wrong)).toBe(false)
  })

  it('may be a change of some fields', () => {
    for (const right of [{}, { mobile: '13800000000' }]) expect(v.is(personPatchSchema, right)).toBe(true)
    for (const wrong of [{ mobile: undefined }, { age: '36' }, { mobile: 13800000000 }]) expect(v.is(personPatchSchema, wrong)).toBe(false)
  })

  it('has its rows in the order of their ids, each whole, and no more than a person can have', () => {
    const rows = Array.from({ length: maxTableRows + 1 }, (_, index) => emptyRow('awards', `018f0000-0000-7000-8000-0000000000${String(index + 10)}`))
    const of = (awards: unknown) => v.is(personValuesSchema, { ...emptyPersonValues(), awards })
    expect(of(rows.slice(0, maxTableRows))).toBe(true)
    for (const wrong of [rows, rows.slice(0, 2).reverse(), [rows[0], rows[0]], [{ ...rows[0], id: '1' }], [{ ...rows[0], more: '' }], [{ id: rows[0]?.id }], 'rows']) expect(of(wrong)).toBe(false)
  })

  it('of an older version of the product is completed', () => {
    const { awards, ...older } = emptyPersonValues()
    expect(awards).toEqual([])
    expect(completeValues(older)).toEqual(emptyPersonValues())
    expect(completeValues({ name: '王芳' })).toEqual({ ...emptyPersonValues(), name: '王芳' })
  })
})
