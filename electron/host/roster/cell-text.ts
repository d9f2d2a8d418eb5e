import { formatDate } from '../../../shared/domain/dates.ts'
import { tidyText } from '../../../shared/domain/tidy-values.ts'
import type { RosterColumn } from '../../../shared/domain/roster-columns.ts'
import { lostDigits } from '../../../shared/domain/roster-text.ts'
import type { CellFlaw, CellValue } from './workbook.ts'

export interface CellText {
  /** As it is shown in the preview. */
  readonly text: string
  /** Why it cannot be taken as it is, where the cell itself is at fault and not what it says. */
  readonly problem?: string
}

/** Serial numbers of Excel's days from 1900-03-01 on, where its calendar agrees with ours, to 2100. */
const [firstDay, lastDay] = [61, 73_415]

/** Most cells: nothing in them to tidy. */
const ordinary = /^[\u4e00-\u9fffA-Za-z0-9-]+$/

/** What a cell of a spreadsheet says, read for the column it stands in. */
export function cellText(column: RosterColumn, value: CellValue, flaw: CellFlaw | undefined): CellText {
  const text = plainText(column, value)
  if (flaw === 'formula') return { text, problem: `${column.label}单元格里是公式，不是填写的内容。请复制后“选择性粘贴”为数值，再导入。` }
  if (flaw === 'picture') return { text: '', problem: `${column.label}单元格里是图片，请填写文字。` }
  if (flaw === 'merged') return { text, problem: `${column.label}单元格与其他单元格合并了，请取消合并并逐行填写。` }
  if (column.input.kind === 'id-card-no' && typeof value === 'number') {
    return { text, problem: lostDigits }
  }
  if (typeof value === 'string' && /^#(?:NULL!|DIV\/0!|VALUE!|REF!|NAME\?|NUM!|N\/A)$/.test(value)) return { text, problem: `${column.label}单元格里是出错的公式（${value}），请填写内容。` }
  return { text }
}

function plainText({ input }: RosterColumn, value: CellValue): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return ordinary.test(value) ? value : tidyText(value)
  if (value instanceof Date) return dateText(value)
  if (typeof value === 'boolean') return value ? '是' : '否'
  if (input.kind === 'date' && Number.isInteger(value) && value >= firstDay && value <= lastDay) return dateText(new Date(Date.UTC(1899, 11, 30) + value * 86_400_000))
  // Never 3.1e+17.
  return Number.isInteger(value) && Math.abs(value) < 1e21 ? value.toFixed(0) : String(value)
}

function dateText(date: Date): string {
  return Number.isNaN(date.getTime()) ? '' : formatDate(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate())
}
