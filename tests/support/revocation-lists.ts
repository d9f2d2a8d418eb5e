import { KeyObject, sign } from 'node:crypto'
import { writeDer, writeOid } from '../../central/auth/ca/revocation/der-writer.ts'
import { readCertificate } from '../../central/auth/ca/certificate.ts'
import { derTag } from '../../central/auth/ca/der.ts'
import { ecdsaSha256, signerOf, time } from './ocsp-answers.ts'
import type { TestAuthority } from './certificates.ts'

/** Revocation lists of every kind, right and wrong. */
export interface ListShape {
  /** Null: a list of version 1. */
  version?: number | null
  /** Content of the INTEGERs. */
  serials?: readonly Buffer[]
  entryExtensions?: readonly Buffer[]
  thisUpdate?: Date
  /** Null: not said. */
  nextUpdate?: Date | null
  extensions?: readonly Buffer[]
  /** Whose name it bears; default: its signer's. */
  named?: TestAuthority
  algorithm?: { oid: string; hash: string }
  innerAlgorithm?: string
  /** Changes what is signed, after it was signed. */
  forge?: (signed: Buffer) => Buffer
}

const { sequence, integer, bitString } = derTag
const hours = (count: number) => new Date(Date.now() + count * 3600_000)

export function makeList(signer: TestAuthority, shape: ListShape = {}): Buffer {
  const { version = 1, serials = [], entryExtensions = [], thisUpdate = hours(-1), nextUpdate = hours(24), extensions = [], named = signer, algorithm = ecdsaSha256, forge = (same) => same } = shape
  const entry = (serial: Buffer) => writeDer(sequence, writeDer(integer, serial), time(hours(-100)), ...(entryExtensions.length > 0 ? [writeDer(sequence, ...entryExtensions)] : []))
  const data = writeDer(
    sequence,
    ...(version === null ? [] : [writeDer(integer, Buffer.of(version))]),
    writeDer(sequence, writeOid(shape.innerAlgorithm ?? algorithm.oid)),
    readCertificate(signerOf(named).der).subject,
    time(thisUpdate),
    ...(nextUpdate ? [time(nextUpdate)] : []),
    ...(serials.length > 0 ? [writeDer(sequence, Buffer.concat(serials.map(entry)))] : []),
    ...(extensions.length > 0 ? [writeDer(0xa0, writeDer(sequence, ...extensions))] : []),
  )
  const signature = writeDer(bitString, Buffer.of(0), sign(algorithm.hash, data, KeyObject.from(signer.keys.privateKey)))
  return writeDer(sequence, forge(data), writeDer(sequence, writeOid(algorithm.oid)), signature)
}
