import * as v from 'valibot'
import { emptyPersonValues, personFieldNames, type PersonFieldName, type PersonValues } from './person-fields.ts'
import { isFieldPath, type FieldPath } from './field-path.ts'
import { columnNames, emptyRow, maxTableRows, tableNames, type TableName, type TableRow } from './person-tables.ts'

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
  ...(Object.fromEntries(personFieldNames.map((name) => [name, text])) as Record<PersonFieldName, Text>),
  ...(Object.fromEntries(tableNames.map((table) => [table, rows(table)])) as Record<TableName, Rows>),
})

/** A whole form as typed: every field and table present, nothing else. */
export const personValuesSchema = v.strictObject(entriesOf<TextSchema, RowsSchema>(typedText, rowsOf)) satisfies v.GenericSchema<PersonValues>

/** A change of some fields; of a table all of its rows. */
export const personPatchSchema = v.strictObject(
  entriesOf<Exact<TextSchema>, Exact<RowsSchema>>(v.exactOptional(typedText), (table) => v.exactOptional(rowsOf(table))),
)

export type PersonPatch = Partial<PersonValues>

export const fieldPathSchema = v.custom<FieldPath>((input) => typeof input === 'string' && isFieldPath(input))

/** As stored by any version of the product: what came into it later reads as empty. */
export function completeValues(stored: Partial<PersonValues>): PersonValues {
  const values: PersonValues = emptyPersonValues()
  for (const name of personFieldNames) values[name] = stored[name] ?? ''
  for (const table of tableNames) values[table] = (stored[table] ?? []).map((row) => ({ ...emptyRow(table, row.id), ...row }))
  return values
}
