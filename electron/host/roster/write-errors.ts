import type { KeptRoster } from './kept-roster.ts'
import { headerCell, reasonCell, textCell, widthFor, wrongCell } from './sheet-style.ts'
import { columnLetter } from './write-template.ts'
import { writeWorkbook, type CellValue, type WriteSheet } from './workbook.ts'

const reasons = '错误信息'

/**
 * The rows with errors as the file had them: what stood above the header, its columns in their order, those that mean nothing here
 * as well, and 错误信息 as the last one. What was put right in the preview is in it. Cells are texts: an ID number stays whole.
 */
export async function writeErrors({ read, errors }: KeptRoster): Promise<{ bytes: Uint8Array; rows: number }> {
  const { header, head } = read
  const heads = head[header.row] ?? []
  const before = heads.findIndex((head) => typeof head === 'string' && head.trim() === reasons)
  const place = before >= 0 ? before : heads.length
  const found = errors()
  const rows: CellValue[][] = head.slice(0, header.row + 1).map((row) => [...row])
  rows[header.row] = [...heads.slice(0, place), reasons, ...heads.slice(place + 1)]
  const cells: NonNullable<WriteSheet['cells']> = new Map(rows[header.row]?.map((_, column) => [`${header.row},${column}`, { style: headerCell }]))
  for (const { row, checked } of found) {
    const texts = Array.from({ length: Math.max(place + 1, heads.length) }, (_, column) => textOf(row.cells[column]))
    for (const [key, column] of header.places) texts[column] = row.texts[key] ?? ''
    texts[place] = Object.values(checked.problems).join('\n')
    const at = rows.push(texts.map((text) => (text === '' ? null : text))) - 1
    texts.forEach((_, column) => cells.set(`${at},${column}`, { style: column === place ? reasonCell : textCell }))
    for (const key of Object.keys(checked.problems)) {
      const column = header.places.get(key)
      if (column !== undefined) cells.set(`${at},${column}`, { style: wrongCell })
    }
  }
  const last = columnLetter((rows[header.row] ?? []).length - 1)
  const bytes = await writeWorkbook([
    {
      name: read.sheet.slice(0, 31) || '名册', rows, cells, freezePane: { rows: header.row + 1 }, autoFilter: { range: `A${header.row + 1}:${last}${rows.length}` },
      columns: (rows[header.row] ?? []).map((head, column) => ({ width: column === place ? 60 : widthFor(textOf(head), 14) })),
    },
  ])
  return { bytes, rows: found.length }
}

function textOf(value: CellValue | undefined): string {
  if (value === null || value === undefined) return ''
  if (value instanceof Date) return value.toISOString().slice(0, 10)
  return typeof value === 'number' && Number.isInteger(value) && Math.abs(value) < 1e21 ? value.toFixed(0) : String(value)
}
