import { crc32, deflateRawSync } from 'node:zlib'

export interface ZipPart {
  /** Bytes where it is no UTF-8: as Chinese Windows packs names, in GBK and without saying so. */
  readonly name: string | Buffer
  readonly content: string | Buffer
  /** Of the directory: 1 is encrypted. */
  readonly flags?: number
  /** 0 stored, 8 deflated; of others it only says so. */
  readonly method?: number
  /** An untrue size in the directory. */
  readonly declared?: number
  /** Shares the bytes of the part before it, as bombs do. */
  readonly overlaps?: boolean
}

/** A ZIP of parts, as Windows, Excel and WPS pack them. */
export function packZip(parts: readonly ZipPart[]): Buffer {
  const files: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  let last = 0
  for (const { name, content, flags = 0, method = 8, declared, overlaps = false } of parts) {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content
    const packed = method === 0 ? bytes : deflateRawSync(bytes)
    const nameBytes = typeof name === 'string' ? Buffer.from(name) : name
    const fields = Buffer.alloc(26)
    fields.writeUInt16LE(20, 0)
    fields.writeUInt16LE((typeof name === 'string' ? 0x800 : 0) | flags, 2)
    fields.writeUInt16LE(method, 4)
    fields.writeUInt32LE(crc32(bytes), 10)
    fields.writeUInt32LE(packed.length, 14)
    fields.writeUInt32LE(declared ?? bytes.length, 18)
    fields.writeUInt16LE(nameBytes.length, 22)
    if (!overlaps) {
      files.push(Buffer.from('504b0304', 'hex'), fields, nameBytes, packed)
      last = offset
      offset += 4 + fields.length + nameBytes.length + packed.length
    }
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(last, 10)
    directory.push(Buffer.from('504b01021400', 'hex'), fields, tail, nameBytes)
  }
  const entries = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('504b0506', 'hex')
  end.writeUInt16LE(parts.length, 8)
  end.writeUInt16LE(parts.length, 10)
  end.writeUInt32LE(entries.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...files, entries, end])
}
