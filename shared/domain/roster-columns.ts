import { managerFieldNames, managerFieldTable, type ManagerField, type ManagerFieldName, type ManagerValues } from './manager-fields.ts'

/**
 * A column of a roster in a spreadsheet. The columns follow from the one definition of a manager's fields: a field that joins
 * the form joins the template, the import, the error file and the export.
 */
export interface RosterColumn {
  /** Names the column on every border; also the key under which `validateManager` reports what is wrong with it. */
  readonly key: string
  /** As in the form, in an error sentence and in the manual. */
  readonly label: string
  readonly required: boolean
  readonly input: ManagerField['input']
  read(values: ManagerValues): string
  /** @returns the values with this one in its place */
  write(values: ManagerValues, value: string): ManagerValues
}

/** Whoever is registered is known by these two: they stand first, where a frozen pane keeps them in sight. */
const first: readonly ManagerFieldName[] = ['idCardNo', 'name']

const fieldColumns = [...first, ...managerFieldNames.filter((name) => !first.includes(name))].map((name): RosterColumn => {
  const { label, required, input } = managerFieldTable[name]
  return {
    key: name,
    label,
    // Nobody is registered without a number, though the form has no asterisk at it: it is asked for before.
    required: required || name === 'idCardNo',
    input,
    read: (values) => values[name],
    write: (values, value) => ({ ...values, [name]: value }),
  }
})

export const rosterColumns: readonly RosterColumn[] = fieldColumns

export const rosterColumnKeys = rosterColumns.map(({ key }) => key)

const byKey = new Map(rosterColumns.map((column) => [column.key, column]))

export const findRosterColumn = (key: string): RosterColumn | undefined => byKey.get(key)

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
  ...rosterColumns.flatMap(({ key, label }) => [label, ...(otherNames[key] ?? [])].map((name) => [headerText(name), key] as const)),
])

/** As a header is compared: without blanks, line breaks, asterisks and what stands in brackets. */
export function headerText(text: string): string {
  return text.normalize('NFKC').replace(/\([^)]*\)/g, '').replace(/[\s*:：、]+/g, '')
}

/** @returns the column's key; null for one that is known and not taken over, undefined for an unknown one */
export function columnOfHeader(text: string): string | null | undefined {
  return headers.get(headerText(text))
}
