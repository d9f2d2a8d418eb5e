import { createHash } from 'node:crypto'
import { weierstrass } from '@noble/curves/abstract/weierstrass.js'
import { DerError, derTag, readDer } from './der.ts'

/** Object identifiers of GM/T 0006. */
export const sm2Oids = { curve: '1.2.156.10197.1.301', sm2WithSm3: '1.2.156.10197.1.501' } as const

/** Curve of GB/T 32918.5. */
const curve = {
  p: BigInt('0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffff'),
  a: BigInt('0xfffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffc'),
  b: BigInt('0x28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93'),
  n: BigInt('0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123'),
  h: 1n,
  Gx: BigInt('0x32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7'),
  Gy: BigInt('0xbc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0'),
} as const
const Point = weierstrass(curve)

/** What a signer is called where nobody says otherwise (GM/T 0009, 10). */
const usualId = Buffer.from('1234567812345678')

/** An SM2 public key: a point that lies on the curve. */
export interface Sm2PublicKey {
  readonly point: InstanceType<typeof Point>
  /** Hash of the signer's id, the curve and the key (GB/T 32918.2, 5.5): each signature covers it. */
  readonly z: Buffer
}

/** @param bytes uncompressed form. @throws DerError where it is no point of the curve */
export function readSm2PublicKey(bytes: Uint8Array): Sm2PublicKey {
  if (bytes.length !== 65 || bytes[0] !== 4) throw new DerError('SM2 key')
  try {
    const point = Point.fromBytes(bytes)
    point.assertValidity()
    const idBits = Buffer.from([(usualId.length * 8) >> 8, (usualId.length * 8) & 0xff])
    return { point, z: sm3(idBits, usualId, ...[curve.a, curve.b, curve.Gx, curve.Gy].map(octets), bytes.subarray(1)) }
  } catch (error) {
    throw new DerError('SM2 key', { cause: error })
  }
}

/** GB/T 32918.2, 7.1. @param signature raw r‖s, 64 bytes */
export function verifySm2({ point, z }: Sm2PublicKey, bytes: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== 64) return false
  const [r, s] = [number(signature.subarray(0, 32)), number(signature.subarray(32))]
  if (r < 1n || r >= curve.n || s < 1n || s >= curve.n) return false
  const t = (r + s) % curve.n
  if (t === 0n) return false
  const sum = Point.BASE.multiplyUnsafe(s).add(point.multiplyUnsafe(t))
  if (sum.is0()) return false
  return (number(sm3(z, bytes)) + sum.toAffine().x) % curve.n === r
}

/** SEQUENCE of r and s, as certificates carry it → raw r‖s. @throws DerError */
export function rawSm2Signature(der: Uint8Array): Buffer {
  const { tag, parts } = readDer(der)
  if (tag !== derTag.sequence || parts.length !== 2) throw new DerError('SM2 signature')
  return Buffer.concat(
    parts.map((part) => {
      const content = part.content[0] === 0 ? part.content.subarray(1) : part.content
      // A negative number, read as the positive one with the same octets, would be a second form of one signature.
      const isNegative = (part.content[0] ?? 0) >= 0x80
      if (part.tag !== derTag.integer || isNegative || content.length > 32) throw new DerError('SM2 signature')
      return Buffer.concat([Buffer.alloc(32 - content.length), content])
    }),
  )
}

const sm3 = (...parts: readonly Uint8Array[]) => parts.reduce((hash, part) => hash.update(part), createHash('sm3')).digest()
const octets = (value: bigint) => Buffer.from(value.toString(16).padStart(64, '0'), 'hex')
const number = (bytes: Uint8Array) => BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
