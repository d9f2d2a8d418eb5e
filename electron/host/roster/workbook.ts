import { EncryptedFileError, HucreError } from 'hucre'
import { readXls, streamXlsxRows, writeXlsx, type CellStyle, type CellValue, type WorkbookProperties, type WriteSheet } from 'hucre/xlsx'
import { AppError } from '../../../shared/errors/app-error.ts'
import { recognizeRoster } from './file-kind.ts'
import { noteMerged, scanSheet, type CellFlaw } from './sheet-scan.ts'
import { picturesOf, type SheetPicture } from './sheet-pictures.ts'
import { sheetsOf } from './sheet-list.ts'
import type { XlsLook } from './xls-look.ts'

/** The one place that knows the spreadsheet library. */
export type { CellFlaw, CellStyle, CellValue, SheetPicture, WriteSheet }

export interface SheetInSight {
  readonly name: string
  /** By `row,column`, from 0. */
  readonly flaws: ReadonlyMap<string, CellFlaw>
  readonly pictures: readonly SheetPicture[]
  /** About how many rows it has. */
  readonly size: number
  /** Rows that have cells, from the top. `index` from 0. */
  rows(): AsyncGenerator<{ index: number; cells: readonly CellValue[] }>
}

/**
 * The sheets of a workbook that are in sight, each looked into only when it is asked for.
 * @throws AppError as `recognizeRoster` and `scanSheet`; so does reading their rows
 */
export async function* openSheets(bytes: Buffer): AsyncGenerator<SheetInSight> {
  const file = recognizeRoster(bytes)
  if (file.kind === 'xls') return yield* xlsSheets(bytes, file.look)
  for (const { name, index, part } of sheetsOf(bytes, file.entries)) {
    const { flaws, pictures, rows } = await scanSheet(bytes, part)
    yield {
      name, flaws, size: rows, pictures: picturesOf(bytes, file.entries, part.name, pictures),
      rows: async function* () {
        try {
          for await (const row of streamXlsxRows(bytes, { sheet: index })) yield { index: row.index, cells: row.values }
        } catch (error) {
          throw readingFailure(error)
        }
      },
    }
  }
}

async function* xlsSheets(bytes: Buffer, { formulas }: XlsLook): AsyncGenerator<SheetInSight> {
  const { sheets } = await readXls(bytes).catch((error: unknown) => Promise.reject(readingFailure(error)))
  for (const [place, { name, rows, merges = [] }] of sheets.entries()) {
    const flaws = new Map<string, CellFlaw>()
    const prefix = `${place},`
    for (const at of formulas) if (at.startsWith(prefix)) flaws.set(at.slice(prefix.length), 'formula')
    for (const merge of merges) noteMerged(flaws, merge)
    yield {
      // Nothing here knows how an .xls keeps pictures.
      name, flaws, size: rows.length, pictures: [],
      rows: async function* () {
        for (const [index, cells = []] of rows.entries()) yield { index, cells }
      },
    }
  }
}

/** Whatever the library stumbles over, a failure of its own or one of the language: the file is at fault. */
function readingFailure(error: unknown): Error {
  if (error instanceof EncryptedFileError) return new AppError('roster-encrypted', {}, { cause: error })
  const isKnown = error instanceof HucreError || error instanceof TypeError || error instanceof RangeError || error instanceof SyntaxError
  return isKnown ? new AppError('roster-damaged', {}, { cause: error }) : error instanceof Error ? error : new Error('not read')
}

export async function writeWorkbook(sheets: WriteSheet[], properties: WorkbookProperties = {}): Promise<Uint8Array> {
  return writeXlsx({ sheets, properties, defaultFont: { name: '微软雅黑', size: 10 } })
}
