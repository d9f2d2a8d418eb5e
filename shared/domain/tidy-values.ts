import { parseDate } from './dates.ts'
import { normalizeIdCardNo } from './id-card-no.ts'
import { personFieldNames, type PersonTexts, type PersonValues } from './person-fields.ts'
import { columnNames, isBlankRow, tableColumns, tableNames, type TableName, type TableRow } from './person-tables.ts'
import { normalizeMobile, normalizePhone } from './mobile.ts'

/** As typed → as saved and checked: texts without blanks around them, numbers and dates in their one spelling, no empty rows. */
export function tidyValues(values: PersonValues): PersonValues {
  const texts = Object.fromEntries(personFieldNames.map((name) => [name, tidyText(values[name])])) as PersonTexts
  const tables = Object.fromEntries(tableNames.map((table) => [table, tidyRows(table, values[table])])) as unknown as Pick<PersonValues, TableName>
  return { ...texts, idCardNo: normalizeIdCardNo(values.idCardNo), mobile: normalizeMobile(values.mobile), ...tables }
}

function tidyRows(table: TableName, rows: readonly TableRow[]): TableRow[] {
  return rows.flatMap((row) => {
    const tidied: TableRow = { id: row.id, ...Object.fromEntries(columnNames(table).map((column) => [column, tidyCell(table, column, row[column] ?? '')])) }
    return isBlankRow(table, tidied) ? [] : [tidied]
  })
}

export function tidyCell(table: TableName, column: string, text: string): string {
  const tidied = tidyText(text)
  switch (tableColumns[table][column]?.input.kind) {
    case 'date':
      return parseDate(tidied) ?? tidied
    case 'phone':
      return normalizePhone(tidied)
    case 'score':
      return tidied.normalize('NFKC').replace(/分$/, '')
    case 'text':
    case 'dictionary':
    case undefined:
      return tidied
  }
}

/** A tab or a line break of a cell in a spreadsheet is a blank here; marks that nobody sees and nobody means go. */
export function tidyText(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').replace(/\p{Cf}+/gu, '').trim()
}
