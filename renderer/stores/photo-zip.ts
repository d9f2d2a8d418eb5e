import { attachmentKindTable } from '../../shared/domain/attachments.ts'
import { isHostilePath } from '../../shared/domain/photo-names.ts'
import { contentBehind, findZipEnd, localHeaderBytes, readZipRecords, zipTailBytes, type ZipRecord } from '../../shared/domain/zip-records.ts'
import { AppError } from '../../shared/errors/app-error.ts'
import { readPart } from './prepared-file.ts'

/** A file that may be somebody's photo. */
export interface PhotoSource {
  /** Its name, with the folders it lies in. */
  readonly path: string
  /** Bytes; of one in a ZIP, as declared. */
  readonly size: number
  /** Why it cannot be read, found out without reading it. */
  readonly problem: AppError | null
  /** @throws AppError attachment-vanished, photo-damaged */
  head(bytes: number): Promise<Uint8Array<ArrayBuffer>>
  /** @throws AppError attachment-vanished, photo-damaged */
  content(): Promise<Blob>
}

/** Files that are looked at at once. */
export const mostPhotos = 5_000
/** MiB. A photo that is larger is none of an ID card or a face. */
const largestPhoto = attachmentKindTable.jpeg.maxMebibytes
/** Of all files together as they are declared, in bytes: what photos of 5,000 people take, and no bomb. */
const mostUnpacked = 8 * 2 ** 30
const largestDirectory = 16 << 20

/** What systems put into a ZIP by themselves. */
const clutter = /(?:^|\/)(?:__MACOSX\/|\.[^/]*$|Thumbs\.db$|desktop\.ini$)|\/$/i

/** @throws AppError attachment-empty, attachment-too-large, or the source's own problem */
export function requireReadable({ problem, size }: PhotoSource): void {
  if (problem) throw problem
  if (size === 0) throw new AppError('attachment-empty')
  if (size > largestPhoto << 20) throw new AppError('attachment-too-large', { max: largestPhoto })
}

export const looseFile = (file: File): PhotoSource => ({
  path: file.name, size: file.size, problem: null, head: (bytes) => readPart(file, 0, bytes), content: () => Promise.resolve(file),
})

/**
 * The files in a ZIP. It is read where it lies, by its directory: nothing is unpacked before it is asked for, nothing is written
 * anywhere, and never more of a file than it said.
 * @throws AppError photos-not-zip, photos-damaged, photos-too-many, photos-expands, photos-none; attachment-vanished
 */
export async function openPhotoZip(zip: File): Promise<PhotoSource[]> {
  const end = findZipEnd(await readPart(zip, Math.max(0, zip.size - zipTailBytes), zipTailBytes))
  if (!end) throw new AppError((await startsAsZip(zip)) ? 'photos-damaged' : 'photos-not-zip')
  if (end.count > mostPhotos) throw new AppError('photos-too-many', { most: mostPhotos })
  if (end.directorySize > largestDirectory) throw new AppError('photos-damaged')
  const records = readZipRecords(await readPart(zip, end.directoryOffset, end.directorySize), end.count)
  if (!records) throw new AppError('photos-damaged')
  requireModest(records)
  const sources = records.map((record) => entryOf(zip, record)).filter(({ path }) => !clutter.test(path))
  if (sources.length === 0) throw new AppError('photos-none')
  return sources
}

const startsAsZip = async (file: File) => String.fromCharCode(...(await readPart(file, 0, 4))) === 'PK\u0003\u0004'

/** A bomb says that it is one, or has many entries share the same bytes. */
function requireModest(records: readonly ZipRecord[]): void {
  if (records.reduce((sum, { size }) => sum + size, 0) > mostUnpacked) throw new AppError('photos-expands')
  let taken = 0
  for (const { offset, compressed } of [...records].sort((one, other) => one.offset - other.offset)) {
    if (offset < taken) throw new AppError('photos-expands')
    taken = offset + localHeaderBytes + compressed
  }
}

function entryOf(zip: File, record: ZipRecord): PhotoSource {
  const path = nameOf(record).replaceAll('\\', '/')
  return {
    path, size: record.size, problem: problemOf(path, record), head: (bytes) => unpack(zip, record, bytes),
    content: async () => new Blob([await unpack(zip, record, record.size)]),
  }
}

/** Chinese Windows packs names in GBK and says so nowhere: what is no UTF-8 is taken for it. */
function nameOf({ nameBytes, isUtf8 }: ZipRecord): string {
  try {
    return new TextDecoder('utf-8', { fatal: !isUtf8 }).decode(nameBytes)
  } catch {
    return new TextDecoder('gbk').decode(nameBytes)
  }
}

const [stored, deflated] = [0, 8]

function problemOf(path: string, { isEncrypted, method }: ZipRecord): AppError | null {
  if (isHostilePath(path)) return new AppError('photo-path-refused')
  if (isEncrypted) return new AppError('photo-encrypted')
  return method === stored || method === deflated ? null : new AppError('photo-packed-otherwise')
}

/** @param most bytes: it stops there; the whole size means that all of it has to be there, and no more */
async function unpack(zip: File, { offset, compressed, method, size }: ZipRecord, most: number): Promise<Uint8Array<ArrayBuffer>> {
  const behind = contentBehind(await readPart(zip, offset, localHeaderBytes))
  if (behind === null) throw new AppError('photo-damaged')
  const packed = zip.slice(offset + behind, offset + behind + compressed).stream()
  const reader = (method === stored ? packed : packed.pipeThrough(new DecompressionStream('deflate-raw'))).getReader()
  const content = new Uint8Array(Math.min(most, size))
  let filled = 0
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      const room = content.length - filled
      // More than it said of itself: it lies.
      if (value.length > room && most >= size) throw new AppError('photo-damaged')
      content.set(value.subarray(0, room), filled)
      filled += Math.min(value.length, room)
      if (filled === content.length && most < size) break
    }
  } catch (error) {
    throw unpackFailure(error)
  } finally {
    await reader.cancel().catch(() => undefined)
  }
  if (filled < content.length) throw new AppError('photo-damaged')
  return content
}

/** The browser tells a broken stream by a TypeError, and a file that is gone by a DOMException. */
function unpackFailure(error: unknown): unknown {
  if (error instanceof DOMException) return new AppError('attachment-vanished')
  return error instanceof TypeError ? new AppError('photo-damaged') : error
}
