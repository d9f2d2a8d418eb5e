import type { CellStyle } from './workbook.ts'

const line = { style: 'thin', color: { rgb: 'C9CED6' } } as const
const border = { top: line, right: line, bottom: line, left: line } as const

/** What is typed stays as it is typed: an ID number in a cell without this becomes a number and loses its last digits. */
export const textCell: CellStyle = { numFmt: '@', border, alignment: { vertical: 'center' } }
export const exampleCell: CellStyle = { ...textCell, font: { italic: true, color: { rgb: '6B7280' } } }
/** Whole: a style that only coloured the cell would take its text format away. */
export const wrongCell: CellStyle = { ...textCell, fill: { type: 'pattern', pattern: 'solid', fgColor: { rgb: 'FBD5D5' } } }
export const reasonCell: CellStyle = { ...textCell, font: { color: { rgb: '9E2020' } }, alignment: { vertical: 'center', wrapText: true } }
export const factCell: CellStyle = { ...textCell, alignment: { vertical: 'center', wrapText: true } }
export const noticeCell: CellStyle = { font: { color: { rgb: '7B4700' } }, alignment: { vertical: 'center', wrapText: true } }

const header: CellStyle = {
  numFmt: '@', border, font: { bold: true, color: { rgb: 'FFFFFF' } }, fill: { type: 'pattern', pattern: 'solid', fgColor: { rgb: '10294D' } },
  alignment: { horizontal: 'center', vertical: 'center', wrapText: true },
}
export const headerCell = header
/** The asterisk of the form, in colour. */
export const requiredHeaderCell: CellStyle = { ...header, fill: { type: 'pattern', pattern: 'solid', fgColor: { rgb: '0B5CD6' } } }

/** In characters: a Chinese one counts twice. */
export function widthFor(label: string, least = 12): number {
  return Math.min(40, Math.max(least, [...label].length * 2 + 4))
}
