import { createHash, KeyObject, sign } from 'node:crypto'
import { writeDer, writeOid } from '../../central/auth/ca/revocation/der-writer.ts'
import { readCertificate } from '../../central/auth/ca/certificate.ts'
import { derTag, readDer } from '../../central/auth/ca/der.ts'
import { makeLeaf, x509, type CertificateShape, type TestAuthority } from './certificates.ts'

/** OCSP answers of every kind that nobody should believe. */
export interface Signer {
  readonly der: Buffer
  readonly keys: CryptoKeyPair
}

export const signerOf = ({ certificate, keys }: TestAuthority): Signer => ({ der: Buffer.from(certificate.rawData), keys })

export interface SingleShape {
  status?: 'good' | 'revoked' | 'unknown'
  /** Default: the one asked about. */
  id?: (asked: Buffer) => Buffer
  thisUpdate?: Date
  /** Null: not said. */
  nextUpdate?: Date | null
  extensions?: readonly Buffer[]
}

export interface AnswerShape {
  singles?: readonly SingleShape[]
  /** Default: the one asked with; null: none. */
  nonce?: Buffer | null
  extensions?: readonly Buffer[]
  certificates?: readonly Buffer[]
  /** Who it says has signed it; default: who has. */
  named?: Signer
  byKey?: boolean
  algorithm?: { oid: string; hash: string }
  responderStatus?: number
  /** Changes what is signed, after it was signed. */
  forge?: (signed: Buffer) => Buffer
}

const { sequence, octetString, integer, bitString, generalizedTime, boolean } = derTag
const minutes = 60_000
export const ecdsaSha256 = { oid: '1.2.840.10045.4.3.2', hash: 'sha256' }

/** What a request asks: the id of its certificate, and its nonce. */
export function readQuestion(request: Buffer): { id: Buffer; nonce: Buffer } {
  const [list, extensions] = readDer(request).parts[0]?.parts ?? []
  const id = list?.parts[0]?.parts[0]
  const nonce = extensions?.parts[0]?.parts[0]?.parts[1]
  if (!id || !nonce) throw new Error('not an OCSP request')
  return { id: id.whole, nonce: readDer(nonce.content).content }
}

/** The same id with another serial number. */
export function otherSerial(id: Buffer): Buffer {
  const { parts } = readDer(id)
  return writeDer(sequence, ...parts.slice(0, 3).map(({ whole }) => whole), writeDer(integer, Buffer.from([1, 2, 3, 4])))
}

export const extension = (oid: string, value: Buffer, critical = false) =>
  writeDer(sequence, writeOid(oid), ...(critical ? [writeDer(boolean, Buffer.of(0xff))] : []), writeDer(octetString, value))

export const time = (date: Date) => writeDer(generalizedTime, Buffer.from(date.toISOString().replace(/[-:T]|\.\d+/g, '')))

function single({ status = 'good', id = (same) => same, thisUpdate = new Date(Date.now() - minutes), nextUpdate = new Date(Date.now() + 60 * minutes), extensions = [] }: SingleShape, asked: Buffer): Buffer {
  const said = { good: writeDer(0x80), revoked: writeDer(0xa1, time(new Date(Date.now() - 100 * minutes))), unknown: writeDer(0x82) }[status]
  const until = nextUpdate ? [writeDer(0xa0, time(nextUpdate))] : []
  return writeDer(sequence, id(asked), said, time(thisUpdate), ...until, ...(extensions.length > 0 ? [writeDer(0xa1, writeDer(sequence, ...extensions))] : []))
}

export function makeAnswer(request: Buffer, signer: Signer, shape: AnswerShape = {}): Buffer {
  const { singles = [{}], nonce, named = signer, byKey = false, algorithm = ecdsaSha256, certificates = [], responderStatus = 0, forge = (same) => same } = shape
  const question = readQuestion(request)
  const { subject, keyBits } = readCertificate(named.der)
  const responder = byKey ? writeDer(0xa2, writeDer(octetString, createHash('sha1').update(keyBits).digest())) : writeDer(0xa1, subject)
  const extensions = [...(nonce === null ? [] : [extension('1.3.6.1.5.5.7.48.1.2', writeDer(octetString, nonce ?? question.nonce))]), ...(shape.extensions ?? [])]
  const data = writeDer(sequence, responder, time(new Date()), writeDer(sequence, ...singles.map((one) => single(one, question.id))), ...(extensions.length > 0 ? [writeDer(0xa1, writeDer(sequence, ...extensions))] : []))
  const signature = writeDer(bitString, Buffer.of(0), sign(algorithm.hash, data, KeyObject.from(signer.keys.privateKey)))
  const sent = certificates.length > 0 ? [writeDer(0xa0, writeDer(sequence, ...certificates))] : []
  const basic = writeDer(sequence, forge(data), writeDer(sequence, writeOid(algorithm.oid)), signature, ...sent)
  const bytes = writeDer(0xa0, writeDer(sequence, writeOid('1.3.6.1.5.5.7.48.1.1'), writeDer(octetString, basic)))
  return writeDer(sequence, writeDer(derTag.enumerated, Buffer.of(responderStatus)), ...(responderStatus === 0 ? [bytes] : []))
}

const { digitalSignature, keyEncipherment } = x509.KeyUsageFlags
export const ocspSigning = new x509.ExtendedKeyUsageExtension(['1.3.6.1.5.5.7.3.9'])
export const mayNotSign = new x509.KeyUsagesExtension(keyEncipherment, true)
/** id-pkix-ocsp-nocheck. */
export const noCheck = new x509.Extension('1.3.6.1.5.5.7.48.1.5', false, Uint8Array.of(5, 0))
export const maySign = new x509.KeyUsagesExtension(digitalSignature, true)

/** A responder that `issuer` has certified and vouches for, rightly unless `shape` says otherwise. */
export const makeResponder = (issuer: TestAuthority, shape: CertificateShape = {}): Promise<Signer> =>
  makeLeaf(issuer, { name: [{ CN: ['OCSP responder'] }], extensions: [maySign, ocspSigning, noCheck], ...shape })
