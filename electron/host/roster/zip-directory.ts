import { createInflateRaw, inflateRawSync } from 'node:zlib'
import { AppError } from '../../../shared/errors/app-error.ts'

export interface ZipEntry {
  readonly name: string
  readonly method: number
  readonly compressed: number
  /** As the directory declares it. */
  readonly size: number
  readonly offset: number
}

const endSignature = 0x0605_4b50
const entrySignature = 0x0201_4b50
const localSignature = 0x0403_4b50

/**
 * What a ZIP says it holds, without unpacking anything.
 * @throws AppError roster-damaged where it has no directory, or one that contradicts itself (also ZIP64: no roster needs it)
 */
export function readZipDirectory(bytes: Buffer): ZipEntry[] {
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]))
  if (end < 0 || end + 22 > bytes.length || bytes.readUInt32LE(end) !== endSignature) throw new AppError('roster-damaged')
  const count = bytes.readUInt16LE(end + 10)
  let at = bytes.readUInt32LE(end + 16)
  const entries: ZipEntry[] = []
  for (let index = 0; index < count; index++) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== entrySignature) throw new AppError('roster-damaged')
    const nameLength = bytes.readUInt16LE(at + 28)
    const nameBytes = bytes.subarray(at + 46, at + 46 + nameLength)
    entries.push({
      name: entryName(nameBytes, (bytes.readUInt16LE(at + 8) & 0x800) !== 0),
      method: bytes.readUInt16LE(at + 10),
      compressed: bytes.readUInt32LE(at + 20),
      size: bytes.readUInt32LE(at + 24),
      offset: bytes.readUInt32LE(at + 42),
    })
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32)
  }
  return entries
}

/** Chinese Windows packs names in GBK and says so nowhere: what is no UTF-8 is taken for it. */
function entryName(bytes: Buffer, isUtf8: boolean): string {
  if (isUtf8) return bytes.toString('utf8')
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch (error) {
    if (error instanceof TypeError) return new TextDecoder('gbk').decode(bytes)
    throw error
  }
}

/** Where the bytes of an entry lie. @throws AppError roster-damaged */
function packed(bytes: Buffer, { offset, compressed }: ZipEntry): Buffer {
  if (offset + 30 > bytes.length || bytes.readUInt32LE(offset) !== localSignature) throw new AppError('roster-damaged')
  const start = offset + 30 + bytes.readUInt16LE(offset + 26) + bytes.readUInt16LE(offset + 28)
  if (start + compressed > bytes.length) throw new AppError('roster-damaged')
  return bytes.subarray(start, start + compressed)
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
