import { EncryptedFileError, HucreError } from 'hucre'
import { readXls, readXlsx, writeXlsx, type CellStyle, type CellValue, type Sheet, type WriteSheet } from 'hucre/xlsx'
import { AppError } from '../../../shared/errors/app-error.ts'
import { recognizeRoster, type RosterFile } from './file-kind.ts'

/** The one place that knows the spreadsheet library. */
export type { CellStyle, CellValue, WriteSheet }

/** Why a cell's value is not what somebody typed into it. */
export type CellFlaw = 'formula' | 'picture' | 'merged'

export interface ReadSheet {
  readonly name: string
  readonly rows: readonly (readonly CellValue[])[]
  /** By `row,column`, from 0. */
  readonly flaws: ReadonlyMap<string, CellFlaw>
}

/**
 * The sheets of a workbook that are in sight.
 * @throws AppError as `recognizeRoster`
 */
export async function readSheets(bytes: Buffer): Promise<ReadSheet[]> {
  const file = await recognizeRoster(bytes)
  try {
    const { sheets } = file.kind === 'xls' ? await readXls(bytes) : await readXlsx(bytes, { sheets: ({ hidden, veryHidden }) => !hidden && !veryHidden })
    return sheets.map((sheet, index) => ({ name: sheet.name, rows: sheet.rows, flaws: flawsOf(sheet, index, file) }))
  } catch (error) {
    if (error instanceof EncryptedFileError) throw new AppError('roster-encrypted', {}, { cause: error })
    // Whatever it stumbles over, its own failure or one of the language: the file is at fault.
    if (error instanceof HucreError || error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError) {
      throw new AppError('roster-damaged', {}, { cause: error })
    }
    throw error
  }
}

function flawsOf({ cells, merges = [] }: Sheet, index: number, file: RosterFile): Map<string, CellFlaw> {
  const flaws = new Map<string, CellFlaw>()
  for (const [at, { formula }] of cells ?? []) if (formula !== undefined) flaws.set(at, /DISPIMG\(/i.test(formula) ? 'picture' : 'formula')
  if (file.kind === 'xls') {
    const prefix = `${index},`
    for (const at of file.look.formulas) if (at.startsWith(prefix)) flaws.set(at.slice(prefix.length), 'formula')
  }
  for (const { startRow, endRow, startCol, endCol } of merges) {
    // A whole sheet can be one: what matters lies in the first rows and columns.
    for (let row = startRow; row <= Math.min(endRow, startRow + 20_000); row++) {
      for (let column = startCol; column <= Math.min(endCol, startCol + 200); column++) {
        if (row !== startRow || column !== startCol) flaws.set(`${row},${column}`, 'merged')
      }
    }
  }
  return flaws
}

export async function writeWorkbook(sheets: WriteSheet[]): Promise<Uint8Array> {
  return writeXlsx({ sheets, defaultFont: { name: '微软雅黑', size: 10 } })
}
