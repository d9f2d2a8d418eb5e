import type { Certificate, Extension } from '../certificate.ts'
import { derTag, readDer } from '../der.ts'
import { ocspOids, type CertificateId } from './ocsp-request.ts'
import { checkResponder } from './ocsp-responder.ts'
import { readOcspResponse, type SingleAnswer } from './ocsp-response.ts'
import { UnusableAnswer } from './unusable-answer.ts'

/** A believed answer about one certificate. */
export interface OcspAnswer {
  readonly status: 'good' | 'revoked'
  readonly thisUpdate: Date
  readonly nextUpdate: Date | null
  /** Its signer, where the answer is worth nothing before somebody has looked whether that one was revoked. */
  readonly unchecked: Certificate | null
}

export interface OcspQuestion {
  readonly id: CertificateId
  readonly nonce: Buffer
  readonly issuer: Certificate
}

const minutes = 60 * 1000
/** By how much the responder's clock may differ from ours. */
const slack = 5 * minutes
/** How old an answer may be that does not say until when it holds. */
const longestWithoutNext = 24 * 60 * minutes

/** Every rule of docs/ca-key.md for an OCSP response. @throws UnusableAnswer, DerError, AppError */
export function judgeOcspResponse(bytes: Uint8Array, { id, nonce, issuer }: OcspQuestion, now: Date): OcspAnswer {
  const response = readOcspResponse(bytes)
  const unchecked = checkResponder(response, issuer, now)
  checkNonce(response.extensions.get(ocspOids.nonce), nonce)
  const [answer, ...others] = response.answers.filter((single) => isSame(single.id, id))
  if (!answer) throw new UnusableAnswer('no answer about this certificate')
  if (others.length > 0) throw new UnusableAnswer('several answers about one certificate')
  for (const extensions of [response.extensions, answer.extensions]) checkExtensions(extensions)
  checkDates(answer, now)
  if (answer.status === 'unknown') throw new UnusableAnswer('responder does not know the certificate')
  return { status: answer.status, thisUpdate: answer.thisUpdate, nextUpdate: answer.nextUpdate, unchecked }
}

function isSame(said: CertificateId | null, asked: CertificateId): boolean {
  return said !== null && (['issuerNameHash', 'issuerKeyHash', 'serialNumber'] as const).every((part) => said[part].equals(asked[part]))
}

/** Many responders sign their answers beforehand and so without a nonce; one that is there must be ours. */
function checkNonce(extension: Extension | undefined, nonce: Buffer): void {
  if (!extension) return
  const { tag, content } = readDer(extension.value)
  if (tag !== derTag.octetString || !content.equals(nonce)) throw new UnusableAnswer('nonce of another request')
}

function checkExtensions(extensions: ReadonlyMap<string, Extension>): void {
  const unknown = [...extensions].some(([oid, { critical }]) => critical && oid !== ocspOids.nonce)
  if (unknown) throw new UnusableAnswer('critical extension')
}

function checkDates({ thisUpdate, nextUpdate }: SingleAnswer, now: Date): void {
  const age = now.getTime() - thisUpdate.getTime()
  if (age < -slack) throw new UnusableAnswer('answer from the future')
  const late = nextUpdate ? now.getTime() - nextUpdate.getTime() : age - longestWithoutNext
  if (late > slack) throw new UnusableAnswer('answer out of date')
}
