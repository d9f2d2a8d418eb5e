import { partText, relationsOf } from './package-parts.ts'
import type { ZipEntry } from './zip-directory.ts'

/** A picture of a sheet, and the cell it belongs to, from 0. */
export interface SheetPicture {
  readonly row: number
  readonly column: number
  /** Its content, still packed. */
  readonly part: ZipEntry
  /** The workbook that it lies in. */
  readonly bytes: Buffer
}

/**
 * Pictures of a sheet: those that WPS embeds into cells (`DISPIMG`, xl/cellimages.xml), and those that Excel, WPS and LibreOffice lay
 * over cells (ECMA-376 part 1, 20.5).
 * @param embedded ids by `row,column`
 * @throws AppError roster-expands, roster-damaged
 */
export function picturesOf(bytes: Buffer, entries: readonly ZipEntry[], sheet: string, embedded: ReadonlyMap<string, string>): SheetPicture[] {
  const found = [...embeddedPictures(bytes, entries, embedded), ...anchoredPictures(bytes, entries, sheet)]
  const parts = new Map(entries.map((entry) => [entry.name, entry]))
  return found.flatMap(({ row, column, target }) => {
    const part = parts.get(target)
    return part ? [{ row, column, part, bytes }] : []
  })
}

interface FoundPicture {
  readonly row: number
  readonly column: number
  readonly target: string
}

const cellImages = 'xl/cellimages.xml'
const blip = /<(?:\w+:)?blip\b[^>]*\s(?:\w+:)?embed="([^"]*)"/

function embeddedPictures(bytes: Buffer, entries: readonly ZipEntry[], embedded: ReadonlyMap<string, string>): FoundPicture[] {
  if (embedded.size === 0) return []
  const relations = relationsOf(bytes, entries, cellImages)
  const targets = new Map(
    [...partText(bytes, entries, cellImages).matchAll(/<(?:\w+:)?cellImage>[\s\S]*?<\/(?:\w+:)?cellImage>/g)].map(([xml]) => [
      /<(?:\w+:)?cNvPr\b[^>]*\sname="([^"]*)"/.exec(xml)?.[1] ?? '', relations.get(blip.exec(xml)?.[1] ?? '')?.target ?? '',
    ]),
  )
  return [...embedded].map(([at, id]) => {
    const [row = 0, column = 0] = at.split(',').map(Number)
    return { row, column, target: targets.get(id) ?? '' }
  })
}

function anchoredPictures(bytes: Buffer, entries: readonly ZipEntry[], sheet: string): FoundPicture[] {
  const drawings = [...relationsOf(bytes, entries, sheet).values()].filter(({ kind }) => kind === 'drawing')
  return drawings.flatMap(({ target: drawing }) => {
    const relations = relationsOf(bytes, entries, drawing)
    return [...partText(bytes, entries, drawing).matchAll(/<(?:\w+:)?(twoCellAnchor|oneCellAnchor)\b[\s\S]*?<\/(?:\w+:)?\1>/g)].flatMap(([xml]) => {
      const [from, target] = [cornerOf(xml, 'from'), relations.get(blip.exec(xml)?.[1] ?? '')?.target]
      return from && target !== undefined ? [{ row: rowOf(from, cornerOf(xml, 'to'), heightOf(xml)), column: from.column, target }] : []
    })
  })
}

interface Corner {
  readonly row: number
  readonly column: number
  /** EMU below the row's upper edge. */
  readonly below: number
}

function cornerOf(xml: string, name: 'from' | 'to'): Corner | null {
  const [, inside] = new RegExp(String.raw`<(?:\w+:)?${name}>([\s\S]*?)</(?:\w+:)?${name}>`).exec(xml) ?? []
  if (inside === undefined) return null
  const number = (tag: string) => Number(new RegExp(String.raw`<(?:\w+:)?${tag}>\s*(-?\d+)`).exec(inside)?.[1] ?? 0)
  return { row: number('row'), column: number('col'), below: number('rowOff') }
}

/** EMU; 0 where it is not told. */
const heightOf = (xml: string) => Number(/<(?:\w+:)?ext\b[^>]*\bcy="(\d+)"/.exec(xml)?.[1] ?? 0)

/** The row in which most of it lies: a hand seldom meets the edge. Over several rows, the one in the middle. */
function rowOf(from: Corner, to: Corner | null, height: number): number {
  if (!to || to.row <= from.row) return from.row
  if (to.row > from.row + 1) return Math.floor((from.row + to.row) / 2)
  return to.below > height - to.below ? to.row : from.row
}
