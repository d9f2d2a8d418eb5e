/** One value of a DER document (ITU-T X.690, chapter 10). */
export interface DerValue {
  /** The identifier octet: class, form and number. */
  readonly tag: number
  /** Content octets. */
  readonly content: Buffer
  /** Identifier, length and content octets. */
  readonly whole: Buffer
  /** The parts of a constructed value; empty for a primitive one. */
  readonly parts: readonly DerValue[]
}

export class DerError extends Error {
  override readonly name = 'DerError'
}

export const derTag = {
  boolean: 0x01, integer: 0x02, bitString: 0x03, octetString: 0x04, null: 0x05, oid: 0x06, enumerated: 0x0a, utf8String: 0x0c,
  printableString: 0x13, ia5String: 0x16, utcTime: 0x17, generalizedTime: 0x18, sequence: 0x30, set: 0x31,
} as const

const constructed = 0x20
const contextSpecific = 0x80
const maxDepth = 16

/**
 * Reads one value that fills all of `bytes`. Node and the usual libraries accept BER; two readings of one certificate
 * would then be two certificates with one meaning, so anything but the one DER form is refused.
 * @throws DerError
 */
export function readDer(bytes: Uint8Array): DerValue {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const value = readAt(buffer, 0, 0)
  if (value.whole.length !== buffer.length) throw new DerError('trailing bytes')
  return value
}

/**
 * The values that fill `bytes` one after another, none of them read inside: for lists so long that all of their parts
 * would not fit into memory at once. What is used of them is given to `readDer`.
 * @throws DerError
 */
export function* splitDer(bytes: Buffer): Generator<Omit<DerValue, 'parts'>> {
  for (let at = 0; at < bytes.length; ) {
    const value = readFlat(bytes, at)
    yield value
    at += value.whole.length
  }
}

function readAt(buffer: Buffer, start: number, depth: number): DerValue {
  if (depth > maxDepth) throw new DerError('nested too deep')
  const value = readFlat(buffer, start)
  return { ...value, parts: value.tag & constructed ? readParts(value.content, depth + 1) : [] }
}

function readFlat(buffer: Buffer, start: number): Omit<DerValue, 'parts'> {
  const tag = byteAt(buffer, start)
  if ((tag & 0x1f) === 0x1f) throw new DerError('high tag number')
  const { length, contentStart } = readLength(buffer, start + 1)
  const end = contentStart + length
  if (end > buffer.length) throw new DerError('cut short')
  const content = buffer.subarray(contentStart, end)
  assertForm(tag, content)
  return { tag, content, whole: buffer.subarray(start, end) }
}

function readParts(content: Buffer, depth: number): DerValue[] {
  const parts: DerValue[] = []
  for (let at = 0; at < content.length; ) {
    const part = readAt(content, at, depth)
    parts.push(part)
    at += part.whole.length
  }
  return parts
}

/** X.690 10.1: definite form, in the fewest octets. */
function readLength(buffer: Buffer, at: number): { length: number; contentStart: number } {
  const first = byteAt(buffer, at)
  if (first < 0x80) return { length: first, contentStart: at + 1 }
  const octets = first & 0x7f
  if (octets === 0 || octets > 3) throw new DerError('indefinite or overlong length')
  if (at + 1 + octets > buffer.length) throw new DerError('cut short')
  const length = buffer.readUIntBE(at + 1, octets)
  if (length < 0x80 || byteAt(buffer, at + 1) === 0) throw new DerError('length not in its shortest form')
  return { length, contentStart: at + 1 + octets }
}

function assertForm(tag: number, content: Buffer): void {
  if (tag < contextSpecific) {
    const isContainer = (tag | constructed) === derTag.sequence || (tag | constructed) === derTag.set
    // X.690 10.2: strings are primitive; 8.9: sequences and sets are constructed.
    if (isContainer !== Boolean(tag & constructed)) throw new DerError('wrong form for its type')
  }
  if (tag === derTag.boolean && !(content.length === 1 && (content[0] === 0 || content[0] === 0xff))) throw new DerError('boolean')
  if (tag === derTag.null && content.length > 0) throw new DerError('null')
  if ((tag === derTag.integer || tag === derTag.enumerated) && !isShortestInteger(content)) throw new DerError('integer not in its shortest form')
  if (tag === derTag.bitString && !isCleanBitString(content)) throw new DerError('bit string')
}

/** X.690 8.3.2. */
function isShortestInteger(content: Buffer): boolean {
  const [first, second] = content
  if (first === undefined) return false
  if (second === undefined) return true
  return !((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80))
}

/** X.690 11.2.1: unused bits are zero. */
function isCleanBitString(content: Buffer): boolean {
  const unused = content[0]
  if (unused === undefined || unused > 7 || (content.length === 1 && unused > 0)) return false
  return content.length === 1 || (byteAt(content, content.length - 1) & ((1 << unused) - 1)) === 0
}

function byteAt(buffer: Buffer, at: number): number {
  const byte = buffer[at]
  if (byte === undefined) throw new DerError('cut short')
  return byte
}

/** What a bit string of whole octets holds, as keys and signatures are. Unused bits would be a second form of the same. @throws DerError */
export function readBits({ tag, content }: DerValue | Omit<DerValue, 'parts'>): Buffer {
  if (tag !== derTag.bitString || content[0] !== 0) throw new DerError('bit string of octets')
  return content.subarray(1)
}

/** Dotted form of an object identifier. @throws DerError */
export function readOid({ tag, content }: DerValue): string {
  if (tag !== derTag.oid || content.length === 0 || byteAt(content, content.length - 1) >= 0x80) throw new DerError('object identifier')
  const arcs: number[] = []
  let arc = 0
  let isFirstOctet = true
  for (const byte of content) {
    if (isFirstOctet && byte === 0x80) throw new DerError('object identifier not in its shortest form')
    arc = arc * 128 + (byte & 0x7f)
    if (!Number.isSafeInteger(arc)) throw new DerError('object identifier too long')
    isFirstOctet = byte < 0x80
    if (!isFirstOctet) continue
    arcs.push(arc)
    arc = 0
  }
  const [joint = 0, ...rest] = arcs
  const top = Math.min(Math.floor(joint / 40), 2)
  return [top, joint - top * 40, ...rest].join('.')
}
