import { describe, expect, it } from 'vitest'
import { DerError, derTag, readDer, readOid, splitDer } from '../../../central/auth/ca/der.ts'
import { readTime } from '../../../central/auth/ca/revocation/der-time.ts'
import { writeDer, writeOid } from '../../../central/auth/ca/revocation/der-writer.ts'

const { generalizedTime, utcTime, octetString, sequence } = derTag
const timeOf = (tag: number, text: string) => {
  try {
    return readTime(readDer(writeDer(tag, Buffer.from(text)))).toISOString()
  } catch (error) {
    if (error instanceof DerError) return 'refused'
    throw error
  }
}

describe('what we write in DER', () => {
  it.each([0, 1, 127, 128, 255, 256, 65_535, 65_536])('of %d bytes is what our strict reader reads', (length) => {
    const content = Buffer.alloc(length, 0x5a)
    expect(readDer(writeDer(octetString, content)).content.equals(content)).toBe(true)
  })

  it.each(['1.3.14.3.2.26', '1.3.6.1.5.5.7.48.1.2', '2.5.29.28', '1.2.840.113549.1.1.11', '1.2.156.10197.1.501', '0.9.2342'])('names %s as it is', (oid) => {
    expect(readOid(readDer(writeOid(oid)))).toBe(oid)
  })
})

describe('a time', () => {
  it.each([
    [generalizedTime, '20261125143000Z', '2026-11-25T14:30:00.000Z'],
    [utcTime, '491231235959Z', '2049-12-31T23:59:59.000Z'],
    [utcTime, '500101000000Z', '1950-01-01T00:00:00.000Z'],
  ])('of type %d, %s, is %s', (tag, text, iso) => {
    expect(timeOf(tag, text)).toBe(iso)
  })

  it.each([
    [generalizedTime, '20260230000000Z'], [generalizedTime, '20261125143000'], [generalizedTime, '20261125143000.5Z'], [generalizedTime, '20261125143000+0800'],
    [generalizedTime, '202611251430Z'], [generalizedTime, '20261125246000Z'], [utcTime, '2611251430Z'], [utcTime, '20261125143000Z'], [octetString, '20261125143000Z'],
  ])('of type %d, %s, is refused', (tag, text) => {
    expect(timeOf(tag, text)).toBe('refused')
  })
})

it('a list is split into its values without a look inside, and refused where one is cut short', () => {
  const values = [writeDer(octetString, Buffer.of(1)), writeDer(sequence, Buffer.of(0x30, 0x80))]
  expect([...splitDer(Buffer.concat(values))].map(({ whole }) => whole)).toEqual(values)
  expect(() => [...splitDer(Buffer.concat(values).subarray(0, -1))]).toThrow(DerError)
})
