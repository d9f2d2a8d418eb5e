import type { DictionaryName } from '../dictionaries/index.ts'

/**
 * The sub-tables of a manager, in the order and with the labels of the operation manual 4.1, step three. The one place that
 * says what a column is: form, checks, merge, conflict screen and spreadsheets read it.
 *
 * The manual stars none of these columns. `required` marks what a row cannot do without: a contact without a phone number is
 * none, and a certificate without its number cannot be looked up. A table may be left empty, and an empty row is no row.
 */
export interface TableColumn {
  readonly label: string
  readonly required: boolean
  readonly input:
    | { readonly kind: 'text'; readonly maxLength: number; readonly spelling?: 'person-name' }
    | { readonly kind: 'phone' }
    /** `past`: not after today. `validity`: not before today, and 长期 is an answer too. */
    | { readonly kind: 'date'; readonly is: 'past' | 'any' | 'validity' }
    | { readonly kind: 'score' }
    | { readonly kind: 'dictionary'; readonly dictionary: DictionaryName }
}

const text = (maxLength: number) => ({ kind: 'text', maxLength }) as const
const date = (is: 'past' | 'any' | 'validity') => ({ kind: 'date', is }) as const
const remark = { label: '备注', required: false, input: text(200) } as const

export const personTables = {
  educations: {
    label: '教育经历',
    note: '高中起填',
    columns: {
      school: { label: '就读学校', required: true, input: text(100) },
      startDate: { label: '开始时间', required: false, input: date('past') },
      endDate: { label: '截止时间', required: false, input: date('any') },
      major: { label: '专业名称', required: false, input: text(100) },
      graduated: { label: '是否毕业', required: false, input: { kind: 'dictionary', dictionary: 'graduated' } },
    },
  },
  emergencyContacts: {
    label: '紧急联系人',
    note: '',
    columns: {
      relation: { label: '与本人关系', required: false, input: { kind: 'dictionary', dictionary: 'relation' } },
      name: { label: '姓名', required: true, input: { kind: 'text', maxLength: 50, spelling: 'person-name' } },
      phone: { label: '联系电话', required: true, input: { kind: 'phone' } },
    },
  },
  trainings: {
    label: '培训经历',
    note: '',
    columns: {
      institution: { label: '培训机构', required: false, input: text(100) },
      course: { label: '培训课程', required: true, input: text(100) },
      trainedOn: { label: '培训时间', required: false, input: date('past') },
      score: { label: '培训成绩', required: false, input: { kind: 'score' } },
    },
  },
  skillTitles: {
    label: '职业技能职称',
    note: '',
    columns: {
      titleName: { label: '职称名称', required: true, input: text(100) },
      titleLevel: { label: '职称等级', required: false, input: { kind: 'dictionary', dictionary: 'titleLevel' } },
      grantedBy: { label: '授予单位', required: false, input: text(100) },
      obtainedOn: { label: '职称取得时间', required: false, input: date('past') },
      remark,
    },
  },
  licences: {
    label: '执业证书',
    note: '',
    columns: {
      licenceNo: { label: '执业证书编号', required: true, input: text(60) },
      licenceName: { label: '执业名称', required: true, input: text(100) },
      grantedBy: { label: '授予单位', required: false, input: text(100) },
      validUntil: { label: '证书有效期', required: false, input: date('validity') },
      remark,
    },
  },
  awards: {
    label: '获奖情况',
    note: '',
    columns: {
      awardName: { label: '奖项名称', required: true, input: text(100) },
      issuedBy: { label: '颁发部门', required: false, input: text(100) },
      awardedOn: { label: '获奖时间', required: false, input: date('past') },
      remark,
    },
  },
} as const satisfies Readonly<Record<string, { label: string; note: string; columns: Readonly<Record<string, TableColumn>> }>>

export type TableName = keyof typeof personTables

/** A row as typed: '' where nothing is. The id is made with the row and orders the table (see `makeRowId`). */
export type TableRow = { readonly id: string } & Readonly<Record<string, string>>

/** Each table's rows, in the order of their ids. */
export type PersonTables = Record<TableName, readonly TableRow[]>

export const tableNames = Object.keys(personTables) as TableName[]

/** Columns of each table by name, seen as TableColumn. */
export const tableColumns: Readonly<Record<TableName, Readonly<Record<string, TableColumn>>>> = {
  educations: personTables.educations.columns,
  emergencyContacts: personTables.emergencyContacts.columns,
  trainings: personTables.trainings.columns,
  skillTitles: personTables.skillTitles.columns,
  licences: personTables.licences.columns,
  awards: personTables.awards.columns,
}

export const columnNames = (table: TableName): string[] => Object.keys(tableColumns[table])

/** More is no person's record but a mistake, and would not fit into one message to the central service. */
export const maxTableRows = 30

export function emptyTables(): PersonTables {
  return Object.fromEntries(tableNames.map((table) => [table, []])) as unknown as PersonTables
}

export function emptyRow(table: TableName, id: string): TableRow {
  return { id, ...Object.fromEntries(columnNames(table).map((column) => [column, ''])) }
}

/** Nothing is in it: not a row that anybody meant. */
export function isBlankRow(table: TableName, row: TableRow): boolean {
  return columnNames(table).every((column) => (row[column] ?? '').trim() === '')
}

export function sameRow(table: TableName, a: TableRow, b: TableRow): boolean {
  return columnNames(table).every((column) => a[column] === b[column])
}

export function sameRows(table: TableName, a: readonly TableRow[], b: readonly TableRow[]): boolean {
  return a.length === b.length && a.every((row, index) => row.id === b[index]?.id && sameRow(table, row, b[index]))
}
