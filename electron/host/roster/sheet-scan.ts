import { AppError } from '../../../shared/errors/app-error.ts'
import { mostRowElements, mostRows, mostSheet } from './limits.ts'
import { passThrough, type ZipEntry } from './zip-directory.ts'

/** Why a cell's value is not what somebody typed into it. */
export type CellFlaw = 'formula' | 'picture' | 'merged'

export interface SheetScan {
  /** By `row,column`, from 0. */
  readonly flaws: ReadonlyMap<string, CellFlaw>
  /** By `row,column`, from 0: the ids of WPS's pictures in cells. */
  readonly pictures: ReadonlyMap<string, string>
  /** Rows with an element of their own. */
  readonly rows: number
}

/** Longer than any cell's beginning with a formula of ours: what lies across two parts is found in the second. */
const overlap = 4_096

const formula = /<(?:\w+:)?c\s[^>]*?\br="([A-Z]+)(\d+)"[^>]*><(?:\w+:)?f(?:\s[^>]*?)?(?:\/>|>([^<]*))/g
const mergedCells = /<(?:\w+:)?mergeCell\s[^>]*?\bref="([A-Z]+)(\d+):([A-Z]+)(\d+)"/g

/**
 * Goes through a sheet once before it is read: how much it is, and which of its cells are formulas, pictures or parts of merged
 * ones, which the reader, row by row, does not tell.
 * @throws AppError roster-expands, roster-too-many-rows: a sheet of a million rows after the first hundred thousand
 */
export async function scanSheet(bytes: Buffer, entry: ZipEntry): Promise<SheetScan> {
  const flaws = new Map<string, CellFlaw>()
  const pictures = new Map<string, string>()
  let rows = 0
  let size = 0
  let before = Buffer.alloc(0)
  await passThrough(bytes, entry, (part) => {
    size += part.length
    if (size > mostSheet || size > entry.size) throw new AppError('roster-expands')
    for (let at = part.indexOf('row>'); at >= 0; at = part.indexOf('row>', at + 4)) rows++
    if (rows > mostRowElements) throw new AppError('roster-too-many-rows', { most: mostRows })
    const both = Buffer.concat([before, part])
    if (both.includes('<f') || both.includes(':f') || both.includes('mergeCell')) note(both.toString('latin1'), flaws, pictures)
    before = Buffer.from(part.subarray(-overlap))
  })
  return { flaws, pictures, rows }
}

function note(xml: string, flaws: Map<string, CellFlaw>, pictures: Map<string, string>): void {
  for (const [, letters = '', row, text = ''] of xml.matchAll(formula)) {
    const at = `${Number(row) - 1},${columnOf(letters)}`
    const [, id] = /DISPIMG\((?:"|&quot;)([^"&]+)/i.exec(text) ?? []
    flaws.set(at, id === undefined ? 'formula' : 'picture')
    if (id !== undefined) pictures.set(at, id)
  }
  for (const [, from = '', top, to = '', bottom] of xml.matchAll(mergedCells)) {
    noteMerged(flaws, { startRow: Number(top) - 1, endRow: Number(bottom) - 1, startCol: columnOf(from), endCol: columnOf(to) })
  }
}

/** All but the first of them, which has the value. A whole sheet can be one: what matters lies in the first rows and columns. */
export function noteMerged(flaws: Map<string, CellFlaw>, { startRow, endRow, startCol, endCol }: { startRow: number; endRow: number; startCol: number; endCol: number }): void {
  for (let row = startRow; row <= Math.min(endRow, startRow + mostRows); row++) {
    for (let column = startCol; column <= Math.min(endCol, startCol + 200); column++) {
      if (row !== startRow || column !== startCol) flaws.set(`${row},${column}`, 'merged')
    }
  }
}

function columnOf(letters: string): number {
  return [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1
}
