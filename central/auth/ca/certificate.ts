import { createHash, X509Certificate, type KeyObject } from 'node:crypto'
import { AppError } from '../../../shared/errors/app-error.ts'
import { DerError, derTag, readBits, readDer, readOid, type DerValue } from './der.ts'
import { nameText, readName, type NameAttribute } from './distinguished-name.ts'
import { readSm2PublicKey, sm2Oids, type Sm2PublicKey } from './sm2.ts'

/** A certificate as read, which is not to say trusted. */
export interface Certificate {
  readonly der: Buffer
  /** Lower-case hex SHA-256 of the DER: what a CA lock signs, and by what an operator names a CA. */
  readonly sha256: string
  /**
   * Lower-case hex SHA-256 of the part that the issuer signed: by this a certificate is known again. Of one ECDSA signature
   * anybody makes a second form, and with it another DER of the same certificate.
   */
  readonly fingerprint: string
  /** For `isSignedBy` alone: Node reads neither key usage nor path lengths, and its checkIssued proves nothing. */
  readonly x509: X509Certificate
  /** An SM2 key is a KeyObject that Node can do nothing with. */
  readonly publicKey: KeyObject
  /** Null for any other kind of key. */
  readonly sm2Key: Sm2PublicKey | null
  /** The key as its BIT STRING holds it, which OCSP hashes. */
  readonly keyBits: Buffer
  /** The part that the issuer signed. */
  readonly toBeSigned: Buffer
  readonly serialNumber: Buffer
  /** As the algorithm writes it: a DER sequence for ECDSA and SM2. */
  readonly signature: Buffer
  readonly subject: Buffer
  readonly subjectAttributes: readonly NameAttribute[]
  readonly issuer: Buffer
  /** The issuer as text, unambiguous, for bindings and audit. */
  readonly issuerText: string
  readonly notBefore: Date
  readonly notAfter: Date
  /** Object identifier of the algorithm that the issuer signed with. */
  readonly signatureAlgorithm: string
  /** By object identifier. */
  readonly extensions: ReadonlyMap<string, Extension>
}

export interface Extension {
  readonly critical: boolean
  /** What the OCTET STRING holds. */
  readonly value: Buffer
}

/** Strict DER, no byte after the end, one certificate. @throws AppError `ca-certificate-malformed` */
export function readCertificate(der: Uint8Array): Certificate {
  try {
    return read(der)
  } catch (error) {
    if (error instanceof DerError || isOpenSslError(error)) throw new AppError('ca-certificate-malformed', {}, { cause: error })
    throw error
  }
}

/** RFC 5280, 4.1. */
function read(bytes: Uint8Array): Certificate {
  const root = readDer(bytes)
  const [tbs, signatureAlgorithm, signature] = partsOf(root, derTag.sequence)
  if (root.parts.length !== 3 || !tbs || !signatureAlgorithm || !signature) throw new DerError('not a certificate')
  const fields = partsOf(tbs, derTag.sequence)
  const [version, serial, innerAlgorithm, issuer, _validity, subject, key, ...rest] = fields
  if (version?.tag !== 0xa0 || serial?.tag !== derTag.integer || !innerAlgorithm || !issuer || !subject || !key) throw new DerError('not an X.509 version 3 certificate')
  // Only the inner one is signed; an outer one that differs is a swap.
  if (!innerAlgorithm.whole.equals(signatureAlgorithm.whole)) throw new DerError('two signature algorithms')
  const x509 = new X509Certificate(root.whole)
  return {
    der: root.whole,
    sha256: sha256Of(root.whole),
    fingerprint: sha256Of(tbs.whole),
    x509,
    publicKey: x509.publicKey,
    sm2Key: readSm2Key(key),
    keyBits: readKeyBits(key),
    toBeSigned: tbs.whole,
    serialNumber: serial.content,
    signature: readBits(signature),
    subject: subject.whole,
    subjectAttributes: readName(subject),
    issuer: issuer.whole,
    issuerText: nameText(readName(issuer)),
    notBefore: validDate(x509.validFromDate),
    notAfter: validDate(x509.validToDate),
    signatureAlgorithm: readOid(firstPart(signatureAlgorithm)),
    extensions: readExtensions(explicitIn(rest.find(({ tag }) => tag === 0xa3))),
  }
}

/** RFC 5480, 2: the algorithm says "elliptic curve", its parameter says which. */
function readSm2Key(field: DerValue): Sm2PublicKey | null {
  const [algorithm] = partsOf(field, derTag.sequence)
  const [, curve] = algorithm ? partsOf(algorithm, derTag.sequence) : []
  if (curve?.tag !== derTag.oid || readOid(curve) !== sm2Oids.curve) return null
  return readSm2PublicKey(readKeyBits(field))
}

function readKeyBits(field: DerValue): Buffer {
  const [, bits] = partsOf(field, derTag.sequence)
  if (!bits) throw new DerError('key')
  return readBits(bits)
}

const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** An invalid date is neither before nor after any other, so it would pass every check. */
function validDate(date: Date): Date {
  if (Number.isNaN(date.getTime())) throw new DerError('date')
  return date
}

/** SEQUENCE of extensions, of certificates, of lists and answers about them. @throws DerError */
export function readExtensions(list: DerValue | undefined): Map<string, Extension> {
  const extensions = new Map<string, Extension>()
  for (const extension of list ? partsOf(list, derTag.sequence) : []) {
    const [id, ...rest] = partsOf(extension, derTag.sequence)
    const value = rest.at(-1)
    if (!id || value?.tag !== derTag.octetString || rest.length > 2) throw new DerError('extension')
    const critical = rest.length === 2 && rest[0]?.tag === derTag.boolean && rest[0].content[0] === 0xff
    // RFC 5280, 4.2: at most one of each. Of two, readers would differ in which one counts.
    if (extensions.has(readOid(id))) throw new DerError('an extension stands twice')
    extensions.set(readOid(id), { critical, value: value.content })
  }
  return extensions
}

function partsOf(value: DerValue, tag: number): readonly DerValue[] {
  if (value.tag !== tag) throw new DerError('unexpected type')
  return value.parts
}

/** What an EXPLICIT tag holds, where it is there. @throws DerError */
export function explicitIn(field: DerValue | undefined): DerValue | undefined {
  if (field && field.parts.length !== 1) throw new DerError('explicit tag')
  return field?.parts[0]
}

function firstPart(value: DerValue): DerValue {
  const [first] = value.parts
  if (!first) throw new DerError('empty')
  return first
}

function isOpenSslError(error: unknown): boolean {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_OSSL')
}
