import { readCertificate, type Certificate } from '../certificate.ts'
import { hasStrongKey, hasUnknownCriticalExtension } from '../checks/chain.ts'
import { extendedUsages, usages } from '../extensions.ts'
import { certificateSignatures, isSignatureBy, isSignatureOf } from '../signature-verifiers.ts'
import { sha1 } from './ocsp-request.ts'
import type { OcspResponse } from './ocsp-response.ts'
import { UnusableAnswer } from './unusable-answer.ts'

const ocspSigning = '1.3.6.1.5.5.7.3.9'
/** id-pkix-ocsp-nocheck: the CA vouches for this responder until its certificate ends. Its value is NULL. */
const noCheck = { oid: '1.3.6.1.5.5.7.48.1.5', value: Buffer.of(0x05, 0x00) }
/** Milliseconds from notBefore to notAfter up to which nobody revokes a certificate: it has ended before a list would tell. */
const shortLife = 7 * 24 * 3600 * 1000

/**
 * The answer is signed by the CA that issued the certificate asked about, or by a responder that this CA has certified
 * for it (RFC 6960, 4.2.2.2). Nobody else may answer, another pinned CA neither.
 * @returns the responder where it is yet to be asked whether its own certificate was revoked (4.2.2.2.1); null where nobody is to be asked
 * @throws UnusableAnswer; AppError for a certificate sent along that cannot be read
 */
export function checkResponder(response: OcspResponse, issuer: Certificate, now: Date): Certificate | null {
  const delegates = response.certificates.map(readCertificate).filter(({ fingerprint }) => fingerprint !== issuer.fingerprint)
  const signer = [issuer, ...delegates].find((candidate) => isNamed(response, candidate) && hasSigned(response, candidate))
  if (!signer) throw new UnusableAnswer('not signed by a responder it names')
  if (signer === issuer) return null
  checkDelegate(signer, issuer, now)
  return standsByItself(signer) ? null : signer
}

function standsByItself({ extensions, notBefore, notAfter }: Certificate): boolean {
  return extensions.get(noCheck.oid)?.value.equals(noCheck.value) === true || notAfter.getTime() - notBefore.getTime() <= shortLife
}

function isNamed({ responder }: OcspResponse, { subject, keyBits }: Certificate): boolean {
  return 'name' in responder ? responder.name.equals(subject) : responder.keyHash.equals(sha1(keyBits))
}

function hasSigned({ signatureAlgorithm, toBeSigned, signature }: OcspResponse, signer: Certificate): boolean {
  return isSignatureBy(signer, signatureAlgorithm, toBeSigned, signature)
}

function checkDelegate(delegate: Certificate, issuer: Certificate, now: Date): void {
  const ofIssuer = delegate.issuer.equals(issuer.subject) && certificateSignatures.has(delegate.signatureAlgorithm) && isSignatureOf(issuer, delegate)
  if (!ofIssuer) throw new UnusableAnswer('responder not certified by the CA asked about')
  if (now < delegate.notBefore || now > delegate.notAfter) throw new UnusableAnswer('responder out of its dates')
  const mayAnswer = extendedUsages(delegate)?.includes(ocspSigning) && usages(delegate)?.digitalSignature
  if (!mayAnswer) throw new UnusableAnswer('responder not certified for OCSP')
  if (!hasStrongKey(delegate) || hasUnknownCriticalExtension(delegate)) throw new UnusableAnswer('responder certificate not acceptable')
}
