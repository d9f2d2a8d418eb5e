import * as v from 'valibot'
import { emptyManagerValues, managerFieldNames, type ManagerFieldName, type ManagerValues } from './manager-fields.ts'
import { isFieldPath, type FieldPath } from './field-path.ts'
import { columnNames, emptyRow, maxTableRows, tableNames, type TableName, type TableRow } from './manager-tables.ts'

/** A draft may hold anything a clerk can type, up to this many characters a field. */
export const draftFieldMaxLength = 500

const typedText = v.pipe(v.string(), v.maxLength(draftFieldMaxLength))
type TextSchema = typeof typedText
type Exact<Schema extends v.GenericSchema> = v.ExactOptionalSchema<Schema, undefined>

const rowsOf = (table: TableName) =>
  v.pipe(
    v.array(v.strictObject({ id: v.pipe(v.string(), v.uuid()), ...Object.fromEntries(columnNames(table).map((column) => [column, typedText])) }) as unknown as v.GenericSchema<TableRow>),
    v.maxLength(maxTableRows),
    v.check((rows) => rows.every(({ id }, index) => index === 0 || id > (rows[index - 1]?.id ?? '')), 'rows in the order of their ids'),
    v.readonly(),
  )
type RowsSchema = v.GenericSchema<readonly TableRow[]>

const entriesOf = <Text extends v.GenericSchema, Rows extends v.GenericSchema>(text: Text, rows: (table: TableName) => Rows) => ({
  ...(Object.fromEntries(managerFieldNames.map((name) => [name, text])) as Record<ManagerFieldName, Text>),
  ...(Object.fromEntries(tableNames.map((table) => [table, rows(table)])) as Record<TableName, Rows>),
})

/** A whole form as typed: every field and table present, nothing else. */
export const managerValuesSchema = v.strictObject(entriesOf<TextSchema, RowsSchema>(typedText, rowsOf)) satisfies v.GenericSchema<ManagerValues>

/** A change of some fields; of a table all of its rows. */
export const managerPatchSchema = v.strictObject(
  entriesOf<Exact<TextSchema>, Exact<RowsSchema>>(v.exactOptional(typedText), (table) => v.exactOptional(rowsOf(table))),
)

export type ManagerPatch = Partial<ManagerValues>

export const fieldPathSchema = v.custom<FieldPath>((input) => typeof input === 'string' && isFieldPath(input))

/** As stored by any version of the product: what came into it later reads as empty. */
export function completeValues(stored: Partial<ManagerValues>): ManagerValues {
  const values: ManagerValues = emptyManagerValues()
  for (const name of managerFieldNames) values[name] = stored[name] ?? ''
  for (const table of tableNames) values[table] = (stored[table] ?? []).map((row) => ({ ...emptyRow(table, row.id), ...row }))
  return values
}
