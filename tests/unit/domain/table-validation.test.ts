import { describe, expect, it } from 'vitest'
import { emptyPersonValues, type PersonValues } from '../../../shared/domain/person-fields.ts'
import { emptyRow, tableColumns, tableNames, tableNamesOf, type TableName, type TableRow } from '../../../shared/domain/person-tables.ts'
import { tableProblems } from '../../../shared/domain/table-validation.ts'
import type { PersonType } from '../../../shared/domain/statuses.ts'
import { tidyValues } from '../../../shared/domain/tidy-values.ts'

const today = '2026-11-25'
const birthDate = '1990-03-07'
const id = (number: number) => `018f0000-0000-7000-8000-00000000000${number}`
const right: Record<TableName, Record<string, string>> = {
  educations: { school: '上海市示例中学', startDate: '2005-09-01', endDate: '2008-07-01', major: '', graduated: '1' },
  emergencyContacts: { relation: '1', name: '李四', phone: '13900001234' },
  trainings: { institution: '市建设协会', course: '安全教育', trainedOn: '2026-03-01', score: '85' },
  skillTitles: { titleName: '工程师', titleLevel: '2', grantedBy: '市人社局', obtainedOn: '2018-12-01', remark: '' },
  licences: { licenceNo: '沪2312020202', licenceName: '二级建造师', grantedBy: '市住建委', validUntil: '2028-06-30', remark: '' },
  specialCertificates: { specialTrade: '01', certificateNo: '沪A0420250001', expiresOn: '2028-01-10' },
  awards: { awardName: '优秀项目经理', issuedBy: '市协会', awardedOn: '2024-01-10', remark: '' },
}

const kindWith = (table: TableName): PersonType => (tableNamesOf('manager').includes(table) ? 'manager' : 'worker')

/** Problems of one table with these rows, by row number and column. */
function problems(table: TableName, ...changes: Record<string, string>[]): Record<string, string> {
  const rows = changes.map((change, index): TableRow => Object.assign({}, emptyRow(table, id(index + 1)), right[table], change))
  const values: PersonValues = tidyValues({ ...emptyPersonValues(), [table]: rows })
  return Object.fromEntries(Object.entries<string>(tableProblems(kindWith(table), values, birthDate, today) as Record<string, string>).map(([path, sentence]) => [path.replace(`${table}/${id(0).slice(0, -1)}`, ''), sentence]))
}

describe('a row of a sub-table', () => {
  it.each(tableNames)('%s: is right as people fill it in', (table) => {
    expect(problems(table, {})).toEqual({})
  })

  it.each(tableNames)('%s: is none where nothing is in it', (table) => {
    expect(problems(table, Object.fromEntries(Object.keys(tableColumns[table]).map((column) => [column, '  '])))).toEqual({})
  })

  it.each(tableNames.flatMap((table) => Object.entries(tableColumns[table]).filter(([, { required }]) => required).map(([column, { label }]) => [table, column, label] as const)))(
    '%s: asks for its %s',
    (table, column, label) => {
      expect(problems(table, { [column]: '' })).toEqual({ [`1/${column}`]: `${tableColumns[table][column]?.input.kind === 'dictionary' ? '请选择' : '请填写'}${label}。` })
    },
  )

  it.each(tableNames.flatMap((table) => Object.entries(tableColumns[table]).flatMap(([column, { label, input }]) => (input.kind === 'text' ? [[table, column, label, input.maxLength] as const] : []))))(
    '%s: has only so many characters in its %s',
    (table, column, label, most) => {
      expect(problems(table, { [column]: '长'.repeat(most) })).toEqual({})
      expect(problems(table, { [column]: '长'.repeat(most + 1) })).toEqual({ [`1/${column}`]: `${label}最多${most}个字，现为${most + 1}个字。` })
    },
  )
})

describe('a date in a row', () => {
  const dates = tableNames.flatMap((table) => Object.entries(tableColumns[table]).flatMap(([column, { label, input }]) => (input.kind === 'date' ? [{ table, column, label, is: input.is }] : [])))

  it('is understood as clerks type and paste it', () => {
    for (const text of ['20180301', '2018-3-1', '2018.3.1', '2018/03/01', '2018年3月1日']) {
      const values = tidyValues({ ...emptyPersonValues(), trainings: [{ ...emptyRow('trainings', id(1)), course: '安全教育', trainedOn: text }] })
      expect(values.trainings[0]?.['trainedOn']).toBe('2018-03-01')
    }
  })

  it.each(dates.filter(({ is }) => is !== 'validity'))('$table $column: that does not exist is refused, never shifted', ({ table, column, label }) => {
    for (const text of ['2020-02-30', '20200230', '2020-13-45', '不详']) {
      expect(problems(table, { [column]: text })).toEqual({ [`1/${column}`]: `${label}不是有效的日期，请按“19900307”或“1990-03-07”填写。` })
    }
  })

  it.each(dates.filter(({ is }) => is === 'past'))('$table $column: not after today', ({ table, column, label }) => {
    expect(problems(table, { [column]: today, endDate: '' })).toEqual({})
    expect(problems(table, { [column]: '2026-11-26', endDate: '' })).toEqual({ [`1/${column}`]: `${label}晚于今天，请核对。` })
  })

  it.each([
    ['trainings', 'trainedOn', '培训时间'],
    ['skillTitles', 'obtainedOn', '职称取得时间'],
    ['awards', 'awardedOn', '获奖时间'],
  ] as const)('%s %s: not before the person was born', (table, column, label) => {
    expect(problems(table, { [column]: '1990-03-06' })).toEqual({ [`1/${column}`]: `${label}早于该人员的出生年月日，请核对。` })
  })
})

describe('an education', () => {
  it('does not end before it begins', () => {
    expect(problems('educations', { startDate: '2008-09-01', endDate: '2008-07-01' })).toEqual({ '1/endDate': '截止时间早于开始时间，请核对。' })
    expect(problems('educations', { startDate: '2008-07-01', endDate: '2008-07-01' })).toEqual({})
  })

  it('may end in the future: somebody studies beside the work', () => {
    expect(problems('educations', { endDate: '2028-07-01', graduated: '0' })).toEqual({})
  })

  it('is not of a child: it is filled in from 高中 on', () => {
    const sentence = (label: string) => `${label}时该人员不满12周岁，教育经历从高中填起，请核对。`
    expect(problems('educations', { startDate: '2002-03-06' })).toEqual({ '1/startDate': sentence('开始时间') })
    expect(problems('educations', { startDate: '2002-03-07' })).toEqual({})
    expect(problems('educations', { startDate: '', endDate: '1989-01-01' })).toEqual({ '1/endDate': sentence('截止时间') })
  })
})

describe('a licence', () => {
  it('past its 有效期 is refused; on its last day and without an end it is right', () => {
    expect(problems('licences', { validUntil: '2026-11-24' })).toEqual({ '1/validUntil': '证书有效期已于2026-11-24届满，请换证或删除此行。' })
    for (const validUntil of [today, '长期', '']) expect(problems('licences', { validUntil })).toEqual({})
  })

  it('has a date or 长期 as 有效期', () => {
    for (const validUntil of ['2030-02-30', '永久', '2030年']) {
      expect(problems('licences', { validUntil })).toEqual({ '1/validUntil': '证书有效期应为日期或“长期”，日期请按“20301231”或“2030-12-31”填写。' })
    }
  })

  it('is not entered twice', () => {
    expect(problems('licences', {}, { licenceName: '一级建造师' })).toEqual({ '2/licenceNo': '执业证书编号与第1行相同，请核对。' })
  })
})

describe('培训成绩', () => {
  it('is a score or one of the words that stand in certificates', () => {
    for (const score of ['0', '100', '85.5', '95分', '９５', '合格', '优秀', '']) expect(problems('trainings', { score })).toEqual({})
  })

  it('out of range is refused', () => {
    for (const score of ['101', '-1', '1000', '85.555', '很好', '85/100']) expect(problems('trainings', { score })).toEqual({ '1/score': '培训成绩应为0至100的分数，或“合格”等评定。' })
  })
})

describe('the phone number of a contact', () => {
  it('is a mobile number or a landline, as people write them', () => {
    for (const phone of ['13900001234', '139 0000 1234', '+86 139-0000-1234', '021-12345678', '２１2345678', '02162345678', '62345678', '0512－62345678', '021-62345678-801']) {
      expect(Object.keys(problems('emergencyContacts', { phone })), phone).toEqual(phone === '021-12345678' || phone === '２１2345678' ? ['1/phone'] : [])
    }
  })

  it('is refused where it is none', () => {
    for (const phone of ['1390000123', '139000012345', '无', '110']) expect(problems('emergencyContacts', { phone })).toEqual({ '1/phone': '联系电话应为11位手机号码或固定电话（如021-62345678），请核对。' })
  })

  it('of two contacts is not the same', () => {
    expect(problems('emergencyContacts', {}, { name: '赵六' })).toEqual({ '2/phone': '联系电话与第1行相同，请核对。' })
  })
})

describe('a choice in a row', () => {
  it('is one of its list', () => {
    expect(problems('emergencyContacts', { relation: '邻居' })).toEqual({ '1/relation': '请从列表中选择与本人关系。' })
    expect(problems('skillTitles', { titleLevel: '特级' })).toEqual({ '1/titleLevel': '请从列表中选择职称等级。' })
    expect(problems('educations', { graduated: '2' })).toEqual({ '1/graduated': '请从列表中选择是否毕业。' })
  })
})
