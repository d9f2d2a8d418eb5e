import { columnOfHeader, rosterColumns } from '../../../shared/domain/roster-columns.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import type { CellValue } from './workbook.ts'

export interface RosterHeader {
  /** From 0. */
  readonly row: number
  /** Column of the sheet for each of ours that it has. */
  readonly places: ReadonlyMap<string, number>
  /** Headers that mean nothing here, as they stand. */
  readonly unknown: readonly string[]
  /** Labels of required columns that the sheet has not. */
  readonly missing: readonly string[]
}

/** A title and a line of notes may stand above it. */
export const searchedRows = 20

/**
 * Whether a row is the header of a roster; the order of its columns is free.
 * @throws AppError roster-header-twice @returns undefined where it is none
 */
export function findHeader(cells: readonly CellValue[], row: number): RosterHeader | undefined {
  const keys = cells.map((cell) => (typeof cell === 'string' ? columnOfHeader(cell) : undefined))
  return keys.includes('idCardNo') && keys.includes('name') ? describe(row, cells, keys) : undefined
}

function describe(row: number, cells: readonly CellValue[], keys: readonly (string | null | undefined)[]): RosterHeader {
  const places = new Map<string, number>()
  const unknown: string[] = []
  keys.forEach((key, column) => {
    const cell = cells[column]
    const text = typeof cell === 'string' ? cell.trim() : ''
    if (key === undefined && text !== '') unknown.push(text.slice(0, 50))
    if (key === undefined || key === null) return
    if (places.has(key)) throw new AppError('roster-header-twice', { label: rosterColumns.find((column) => column.key === key)?.label ?? key })
    places.set(key, column)
  })
  return { row, places, unknown, missing: rosterColumns.filter(({ key, required }) => required && !places.has(key)).map(({ label }) => label) }
}
