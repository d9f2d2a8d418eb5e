import { onScopeDispose, shallowRef, type ShallowRef } from 'vue'
import { findCode } from '../../shared/dictionaries/index.ts'
import type { PersonValues } from '../../shared/domain/person-fields.ts'
import { columnNames, emptyRow, isBlankRow, maxTableRows, tableColumns, type TableName, type TableRow } from '../../shared/domain/person-tables.ts'
import { mergeRows } from '../../shared/domain/merge-rows.ts'
import { inOrder, makeRowId } from '../../shared/domain/row-id.ts'
import { tidyCell } from '../../shared/domain/tidy-values.ts'

/** What was done to a table's rows and can be taken back for a while. */
export interface UndoableChange {
  readonly table: TableName
  /** 已删除第2行 */
  readonly what: string
  readonly before: readonly TableRow[]
  readonly after: readonly TableRow[]
}

/** ux: a row that was deleted can be had back for so long, in ms. */
const undoMs = 10_000

export interface FormRows {
  readonly undoable: ShallowRef<UndoableChange | null>
  /** @returns the id of the new row; null where the table is full */
  add(table: TableName): string | null
  remove(table: TableName, id: string): void
  /** Cells as a spreadsheet copies them, laid over the table from this cell on; rows are added as they are needed. What finds no room is told in `undoable`. */
  paste(table: TableName, id: string, column: string, cells: readonly (readonly string[])[]): void
  /** Puts back what the last removal or paste changed; what was typed since then stays. */
  undo(): void
  forget(): void
}

/** Rows of the sub-tables as the clerk adds, removes and pastes them. @param put makes rows the table's */
export function createFormRows(values: ShallowRef<PersonValues>, put: (table: TableName, rows: readonly TableRow[]) => void): FormRows {
  const undoable = shallowRef<UndoableChange | null>(null)
  let timer: ReturnType<typeof setTimeout> | undefined

  function forget(): void {
    clearTimeout(timer)
    undoable.value = null
  }
  onScopeDispose(forget)

  function change(table: TableName, what: string, after: readonly TableRow[]): void {
    const before = values.value[table]
    put(table, after)
    forget()
    undoable.value = { table, what, before, after }
    timer = setTimeout(forget, undoMs)
  }

  const fresh = (table: TableName, rows: readonly TableRow[]) => emptyRow(table, makeRowId(rows, crypto.randomUUID(), new Date()))

  return {
    undoable,
    forget,
    add: (table) => {
      const rows = values.value[table]
      if (rows.length >= maxTableRows) return null
      const row = fresh(table, rows)
      put(table, [...rows, row])
      return row.id
    },
    remove: (table, id) => {
      const rows = values.value[table]
      const row = rows.find((each) => each.id === id)
      if (!row) return
      const rest = rows.filter((each) => each !== row)
      if (isBlankRow(table, row)) put(table, rest)
      else change(table, `已删除第${rows.indexOf(row) + 1}行`, rest)
    },
    paste: (table, id, column, cells) => {
      const rows: TableRow[] = [...values.value[table]]
      const columns = columnNames(table)
      const [top, left] = [rows.findIndex((row) => row.id === id), columns.indexOf(column)]
      const fitting = cells.slice(0, maxTableRows - top)
      for (const [down, texts] of fitting.entries()) {
        const row = rows[top + down] ?? fresh(table, rows)
        const filled = columns.slice(left, left + texts.length).map((name, right) => [name, pasted(table, name, texts[right] ?? '')])
        rows[top + down] = { ...row, ...Object.fromEntries(filled) } as TableRow
      }
      const isTooWide = cells.some((texts) => texts.length > columns.length - left)
      const leftOut = [
        ...(cells.length > fitting.length ? [`另有${cells.length - fitting.length}行未粘贴，每表最多${maxTableRows}行`] : []),
        ...(isTooWide ? ['超出右边的列未粘贴'] : []),
      ]
      change(table, [`已粘贴${fitting.length}行`, ...leftOut].join('；'), rows)
    },
    undo: () => {
      const last = undoable.value
      if (!last) return
      const now = values.value[last.table]
      const { rows, conflicts } = mergeRows(last.table, last.after, now, last.before)
      // Typed into what the paste brought: that is newer than either, and stays.
      const typedInto = new Set(conflicts.map((path) => path.split('/')[1]))
      put(last.table, inOrder([...rows.filter((row) => !typedInto.has(row.id)), ...now.filter((row) => typedInto.has(row.id))]))
      forget()
    },
  }
}

/** A label becomes its code; of what is no entry the text stays, and is said to be wrong. */
function pasted(table: TableName, column: string, text: string): string {
  const input = tableColumns[table][column]?.input
  const tidied = tidyCell(table, column, text).slice(0, 500)
  return input?.kind === 'dictionary' ? (findCode(input.dictionary, tidied) ?? tidied) : tidied
}
