import { derTag } from '../der.ts'

/** One DER value of these parts. */
export function writeDer(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts)
  return Buffer.concat([Buffer.from([tag, ...lengthOctets(content.length)]), content])
}

export function writeOid(oid: string): Buffer {
  const [top = 0, second = 0, ...rest] = oid.split('.').map(Number)
  return writeDer(derTag.oid, Buffer.from([top * 40 + second, ...rest].flatMap(base128)))
}

function lengthOctets(length: number): number[] {
  if (length < 0x80) return [length]
  const octets = base(256, length)
  return [0x80 | octets.length, ...octets]
}

/** Seven bits an octet, the eighth says that more follow. */
function base128(arc: number): number[] {
  return base(128, arc).map((digit, index, { length }) => (index < length - 1 ? digit | 0x80 : digit))
}

function base(size: number, value: number): number[] {
  const digits = [value % size]
  for (let rest = Math.floor(value / size); rest > 0; rest = Math.floor(rest / size)) digits.unshift(rest % size)
  return digits
}
