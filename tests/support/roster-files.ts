import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32, deflateRawSync } from 'node:zlib'
import { fileURLToPath } from 'node:url'
import { writeWorkbook, type CellValue, type WriteSheet } from '../../electron/host/roster/workbook.ts'
import type { ManagerValues } from '../../shared/domain/manager-fields.ts'
import { createRegionNames } from '../../shared/domain/region-names.ts'
import { createRegions, type RegionNode } from '../../shared/domain/regions.ts'
import { rosterColumns } from '../../shared/domain/roster-columns.ts'
import { shownText } from '../../shared/domain/roster-text.ts'

export const resources = fileURLToPath(new URL('../../resources', import.meta.url))
export const regionNames = createRegionNames(createRegions((JSON.parse(readFileSync(join(resources, 'regions/regions.json'), 'utf8')) as { regions: RegionNode[] }).regions))

export const rosterHeaders = rosterColumns.map(({ label }) => label)

/** A person as a row of a roster in the columns' own order. */
export const rosterRow = (values: ManagerValues): string[] => rosterColumns.map((column) => shownText(column, column.read(values), regionNames))

export async function writeRosterFile(path: string, rows: CellValue[][], sheet: Partial<WriteSheet> = {}): Promise<string> {
  writeFileSync(path, await writeWorkbook([{ name: '名册', rows, ...sheet }]))
  return path
}

/** A ZIP of parts, as Excel and WPS pack them. `declared`: an untrue size of a part in its directory. */
export function zipOf(parts: Readonly<Record<string, string | Buffer>>, declared: Readonly<Record<string, number>> = {}): Buffer {
  const files: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const [name, content] of Object.entries(parts)) {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content
    const packed = deflateRawSync(bytes)
    const nameBytes = Buffer.from(name)
    const fields = Buffer.alloc(26)
    fields.writeUInt16LE(20, 0)
    fields.writeUInt16LE(0x800, 2)
    fields.writeUInt16LE(8, 4)
    fields.writeUInt32LE(crc32(bytes), 10)
    fields.writeUInt32LE(packed.length, 14)
    fields.writeUInt32LE(declared[name] ?? bytes.length, 18)
    fields.writeUInt16LE(nameBytes.length, 22)
    files.push(Buffer.from('504b0304', 'hex'), fields, nameBytes, packed)
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(offset, 10)
    directory.push(Buffer.from('504b01021400', 'hex'), fields, tail, nameBytes)
    offset += 4 + fields.length + nameBytes.length + packed.length
  }
  const entries = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('504b0506', 'hex')
  end.writeUInt16LE(Object.keys(parts).length, 8)
  end.writeUInt16LE(Object.keys(parts).length, 10)
  end.writeUInt32LE(entries.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...files, entries, end])
}
