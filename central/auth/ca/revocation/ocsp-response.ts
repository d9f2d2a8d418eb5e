import { explicitIn, readExtensions, type Extension } from '../certificate.ts'
import { DerError, derTag, readBits, readDer, readOid, type DerValue } from '../der.ts'
import { readTime } from './der-time.ts'
import { ocspOids, type CertificateId } from './ocsp-request.ts'
import { UnusableAnswer } from './unusable-answer.ts'

/** An OCSP response as read, which is not to say believed. */
export interface OcspResponse {
  /** The part that is signed. */
  readonly toBeSigned: Buffer
  readonly responder: { readonly name: Buffer } | { readonly keyHash: Buffer }
  readonly answers: readonly SingleAnswer[]
  readonly extensions: ReadonlyMap<string, Extension>
  readonly signatureAlgorithm: string
  readonly signature: Buffer
  /** Certificates sent along, as DER. */
  readonly certificates: readonly Buffer[]
}

export interface SingleAnswer {
  /** Null where the hash is another than the one asked with. */
  readonly id: CertificateId | null
  readonly status: 'good' | 'revoked' | 'unknown'
  readonly thisUpdate: Date
  readonly nextUpdate: Date | null
  readonly extensions: ReadonlyMap<string, Extension>
}

const tags = { first: 0xa0, second: 0xa1, third: 0xa2, good: 0x80, revoked: 0xa1, unknown: 0x82 } as const

/** RFC 6960, 4.2.1. @throws DerError, UnusableAnswer where the responder says that it could not answer */
export function readOcspResponse(bytes: Uint8Array): OcspResponse {
  const [status, wrapped, ...rest] = partsOf(readDer(bytes))
  if (status?.tag !== derTag.enumerated || rest.length > 0) throw new DerError('OCSP response')
  if (!status.content.equals(Buffer.of(0))) throw new UnusableAnswer(`responder status ${status.content.toString('hex')}`)
  const [type, response] = partsOf(expected(explicitIn(tagged(wrapped, tags.first))))
  if (response?.tag !== derTag.octetString || readOid(expected(type)) !== ocspOids.basicResponse) throw new DerError('OCSP response type')
  return readBasicResponse(readDer(response.content))
}

function readBasicResponse(value: DerValue): OcspResponse {
  const [data, algorithm, signature, certificates, ...rest] = partsOf(value)
  if (rest.length > 0) throw new DerError('OCSP response')
  // A version would stand first; the only one there is, is left out in DER.
  const [responder, producedAt, answers, extensions, ...more] = partsOf(expected(data))
  if (more.length > 0) throw new DerError('OCSP response data')
  readTime(expected(producedAt))
  return {
    toBeSigned: expected(data).whole,
    responder: readResponder(expected(responder)),
    answers: partsOf(expected(answers)).map(readSingle),
    extensions: readExtensions(extensions && explicitIn(tagged(extensions, tags.second))),
    signatureAlgorithm: readOid(expected(partsOf(expected(algorithm))[0])),
    signature: readBits(expected(signature)),
    certificates: certificates ? partsOf(expected(explicitIn(tagged(certificates, tags.first)))).map(({ whole }) => whole) : [],
  }
}

function readResponder(field: DerValue): OcspResponse['responder'] {
  const value = expected(explicitIn(field))
  if (field.tag === tags.second && value.tag === derTag.sequence) return { name: value.whole }
  if (field.tag === tags.third && value.tag === derTag.octetString) return { keyHash: value.content }
  throw new DerError('OCSP responder')
}

function readSingle(single: DerValue): SingleAnswer {
  const [id, status, thisUpdate, ...rest] = partsOf(single)
  const nextUpdate = rest[0]?.tag === tags.first ? rest.shift() : undefined
  const extensions = rest.shift()
  if (rest.length > 0) throw new DerError('OCSP answer')
  return {
    id: readId(expected(id)),
    status: readStatus(expected(status)),
    thisUpdate: readTime(expected(thisUpdate)),
    nextUpdate: nextUpdate ? readTime(expected(explicitIn(nextUpdate))) : null,
    extensions: readExtensions(extensions && explicitIn(tagged(extensions, tags.second))),
  }
}

function readId(id: DerValue): CertificateId | null {
  const [algorithm, name, key, serial, ...rest] = partsOf(id)
  if (name?.tag !== derTag.octetString || key?.tag !== derTag.octetString || serial?.tag !== derTag.integer || rest.length > 0) throw new DerError('OCSP certificate id')
  if (readOid(expected(partsOf(expected(algorithm))[0])) !== ocspOids.sha1) return null
  return { issuerNameHash: name.content, issuerKeyHash: key.content, serialNumber: serial.content }
}

function readStatus({ tag, content }: DerValue): SingleAnswer['status'] {
  if (tag === tags.good && content.length === 0) return 'good'
  if (tag === tags.revoked) return 'revoked'
  if (tag === tags.unknown && content.length === 0) return 'unknown'
  throw new DerError('OCSP status')
}

function partsOf(value: DerValue): readonly DerValue[] {
  if (value.tag !== derTag.sequence) throw new DerError('unexpected type')
  return value.parts
}

function tagged(value: DerValue | undefined, tag: number): DerValue {
  if (value?.tag !== tag) throw new DerError('unexpected type')
  return value
}

function expected<T>(value: T | undefined): T {
  if (value === undefined) throw new DerError('cut short')
  return value
}
