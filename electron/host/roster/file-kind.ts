import { AppError } from '../../../shared/errors/app-error.ts'
import { lookIntoXls, type XlsLook } from './xls-look.ts'
import { passThrough, readZipDirectory, type ZipEntry } from './zip-directory.ts'

/** Of the file itself, in MB. */
export const mostFileMegabytes = 50
/** Of everything that is unpacked to be read, and of one sheet of it, in bytes. 10,000 rows of 40 columns take some 30 MB. */
const mostUnpacked = 400 << 20
const mostSheet = 250 << 20
/** Rows with an element of their own in a sheet: far more than may be imported, as empty ones count too. */
const mostRowElements = 100_000
/** People in one file. */
export const mostRows = 20_000

export type RosterFile = { readonly kind: 'xlsx' } | { readonly kind: 'xls'; readonly look: XlsLook }

/**
 * Says what a file is by its content, whatever its name says, and refuses what would be too much before it is read.
 * @throws AppError roster-empty, roster-not-workbook, roster-is-text, roster-other-format, roster-encrypted, roster-damaged,
 *   roster-expands, roster-too-many-rows
 */
export async function recognizeRoster(bytes: Buffer): Promise<RosterFile> {
  if (bytes.length === 0) throw new AppError('roster-empty')
  if (bytes.subarray(0, 4).equals(Buffer.from([0x50, 0x4b, 3, 4]))) {
    await weighWorkbook(bytes)
    return { kind: 'xlsx' }
  }
  if (bytes.subarray(0, 4).equals(Buffer.from([0xd0, 0xcf, 0x11, 0xe0]))) return { kind: 'xls', look: lookIntoXls(bytes) }
  throw textProblem(bytes)
}

async function weighWorkbook(bytes: Buffer): Promise<void> {
  const entries = readZipDirectory(bytes)
  const has = (name: string) => entries.some((entry) => entry.name === name)
  if (has('xl/workbook.bin')) throw new AppError('roster-other-format', { format: '.xlsb' })
  if (has('content.xml') && has('mimetype')) throw new AppError('roster-other-format', { format: 'OpenDocument（.ods）' })
  if (!has('[Content_Types].xml') || !entries.some(({ name }) => /^xl\/workbook\d*\.xml$/.test(name))) throw new AppError('roster-not-workbook')
  let unpacked = 0
  for (const entry of entries) {
    unpacked += entry.size
    // The reader stops at what is declared; a size of nothing would leave it without a limit.
    if (unpacked > mostUnpacked || (entry.size === 0 && entry.compressed > 2)) throw new AppError('roster-expands')
  }
  for (const entry of entries) if (/^xl\/worksheets\/[^/]+\.xml$/.test(entry.name)) await countRows(bytes, entry)
}

/** A sheet of a million rows shows after the first hundred thousand. */
async function countRows(bytes: Buffer, entry: ZipEntry): Promise<void> {
  let rows = 0
  let size = 0
  await passThrough(bytes, entry, (part) => {
    size += part.length
    if (size > mostSheet || size > entry.size) throw new AppError('roster-expands')
    for (let at = part.indexOf('row>'); at >= 0; at = part.indexOf('row>', at + 4)) rows++
    if (rows > mostRowElements) throw new AppError('roster-too-many-rows', { most: mostRows })
  })
}

function textProblem(bytes: Buffer): AppError {
  const head = bytes.subarray(0, 4_096)
  const utf16 = head[0] === 0xff && head[1] === 0xfe
  if (!utf16 && head.includes(0)) return new AppError('roster-not-workbook')
  const start = new TextDecoder(utf16 ? 'utf-16le' : 'utf-8').decode(head).replace(/^\uFEFF/, '').trimStart().toLowerCase()
  if (/^<(?:!doctype html|html|table|head|meta|style|body)/.test(start)) return new AppError('roster-is-text', { format: '网页（HTML）' })
  if (start.startsWith('<?xml') || start.startsWith('<workbook')) return new AppError('roster-is-text', { format: start.includes('<html') ? '网页（HTML）' : 'XML表格' })
  // Bytes of GBK count as well: commas, tabs and line ends stand in it as they are.
  return /[,\t;]/.test(start) && /[\r\n]/.test(start) ? new AppError('roster-is-text', { format: '文本（CSV）' }) : new AppError('roster-not-workbook')
}
