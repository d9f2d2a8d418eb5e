import type { DictionaryName } from '../dictionaries/index.ts'
import { forEachKind, type PersonType } from './statuses.ts'

export type DateKind = 'past' | 'any' | 'validity' | 'expiry'

/**
 * The sub-tables of every kind of person, in the order and with the labels of the operation manual (管理人员 4.1, 现场作业人员 5.3).
 * The one place that says what a column is: form, checks, merge, conflict screen and spreadsheets read it. `kinds` says who has
 * a table; where the manual calls the same thing otherwise for a worker, `workerLabel` does (ADR 0039).
 *
 * The manual stars none of these columns. `required` marks what a row cannot do without: a contact without a phone number is
 * none, and a certificate without its number cannot be looked up. A table may be left empty, and an empty row is no row.
 */
export interface TableColumn {
  readonly label: string
  readonly workerLabel?: string
  readonly required: boolean
  readonly input:
    | { readonly kind: 'text'; readonly maxLength: number; readonly spelling?: 'person-name' }
    | { readonly kind: 'phone' }
    /** `past`: not after today. `validity`: not before today, and 长期 is an answer too. `expiry`: the same without 长期. */
    | { readonly kind: 'date'; readonly is: DateKind }
    | { readonly kind: 'score' }
    | { readonly kind: 'dictionary'; readonly dictionary: DictionaryName }
}

const text = (maxLength: number) => ({ kind: 'text', maxLength }) as const
const date = (is: DateKind) => ({ kind: 'date', is }) as const
const remark = { label: '备注', required: false, input: text(200) } as const

export const personTables = {
  educations: {
    label: '教育经历',
    note: { manager: '高中起填' },
    kinds: ['manager', 'worker'],
    columns: {
      school: { label: '就读学校', workerLabel: '就读院校', required: true, input: text(100) },
      startDate: { label: '开始时间', required: false, input: date('past') },
      endDate: { label: '截止时间', required: false, input: date('any') },
      major: { label: '专业名称', required: false, input: text(100) },
      graduated: { label: '是否毕业', required: false, input: { kind: 'dictionary', dictionary: 'graduated' } },
    },
  },
  emergencyContacts: {
    label: '紧急联系人',
    note: {},
    kinds: ['manager', 'worker'],
    columns: {
      relation: { label: '与本人关系', required: false, input: { kind: 'dictionary', dictionary: 'relation' } },
      name: { label: '姓名', required: true, input: { kind: 'text', maxLength: 50, spelling: 'person-name' } },
      phone: { label: '联系电话', required: true, input: { kind: 'phone' } },
    },
  },
  trainings: {
    label: '培训经历',
    note: {},
    kinds: ['manager', 'worker'],
    columns: {
      institution: { label: '培训机构', required: false, input: text(100) },
      course: { label: '培训课程', required: true, input: text(100) },
      trainedOn: { label: '培训时间', required: false, input: date('past') },
      score: { label: '培训成绩', required: false, input: { kind: 'score' } },
    },
  },
  skillTitles: {
    label: '职业技能职称',
    workerLabel: '职业技能',
    note: {},
    kinds: ['manager', 'worker'],
    columns: {
      titleName: { label: '职称名称', workerLabel: '职位名称', required: true, input: text(100) },
      titleLevel: { label: '职称等级', required: false, input: { kind: 'dictionary', dictionary: 'titleLevel' } },
      grantedBy: { label: '授予单位', required: false, input: text(100) },
      obtainedOn: { label: '职称取得时间', required: false, input: date('past') },
      remark,
    },
  },
  licences: {
    label: '执业证书',
    note: {},
    kinds: ['manager'],
    columns: {
      licenceNo: { label: '执业证书编号', required: true, input: text(60) },
      licenceName: { label: '执业名称', required: true, input: text(100) },
      grantedBy: { label: '授予单位', required: false, input: text(100) },
      validUntil: { label: '证书有效期', required: false, input: date('validity') },
      remark,
    },
  },
  /** Not in the manual: 建设工程安全生产管理条例 art. 25. Which work wants which is `special-trades.ts`. */
  specialCertificates: {
    label: '特种作业操作证',
    note: {},
    kinds: ['worker'],
    columns: {
      specialTrade: { label: '作业类别', required: true, input: { kind: 'dictionary', dictionary: 'specialTrade' } },
      certificateNo: { label: '证书编号', required: true, input: text(60) },
      expiresOn: { label: '证书有效期', required: true, input: date('expiry') },
    },
  },
  awards: {
    label: '获奖情况',
    note: {},
    kinds: ['manager', 'worker'],
    columns: {
      awardName: { label: '奖项名称', required: true, input: text(100) },
      issuedBy: { label: '颁发部门', required: false, input: text(100) },
      awardedOn: { label: '获奖时间', required: false, input: date('past') },
      remark,
    },
  },
} as const satisfies Readonly<Record<string, PersonTable>>

export interface PersonTable {
  readonly label: string
  readonly workerLabel?: string
  /** What the manual says beside the heading. */
  readonly note: Readonly<Partial<Record<PersonType, string>>>
  readonly kinds: readonly PersonType[]
  readonly columns: Readonly<Record<string, TableColumn>>
}

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
  specialCertificates: personTables.specialCertificates.columns,
  awards: personTables.awards.columns,
}

/** A sub-table as the form of one kind of person has it. */
export interface FormTable {
  readonly label: string
  readonly note: string
  readonly columns: Readonly<Record<string, TableColumn>>
}

const definitions: Readonly<Record<TableName, PersonTable>> = personTables

const tablesByKind = forEachKind((personType): Readonly<Partial<Record<TableName, FormTable>>> => {
  const labelOf = ({ label, workerLabel }: { label: string; workerLabel?: string }) => (personType === 'worker' ? (workerLabel ?? label) : label)
  const formTable = (table: PersonTable): FormTable => {
    const columns = Object.entries(table.columns).map(([name, column]) => [name, { ...column, label: labelOf(column) }] as const)
    return { label: labelOf(table), note: table.note[personType] ?? '', columns: Object.fromEntries(columns) }
  }
  return Object.fromEntries(tableNames.filter((table) => definitions[table].kinds.includes(personType)).map((table) => [table, formTable(definitions[table])]))
})

/** What the form of this kind of person has, in the manual's order and with the labels that it has there. */
export const tablesOf = (personType: PersonType): Readonly<Partial<Record<TableName, FormTable>>> => tablesByKind[personType]

export const tableNamesOf = (personType: PersonType): TableName[] => Object.keys(tablesByKind[personType]) as TableName[]

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
