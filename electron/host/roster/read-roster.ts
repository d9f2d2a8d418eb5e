import { rosterColumns } from '../../../shared/domain/roster-columns.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import { cellText } from './cell-text.ts'
import { mostRows } from './file-kind.ts'
import { findHeader, type RosterHeader } from './header.ts'
import { readSheets, type CellValue, type ReadSheet } from './workbook.ts'

export interface SheetRow {
  /** As the spreadsheet numbers it, from 1. */
  readonly sheetRow: number
  /** By column key; empty ones are left out. */
  readonly texts: Record<string, string>
  /** What is wrong with a cell whatever it says; a text typed in its place ends it. */
  readonly flaws: Record<string, string>
}

export interface ReadRoster {
  readonly sheet: ReadSheet
  readonly header: RosterHeader
  readonly rows: SheetRow[]
}

/** The template's own example, where it was left standing. */
const example = /^示例/

/**
 * Reads the first sheet in sight that has a header of ours.
 * @throws AppError as `readSheets`, roster-no-header, roster-header-twice, roster-no-rows, roster-too-many-rows
 */
export async function readRoster(bytes: Buffer): Promise<ReadRoster> {
  const sheets = await readSheets(bytes)
  for (const sheet of sheets) {
    const header = findHeader(sheet)
    if (header) return { sheet, header, rows: readRows(sheet, header) }
  }
  throw new AppError('roster-no-header')
}

function readRows({ rows, flaws }: ReadSheet, header: RosterHeader): SheetRow[] {
  const columns = rosterColumns.flatMap((column) => {
    const place = header.places.get(column.key)
    return place === undefined ? [] : [{ column, place }]
  })
  const found: SheetRow[] = []
  for (let index = header.row + 1; index < rows.length; index++) {
    const cells = rows[index] ?? []
    if (isBlank(cells)) continue
    const row: SheetRow = { sheetRow: index + 1, texts: {}, flaws: {} }
    for (const { column, place } of columns) {
      const { text, problem } = cellText(column, cells[place] ?? null, flaws.size === 0 ? undefined : flaws.get(`${index},${place}`))
      if (text !== '') row.texts[column.key] = text
      if (problem !== undefined) row.flaws[column.key] = problem
    }
    if (example.test(row.texts['name'] ?? '') || (Object.keys(row.texts).length === 0 && Object.keys(row.flaws).length === 0)) continue
    if (found.push(row) > mostRows) throw new AppError('roster-too-many-rows', { most: mostRows })
  }
  if (found.length === 0) throw new AppError('roster-no-rows')
  return found
}

const isBlank = (cells: readonly CellValue[]) => cells.every((cell) => cell === null || (typeof cell === 'string' && cell.trim() === ''))
