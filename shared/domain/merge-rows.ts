import { cellPath, rowPath, type FieldPath } from './field-path.ts'
import { columnNames, sameRow, type TableName, type TableRow } from './person-tables.ts'
import { inOrder } from './row-id.ts'

/**
 * Joins two edits of one sub-table, row by row by their ids, and within a row cell by cell. Rows that either side added are all
 * kept. A row that one side removed and the other changed is a clash of the whole row, and stays as it was until somebody chooses.
 */
export function mergeRows(table: TableName, base: readonly TableRow[], mine: readonly TableRow[], theirs: readonly TableRow[]): { rows: TableRow[]; conflicts: FieldPath[] } {
  const [before, left, right] = [byId(base), byId(mine), byId(theirs)]
  const rows: TableRow[] = []
  const conflicts: FieldPath[] = []
  for (const id of new Set([...before.keys(), ...left.keys(), ...right.keys()])) {
    const { row, clashes } = mergeRow(table, before.get(id), left.get(id), right.get(id))
    if (row) rows.push(row)
    conflicts.push(...clashes)
  }
  return { rows: inOrder(rows), conflicts: conflicts.sort(byPlace(table)) }
}

type Side = TableRow | undefined

function mergeRow(table: TableName, base: Side, mine: Side, theirs: Side): { row: Side; clashes: FieldPath[] } {
  const same = (a: Side, b: Side) => (a && b ? sameRow(table, a, b) : a === b)
  if (same(mine, theirs) || same(base, theirs)) return { row: mine, clashes: [] }
  if (same(base, mine)) return { row: theirs, clashes: [] }
  const some = mine ?? theirs
  if (!some) return { row: undefined, clashes: [] }
  if (!mine || !theirs) return { row: base, clashes: [rowPath(table, some.id)] }
  const clashes: FieldPath[] = []
  const row: Record<string, string> & { id: string } = { id: some.id }
  for (const column of columnNames(table)) {
    const [was, own, other] = [base?.[column] ?? '', mine[column] ?? '', theirs[column] ?? '']
    if (own !== other && own !== was && other !== was) clashes.push(cellPath(table, some.id, column))
    row[column] = own === other || other === was ? own : own === was ? other : was
  }
  return { row, clashes }
}

const byId = (rows: readonly TableRow[]) => new Map(rows.map((row) => [row.id, row]))

/** Row after row, in a row from left to right. */
function byPlace(table: TableName): (a: FieldPath, b: FieldPath) => number {
  const columns = columnNames(table)
  return (a, b) => {
    const [[, rowA = '', columnA = ''], [, rowB = '', columnB = '']] = [a.split('/'), b.split('/')]
    return rowA === rowB ? columns.indexOf(columnA) - columns.indexOf(columnB) : rowA < rowB ? -1 : 1
  }
}
