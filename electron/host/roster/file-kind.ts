import { AppError } from '../../../shared/errors/app-error.ts'
import { mostUnpacked } from './limits.ts'
import { lookIntoXls, type XlsLook } from './xls-look.ts'
import { readZipDirectory, type ZipEntry } from './zip-directory.ts'

export type RosterFile = { readonly kind: 'xlsx'; readonly entries: readonly ZipEntry[] } | { readonly kind: 'xls'; readonly look: XlsLook }

/**
 * Says what a file is by its content, whatever its name says, and refuses what would be too much before it is read.
 * @throws AppError roster-empty, roster-not-workbook, roster-is-text, roster-other-format, roster-encrypted, roster-damaged, roster-expands
 */
export function recognizeRoster(bytes: Buffer): RosterFile {
  if (bytes.length === 0) throw new AppError('roster-empty')
  if (bytes.subarray(0, 4).equals(Buffer.from([0x50, 0x4b, 3, 4]))) return { kind: 'xlsx', entries: workbookEntries(bytes) }
  if (bytes.subarray(0, 4).equals(Buffer.from([0xd0, 0xcf, 0x11, 0xe0]))) return { kind: 'xls', look: lookIntoXls(bytes) }
  throw textProblem(bytes)
}

function workbookEntries(bytes: Buffer): ZipEntry[] {
  const entries = readZipDirectory(bytes)
  const has = (name: string) => entries.some((entry) => entry.name === name)
  if (has('xl/workbook.bin')) throw new AppError('roster-other-format', { format: '.xlsb' })
  if (has('content.xml') && has('mimetype')) throw new AppError('roster-other-format', { format: 'OpenDocument（.ods）' })
  if (!has('[Content_Types].xml') || !has('xl/workbook.xml')) throw new AppError('roster-not-workbook')
  let unpacked = 0
  for (const entry of entries) {
    unpacked += entry.size
    // The reader stops at what is declared; a size of nothing would leave it without a limit.
    if (unpacked > mostUnpacked || (entry.size === 0 && entry.compressed > 2)) throw new AppError('roster-expands')
  }
  return entries
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
