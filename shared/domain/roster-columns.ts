import { derivedFields } from './derive.ts'
import { fieldNamesOf, fieldsOf, type PersonField, type PersonFieldName, type PersonValues } from './person-fields.ts'
import type { TableColumn } from './person-tables.ts'
import { otherTableColumnNames, rosterTableColumns } from './roster-table-columns.ts'

/**
 * A column of a roster in a spreadsheet. The columns follow from the one definition of a manager's fields (workers have no rosters yet): a field that joins
 * the form joins the template, the import, the error file and the export.
 */
export interface RosterColumn {
  /** Names the column on every border; also the key under which `validatePerson` reports what is wrong with it. */
  readonly key: string
  /** As in the form, in an error sentence and in the manual. */
  readonly label: string
  readonly required: boolean
  readonly input: PersonField['input'] | TableColumn['input']
  read(values: PersonValues): string
  /** Puts a value into its place of values that are nobody else's. @param newId the id of a row of a sub-table, where there is none yet */
  put(values: PersonValues, value: string, newId: () => string): void
}

/** Whoever is registered is known by these two: they stand first, where a frozen pane keeps them in sight. */
const first: readonly PersonFieldName[] = ['idCardNo', 'name']

const fieldColumns = [...first, ...fieldNamesOf('manager').filter((name) => !first.includes(name))].flatMap((name): RosterColumn[] => {
  const field = fieldsOf('manager')[name]
  if (!field) return []
  const { label, required, input } = field
  return [{
    key: name,
    label,
    // Nobody is registered without a number, though the form has no asterisk at it: it is asked for before. What it tells may be left out.
    required: name === 'idCardNo' || (required && !derivedFields.includes(name)),
    input,
    read: (values) => values[name],
    put: (values, value) => void (values[name] = value),
  }]
})

export const rosterColumns: readonly RosterColumn[] = [...fieldColumns, ...rosterTableColumns]

export const rosterColumnKeys = rosterColumns.map(({ key }) => key)

const byKey = new Map(rosterColumns.map((column) => [column.key, column]))

export const findRosterColumn = (key: string): RosterColumn | undefined => byKey.get(key)

/** @returns the values with these in their places */
export function writeColumns(values: PersonValues, changes: readonly { column: RosterColumn; value: string }[], newId: () => string): PersonValues {
  const written = { ...values }
  for (const { column, value } of changes) column.put(written, value, newId)
  return written
}

/** Values by the keys of their columns, as they are kept; a column that is no more is left out. */
export function columnChanges(byKey: Readonly<Record<string, string>>): { column: RosterColumn; value: string }[] {
  return Object.entries(byKey).flatMap(([key, value]) => {
    const column = findRosterColumn(key)
    return column ? [{ column, value }] : []
  })
}

/** What the same column is called in other lists: ours (员工名称, 手机号码), the national platform's, and those that units keep. */
const otherNames: Readonly<Record<string, readonly string[]>> = {
  idCardNo: ['身份证', '身份证号', '身份证件号码', '公民身份号码', '公民身份证号码', '证件号码', '证件号'],
  name: ['员工名称', '员工姓名', '人员姓名'],
  mobile: ['手机', '手机号', '手机号码', '电话', '电话号码', '联系方式', '移动电话'],
  birthDate: ['出生日期', '出生年月', '生日'],
  jobPosition: ['岗位', '职位'],
  highestEducation: ['学历', '文化程度'],
  highestEducationType: ['学历类型'],
  highestDegree: ['学位'],
  hukouRegion: ['户籍所在地', '户籍地', '户籍'],
  hukouType: ['户籍类型', '户口性质', '户籍性质'],
  residenceRegion: ['现居住地', '居住地址', '现住址'],
  residenceDetail: ['详细地址', '现居住详细地址', '现居住地址详细地址', '居住地详细地址'],
  maritalStatus: ['婚姻'],
  socialInsuranceStatus: ['社保', '社保缴纳情况'],
}

/** Known and not taken over: shown, counted or written by the program itself. */
const ignored = ['序号', '年龄', '工作单位', '所属单位', '错误信息', '状态', '审核状态', '上传状态', '是否人脸认证', '人员性质']

const headers = new Map<string, string | null>([
  ...ignored.map((label) => [headerText(label), null] as const),
  ...rosterColumns.flatMap(({ key, label }) => [label, ...(otherNames[key] ?? otherTableColumnNames[key] ?? [])].map((name) => [headerText(name), key] as const)),
])

/** As a header is compared: without blanks, line breaks, asterisks and what stands in brackets. */
export function headerText(text: string): string {
  return text.normalize('NFKC').replace(/\([^)]*\)/g, '').replace(/[\s*:：、·•]+/g, '')
}

/** @returns the column's key; null for one that is known and not taken over, undefined for an unknown one */
export function columnOfHeader(text: string): string | null | undefined {
  return headers.get(headerText(text))
}
