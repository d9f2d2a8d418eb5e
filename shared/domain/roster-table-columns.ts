import { labelAt, placeOf, type FieldPath } from './field-path.ts'
import type { PersonValues } from './person-fields.ts'
import { emptyRow, isBlankRow, personTables, tableColumns, type TableName, type TableRow } from './person-tables.ts'
import type { RosterColumn } from './roster-columns.ts'
import { tidyCell } from './tidy-values.ts'

/**
 * Of each sub-table the first row has columns of its own in a roster: one line a person has room for one contact, one school, one
 * certificate. With the form's own fields they make the 40 columns of the template; further rows are typed in the form.
 */
const chosen: Readonly<Partial<Record<TableName, readonly string[]>>> = {
  emergencyContacts: ['name', 'relation', 'phone'],
  educations: ['school', 'startDate', 'endDate', 'major', 'graduated'],
  trainings: ['institution', 'course', 'trainedOn', 'score'],
  skillTitles: ['titleName', 'titleLevel', 'grantedBy', 'obtainedOn'],
  licences: ['licenceNo', 'licenceName', 'grantedBy', 'validUntil'],
}

const keyOf = (table: TableName, column: string) => `${table}.${column}`

export const rosterTableColumns: readonly RosterColumn[] = (Object.keys(chosen) as TableName[]).flatMap((table) =>
  (chosen[table] ?? []).flatMap((name): RosterColumn[] => {
    const column = tableColumns[table][name]
    if (!column) return []
    return [{
      key: keyOf(table, name),
      label: `${personTables[table].label}·${column.label}`,
      required: false,
      input: column.input,
      read: (values) => values[table][0]?.[name] ?? '',
      put: (values, value, newId) => {
        const [first = emptyRow(table, newId()), ...others] = values[table]
        const row: TableRow = { ...first, [name]: tidyCell(table, name, value) }
        values[table] = isBlankRow(table, row) ? others : [row, ...others]
      },
    }]
  }),
)

/** What the same columns are called elsewhere, by the manual's own list among others. */
export const otherTableColumnNames: Readonly<Record<string, readonly string[]>> = {
  'emergencyContacts.name': ['紧急联系人', '紧急联系人名称'],
  'emergencyContacts.relation': ['与本人关系', '紧急联系人关系'],
  'emergencyContacts.phone': ['紧急联系人电话', '紧急联系人手机', '紧急联系电话'],
  'educations.school': ['就读学校', '就读院校', '毕业院校', '毕业学校'],
  'educations.startDate': ['入学时间', '就读开始时间'],
  'educations.endDate': ['毕业时间', '就读截止时间'],
  'educations.major': ['专业名称', '专业', '所学专业'],
  'educations.graduated': ['是否毕业'],
  'trainings.institution': ['培训机构'],
  'trainings.course': ['培训课程'],
  'trainings.trainedOn': ['培训时间'],
  'trainings.score': ['培训成绩'],
  'skillTitles.titleName': ['职称名称'],
  'skillTitles.titleLevel': ['职称等级'],
  'skillTitles.obtainedOn': ['职称取得时间'],
  'licences.licenceNo': ['执业证书编号', '证书编号'],
  'licences.licenceName': ['执业名称'],
  'licences.grantedBy': ['证书授予单位'],
  'licences.validUntil': ['证书有效期'],
}

/**
 * The column of a roster at which a problem of the form is told. What has no column there, as the second row of a sub-table that
 * somebody has already, is told at the name, with the place in the form.
 */
export function columnOfProblem(path: string, sentence: string, values: PersonValues): readonly [key: string, sentence: string] {
  const place = placeOf(path as FieldPath)
  if (!place) return [path, sentence]
  const { table, rowId, column } = place
  const isFirst = values[table][0]?.id === rowId
  if (isFirst && column !== null && chosen[table]?.includes(column)) return [keyOf(table, column), sentence]
  return ['name', `${labelAt('manager', path as FieldPath, [values])}：${sentence}`]
}
