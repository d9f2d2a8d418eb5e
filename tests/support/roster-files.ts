import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeWorkbook, type CellValue, type WriteSheet } from '../../electron/host/roster/workbook.ts'
import type { PersonValues } from '../../shared/domain/person-fields.ts'
import { createRegionNames } from '../../shared/domain/region-names.ts'
import { createRegions, type RegionNode } from '../../shared/domain/regions.ts'
import { rosterColumns } from '../../shared/domain/roster-columns.ts'
import { shownText } from '../../shared/domain/roster-text.ts'
import { packZip } from './zips.ts'

export const resources = fileURLToPath(new URL('../../resources', import.meta.url))
export const regionNames = createRegionNames(createRegions((JSON.parse(readFileSync(join(resources, 'regions/regions.json'), 'utf8')) as { regions: RegionNode[] }).regions))

/** A PNG of one pixel, as base64: in the place of what the page draws. */
export const onePixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII='

export const rosterHeaders = rosterColumns.map(({ label }) => label)

/** A person as a row of a roster in the columns' own order. */
export const rosterRow = (values: PersonValues): string[] => rosterColumns.map((column) => shownText(column, column.read(values), regionNames))

export async function writeRosterFile(path: string, rows: CellValue[][], sheet: Partial<WriteSheet> = {}): Promise<string> {
  writeFileSync(path, await writeWorkbook([{ name: '名册', rows, ...sheet }]))
  return path
}

/** A ZIP of parts. `declared`: an untrue size of a part in its directory. */
export function zipOf(parts: Readonly<Record<string, string | Buffer>>, declared: Readonly<Record<string, number>> = {}): Buffer {
  return packZip(Object.entries(parts).map(([name, content]) => ({ name, content, ...(declared[name] !== undefined && { declared: declared[name] }) })))
}
