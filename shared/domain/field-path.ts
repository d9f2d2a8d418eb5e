import { labelOf } from '../dictionaries/index.ts'
import { personFieldNames, personFieldTable, type PersonFieldName, type PersonValues } from './person-fields.ts'
import { inOrder } from './row-id.ts'
import type { PersonType } from './statuses.ts'
import { columnNames, personTables, tableColumns, tableNames, tablesOf, type PersonTables, type TableColumn, type TableName, type TableRow } from './person-tables.ts'

/**
 * Names one place of a form: a field (`mobile`), a row of a sub-table (`educations/<row id>`), or a cell
 * (`educations/<row id>/school`). Errors, conflicts and the controls of the page are found by it.
 */
export type FieldPath = PersonFieldName | `${TableName}/${string}`

export interface RowPlace {
  readonly table: TableName
  readonly rowId: string
  /** null: the row itself, as something that is there or not. */
  readonly column: string | null
}

export const rowPath = (table: TableName, rowId: string): FieldPath => `${table}/${rowId}`
export const cellPath = (table: TableName, rowId: string, column: string): FieldPath => `${table}/${rowId}/${column}`

/** null for a field of the form itself. */
export function placeOf(path: FieldPath): RowPlace | null {
  const [table = '', rowId, column = null] = path.split('/')
  return rowId === undefined ? null : { table: table as TableName, rowId, column }
}

const rowId = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i

export function isFieldPath(text: string): text is FieldPath {
  const [table = '', id, column, ...rest] = text.split('/')
  if (id === undefined) return Object.hasOwn(personFieldTable, text)
  if (!Object.hasOwn(tableColumns, table) || !rowId.test(id) || rest.length > 0) return false
  return column === undefined || Object.hasOwn(tableColumns[table as TableName], column)
}

export const findRow = (tables: PersonTables, { table, rowId: id }: RowPlace): TableRow | undefined => tables[table].find((row) => row.id === id)

/** What stands there, as stored; of a row what a reader would call it; '' where nothing is. */
export function textAt(values: PersonValues, path: FieldPath): string {
  const place = placeOf(path)
  if (!place) return values[path as PersonFieldName]
  const row = findRow(values, place)
  if (!row) return ''
  return place.column === null ? rowText(place.table, row) : (row[place.column] ?? '')
}

/** A row as one line of text, with the labels of its dictionaries. */
export function rowText(table: TableName, row: TableRow): string {
  return columnNames(table).map((column) => shownCell(table, column, row[column] ?? '')).filter((text) => text !== '').join('，')
}

export function shownCell(table: TableName, column: string, text: string): string {
  const input = tableColumns[table][column]?.input
  return input?.kind === 'dictionary' && text !== '' ? labelOf(input.dictionary, text) : text
}

/** The same values with what `from` has there: of a row also that it is not there. */
export function takeAt(values: PersonValues, path: FieldPath, from: PersonValues): PersonValues {
  const place = placeOf(path)
  if (!place) return { ...values, [path]: from[path as PersonFieldName] }
  const { table, column } = place
  const [present, wanted] = [findRow(values, place), findRow(from, place)]
  const others = values[table].filter((row) => row !== present)
  const next = column === null || !present ? wanted : wanted && { ...present, [column]: wanted[column] ?? '' }
  return { ...values, [table]: next ? inOrder([...others, next]) : others }
}

/** 联系电话, or 教育经历第2行“上海大学”的截止时间: the row by its place in the first of these forms that has it; in the words of this kind's form. */
export function labelAt(personType: PersonType, path: FieldPath, forms: readonly PersonTables[]): string {
  const place = placeOf(path)
  if (!place) return personFieldTable[path as PersonFieldName].label
  const { table, column } = place
  const form = forms.find((each) => findRow(each, place))
  const number = form ? `第${form[table].findIndex(({ id }) => id === place.rowId) + 1}行` : ''
  const { label, columns } = tablesOf(personType)[table] ?? personTables[table]
  const of = `${label}${number}`
  return column === null ? of : `${of}的${(columns as Readonly<Record<string, TableColumn>>)[column]?.label ?? column}`
}

/** Where the two differ, in the order of the form; a row that only one has as a whole. */
export function differingPaths(a: PersonValues, b: PersonValues): FieldPath[] {
  const rows = tableNames.flatMap((table) => {
    const ids = [...new Set([...a[table], ...b[table]].map(({ id }) => id))].sort()
    return ids.flatMap((id): FieldPath[] => {
      const place = { table, rowId: id, column: null }
      const [left, right] = [findRow(a, place), findRow(b, place)]
      if (!left || !right) return [rowPath(table, id)]
      return columnNames(table).filter((column) => left[column] !== right[column]).map((column) => cellPath(table, id, column))
    })
  })
  return [...personFieldNames.filter((name) => a[name] !== b[name]), ...rows]
}
