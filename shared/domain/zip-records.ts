/** What the directory of a ZIP says of one entry (PKWARE APPNOTE 4.3.12). */
export interface ZipRecord {
  readonly nameBytes: Uint8Array
  /** The name says of itself that it is UTF-8. */
  readonly isUtf8: boolean
  readonly isEncrypted: boolean
  readonly method: number
  /** Bytes. */
  readonly compressed: number
  /** Bytes, as declared. */
  readonly size: number
  /** Of its local header. */
  readonly offset: number
}

export interface ZipEnd {
  readonly count: number
  readonly directoryOffset: number
  readonly directorySize: number
}

/** As much of a file's end as holds the end record with the longest comment. */
export const zipTailBytes = 22 + 0xffff
export const localHeaderBytes = 30

const [endSignature, recordSignature, localSignature] = [0x0605_4b50, 0x0201_4b50, 0x0403_4b50]

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

/** @param tail the file, or its last `zipTailBytes` @returns null where it is no ZIP */
export function findZipEnd(tail: Uint8Array): ZipEnd | null {
  const view = viewOf(tail)
  for (let at = tail.length - 22; at >= 0 && at >= tail.length - zipTailBytes; at--) {
    if (view.getUint32(at, true) === endSignature) return { count: view.getUint16(at + 10, true), directorySize: view.getUint32(at + 12, true), directoryOffset: view.getUint32(at + 16, true) }
  }
  return null
}

/** @param directory from where the end record says it begins @returns null where it contradicts itself; also ZIP64, which nothing here needs */
export function readZipRecords(directory: Uint8Array, count: number): ZipRecord[] | null {
  const view = viewOf(directory)
  const records: ZipRecord[] = []
  for (let index = 0, at = 0; index < count; index++) {
    if (at + 46 > directory.length || view.getUint32(at, true) !== recordSignature) return null
    const nameLength = view.getUint16(at + 28, true)
    const flags = view.getUint16(at + 8, true)
    records.push({
      nameBytes: directory.subarray(at + 46, at + 46 + nameLength), isUtf8: (flags & 0x800) !== 0, isEncrypted: (flags & 1) !== 0, method: view.getUint16(at + 10, true),
      compressed: view.getUint32(at + 20, true), size: view.getUint32(at + 24, true), offset: view.getUint32(at + 42, true),
    })
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true)
  }
  return records
}

/** Where the content begins behind the start of its local header, in bytes; null where there is none. @param header its first `localHeaderBytes` */
export function contentBehind(header: Uint8Array): number | null {
  const view = viewOf(header)
  if (header.length < localHeaderBytes || view.getUint32(0, true) !== localSignature) return null
  return localHeaderBytes + view.getUint16(26, true) + view.getUint16(28, true)
}
