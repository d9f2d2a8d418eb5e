import { createInflateRaw, inflateRawSync } from 'node:zlib'
import { contentBehind, findZipEnd, localHeaderBytes, readZipRecords } from '../../../shared/domain/zip-records.ts'
import { AppError } from '../../../shared/errors/app-error.ts'

export interface ZipEntry {
  readonly name: string
  readonly method: number
  readonly compressed: number
  /** As the directory declares it. */
  readonly size: number
  readonly offset: number
}

/**
 * What a ZIP says it holds, without unpacking anything.
 * @throws AppError roster-damaged where it has no directory, or one that contradicts itself (also ZIP64: no roster needs it)
 */
export function readZipDirectory(bytes: Buffer): ZipEntry[] {
  const end = findZipEnd(bytes)
  const records = end && readZipRecords(bytes.subarray(end.directoryOffset), end.count)
  if (!records) throw new AppError('roster-damaged')
  return records.map(({ nameBytes, isUtf8, method, compressed, size, offset }) => ({ name: entryName(nameBytes, isUtf8), method, compressed, size, offset }))
}

/** Chinese Windows packs names in GBK and says so nowhere: what is no UTF-8 is taken for it. */
function entryName(bytes: Uint8Array, isUtf8: boolean): string {
  try {
    return new TextDecoder('utf-8', { fatal: !isUtf8 }).decode(bytes)
  } catch (error) {
    if (error instanceof TypeError) return new TextDecoder('gbk').decode(bytes)
    throw error
  }
}

/** Where the bytes of an entry lie. @throws AppError roster-damaged */
function packed(bytes: Buffer, { offset, compressed }: ZipEntry): Buffer {
  const behind = contentBehind(bytes.subarray(offset, offset + localHeaderBytes))
  if (behind === null || offset + behind + compressed > bytes.length) throw new AppError('roster-damaged')
  return bytes.subarray(offset + behind, offset + behind + compressed)
}

/**
 * The content of an entry. @param most bytes: more are never unpacked, whatever the directory declares
 * @throws AppError roster-expands, roster-damaged
 */
export function readZipEntry(bytes: Buffer, entry: ZipEntry, most: number): Buffer {
  const content = packed(bytes, entry)
  if (entry.method === 0) return content
  if (entry.method !== 8) throw new AppError('roster-damaged')
  try {
    return inflateRawSync(content, { maxOutputLength: most })
  } catch (error) {
    throw new AppError((error as { code?: unknown }).code === 'ERR_BUFFER_TOO_LARGE' ? 'roster-expands' : 'roster-damaged', {}, { cause: error })
  }
}

/**
 * Unpacks an entry part by part and keeps nothing of it; stops as soon as `look` throws.
 * @throws AppError roster-damaged, and whatever `look` throws
 */
export async function passThrough(bytes: Buffer, entry: ZipEntry, look: (part: Buffer) => void): Promise<void> {
  const content = packed(bytes, entry)
  if (entry.method === 0) return look(content)
  if (entry.method !== 8) throw new AppError('roster-damaged')
  const inflate = createInflateRaw({ chunkSize: 1 << 18 })
  inflate.end(content)
  try {
    for await (const part of inflate) look(part as Buffer)
  } catch (error) {
    if (error instanceof AppError) throw error
    throw new AppError('roster-damaged', {}, { cause: error })
  } finally {
    inflate.destroy()
  }
}
