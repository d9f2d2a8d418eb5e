import { rosterColumns } from '../../../shared/domain/roster-columns.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import { cellText } from './cell-text.ts'
import { findHeader, searchedRows, type RosterHeader } from './header.ts'
import { mostRows } from './limits.ts'
import { photosOf, withoutPictured, type RowPhoto } from './row-photos.ts'
import { openSheets, type CellValue, type SheetInSight } from './workbook.ts'

export interface SheetRow {
  /** As the spreadsheet numbers it, from 1. */
  readonly sheetRow: number
  /** By column key; empty ones are left out. */
  readonly texts: Record<string, string>
  /** What is wrong with a cell whatever it says; a text typed in its place ends it. */
  readonly flaws: Record<string, string>
  /** All cells of the row as the file has them. */
  readonly cells: readonly CellValue[]
}

export interface ReadRoster {
  readonly sheet: string
  readonly header: RosterHeader
  /** What stands above the header, and it. */
  readonly head: readonly (readonly CellValue[])[]
  readonly rows: SheetRow[]
  /** Pictures in the rows, or lying over them, by `sheetRow`. */
  readonly photos: ReadonlyMap<number, readonly RowPhoto[]>
}

/** The template's own example, where it was left standing. */
const example = /^示例/
/** Rows between two words about how far it is. */
const toldEvery = 500

/**
 * Reads the first sheet in sight that has a header of ours.
 * @param progress told the part that is read, from 0 to 1
 * @throws AppError as `openSheets`, roster-no-header, roster-header-twice, roster-no-rows, roster-too-many-rows
 */
export async function readRoster(bytes: Buffer, progress: (part: number) => void = () => undefined): Promise<ReadRoster> {
  for await (const sheet of openSheets(bytes)) {
    const read = await readSheet(sheet, progress)
    if (read) return read
  }
  throw new AppError('roster-no-header')
}

async function readSheet(sheet: SheetInSight, progress: (part: number) => void): Promise<ReadRoster | undefined> {
  const head: (readonly CellValue[])[] = []
  let header: RosterHeader | undefined
  const rows: SheetRow[] = []
  for await (const { index, cells } of sheet.rows()) {
    if (!header) {
      while (head.length < Math.min(index, searchedRows)) head.push([])
      head.push(cells)
      header = findHeader(cells, index)
      if (!header && index + 1 >= searchedRows) return undefined
      continue
    }
    const row = readRow(sheet, header, index, cells)
    if (!row) continue
    if (rows.push(row) > mostRows) throw new AppError('roster-too-many-rows', { most: mostRows })
    if (rows.length % toldEvery === 0) progress(Math.min(1, rows.length / Math.max(1, sheet.size)))
  }
  if (!header) return undefined
  if (rows.length === 0) throw new AppError('roster-no-rows')
  const heads = head[header.row] ?? []
  return { sheet: sheet.name, header: withoutPictured(header, heads, sheet.pictures), head, rows, photos: photosOf(sheet.pictures, heads) }
}

function readRow({ flaws }: SheetInSight, { places }: RosterHeader, index: number, cells: readonly CellValue[]): SheetRow | undefined {
  if (isBlank(cells)) return undefined
  const row: SheetRow = { sheetRow: index + 1, texts: {}, flaws: {}, cells }
  let isEmpty = true
  for (const column of rosterColumns) {
    const place = places.get(column.key)
    if (place === undefined) continue
    const { text, problem } = cellText(column, cells[place] ?? null, flaws.size === 0 ? undefined : flaws.get(`${index},${place}`))
    if (text !== '') row.texts[column.key] = text
    if (problem !== undefined) row.flaws[column.key] = problem
    if (text !== '' || problem !== undefined) isEmpty = false
  }
  return isEmpty || example.test(row.texts['name'] ?? '') ? undefined : row
}

const isBlank = (cells: readonly CellValue[]) => cells.every((cell) => cell === null || (typeof cell === 'string' && cell.trim() === ''))
