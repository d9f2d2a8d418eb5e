import { formatDate } from '../../../shared/domain/dates.ts'
import { tidyText } from '../../../shared/domain/tidy-values.ts'
import type { RosterColumn } from '../../../shared/domain/roster-columns.ts'
import type { CellFlaw, CellValue } from './workbook.ts'

export interface CellText {
  /** As it is shown in the preview. */
  readonly text: string
  /** Why it cannot be taken as it is, where the cell itself is at fault and not what it says. */
  readonly problem?: string
}

/** Serial numbers of Excel's days from 1900-03-01 on, where its calendar agrees with ours, to 2100. */
const [firstDay, lastDay] = [61, 73_415]

/** What a cell of a spreadsheet says, read for the column it stands in. */
export function cellText(column: RosterColumn, value: CellValue, flaw: CellFlaw | undefined): CellText {
  const text = plainText(column, value)
  if (flaw === 'formula') return { text, problem: `${column.label}单元格里是公式，不是填写的内容。请复制后“选择性粘贴”为数值，再导入。` }
  if (flaw === 'picture') return { text: '', problem: `${column.label}单元格里是图片，请填写文字。` }
  if (flaw === 'merged') return { text, problem: `${column.label}单元格与其他单元格合并了，请取消合并并逐行填写。` }
  if (column.input.kind === 'id-card-no' && typeof value === 'number') {
    // 15 digits are all that a number holds: the last ones are gone, and nobody can tell what they were.
    return { text, problem: '身份证号码单元格是数字格式，后几位已经丢失。请把单元格改为文本格式后重新填写，不能补零。' }
  }
  if (typeof value === 'string' && /^#(?:NULL!|DIV\/0!|VALUE!|REF!|NAME\?|NUM!|N\/A)$/.test(value)) return { text, problem: `${column.label}单元格里是出错的公式（${value}），请填写内容。` }
  return { text }
}

function plainText({ input }: RosterColumn, value: CellValue): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'string') return tidyText(value)
  if (value instanceof Date) return dateText(value)
  if (typeof value === 'boolean') return value ? '是' : '否'
  if (input.kind === 'date' && Number.isInteger(value) && value >= firstDay && value <= lastDay) return dateText(new Date(Date.UTC(1899, 11, 30) + value * 86_400_000))
  // Never 3.1e+17.
  return Number.isInteger(value) && Math.abs(value) < 1e21 ? value.toFixed(0) : String(value)
}

function dateText(date: Date): string {
  return Number.isNaN(date.getTime()) ? '' : formatDate(date.getUTCFullYear(), date.getUTCMonth() + 1, date.getUTCDate())
}
