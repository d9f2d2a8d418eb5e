import type { ExportMark } from '../../../shared/contract/export-mark.ts'
import { factCell, headerCell, noticeCell, textCell, widthFor } from './sheet-style.ts'
import { writeWorkbook, type WriteSheet } from './workbook.ts'
import { columnLetter } from './write-template.ts'

export interface ExportSheet {
  readonly mark: ExportMark
  readonly headers: readonly string[]
  readonly rows: string[][]
}

/** The sheet that says who took the file out. An import looks for a header with 姓名 and 身份证号码, and finds none in it. */
const factsName = '导出说明'
/** Rows that the width of a column is taken from. */
const measuredRows = 200
/** Characters over the width of an A4 page on its side, shrunk as far as it can still be read. */
const widestPage = 260

/**
 * 导出: one sheet of texts with the notice of who took it out above the header, over a watermark; the same on every printed page,
 * and on a sheet of its own. Excel and WPS show the watermark on the screen, LibreOffice on paper.
 */
export function writeExport({ mark, headers, rows }: ExportSheet): Promise<Uint8Array> {
  return writeWorkbook([peopleSheet({ mark, headers, rows }), factsSheet(mark)], { title: '管理人员名册', creator: mark.author, description: mark.notice })
}

function peopleSheet({ mark, headers, rows }: ExportSheet): WriteSheet {
  const cells: NonNullable<WriteSheet['cells']> = new Map([['0,0', { style: noticeCell }], ...headers.map((_, column) => [`1,${column}`, { style: headerCell }] as const)])
  rows.forEach((row, index) => row.forEach((_, column) => cells.set(`${index + 2},${column}`, { style: textCell })))
  const widths = headers.map((header, column) => Math.min(40, Math.max(widthFor(header, 8), ...rows.slice(0, measuredRows).map((row) => [...(row[column] ?? '')].length + 6))))
  return {
    name: '管理人员名册', rows: [[mark.notice], [...headers], ...rows], cells, columns: widths.map((width) => ({ width })), freezePane: { rows: 2 },
    merges: headers.length > 1 ? [{ startRow: 0, startCol: 0, endRow: 0, endCol: headers.length - 1 }] : [], rowDefs: new Map([[0, { height: 32 }]]),
    autoFilter: { range: `A2:${columnLetter(headers.length - 1)}${rows.length + 2}` },
    backgroundImage: Buffer.from(mark.watermark, 'base64'), headerFooter: footerOf(mark),
    pageSetup: { paperSize: 'a4', orientation: 'landscape', printTitlesRow: '$2:$2', ...(sum(widths) <= widestPage ? { fitToPage: true, fitToWidth: 1, fitToHeight: 0 } : {}) },
  }
}

function factsSheet(mark: ExportMark): WriteSheet {
  const cells: NonNullable<WriteSheet['cells']> = new Map(mark.facts.flatMap((_, row) => [[`${row},0`, { style: headerCell }], [`${row},1`, { style: factCell }]] as const))
  return { name: factsName, rows: mark.facts.map((fact) => [...fact]), cells, columns: [{ width: 16 }, { width: 90 }], headerFooter: footerOf(mark), pageSetup: { paperSize: 'a4', orientation: 'landscape' } }
}

/** Characters of the footer that fit whatever they are: `&` begins a code there and is written twice, rare ones count as two, and 255 are the most (ECMA-376 part 1, 18.3.1.46). */
const mostFooter = 115

const footerOf = ({ footer }: ExportMark): NonNullable<WriteSheet['headerFooter']> => ({ oddFooter: `&L&8${[...footer].slice(0, mostFooter).join('').replaceAll('&', '&&')}&R&8第&P页，共&N页` })

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)
