import { AppError } from '../../../../shared/errors/app-error.ts'
import type { Certificate } from '../certificate.ts'
import { isAuthority, pathLength, usages } from '../extensions.ts'
import { certificateSignatures, isSignatureOf } from '../signature-verifiers.ts'
import type { TrustStore } from '../trust-store.ts'

/** From the issuer of a certificate up to a root. */
export type IssuerPath = readonly Certificate[]

const longestPath = 4

/** Extensions that this service acts on; any policy is accepted. One that is critical and not here must stop it (RFC 5280, 4.2). */
const understood: ReadonlySet<string> = new Set(['2.5.29.15', '2.5.29.19', '2.5.29.32', '2.5.29.37'])

/**
 * The pinned CAs that lead from this certificate to a pinned root, each link proven by its signature. Names alone prove
 * nothing: Node's checkIssued says yes to a forgery under the same issuer name.
 * @throws AppError `ca-chain-untrusted`
 */
export function findIssuers(certificate: Certificate, { authorities }: TrustStore, now: Date): IssuerPath {
  const inDateFirst = authorities.toSorted((a, b) => Number(isInDate(b, now)) - Number(isInDate(a, now)))
  const path = pathFrom(certificate, inDateFirst, 1)
  if (!path) throw untrusted('no-path')
  return path
}

function pathFrom(certificate: Certificate, authorities: IssuerPath, length: number): IssuerPath | undefined {
  if (length > longestPath) return undefined
  for (const issuer of authorities) {
    if (!isSignedBy(certificate, issuer)) continue
    if (isSignedBy(issuer, issuer)) return [issuer]
    const above = pathFrom(issuer, authorities, length + 1)
    if (above) return [issuer, ...above]
  }
  return undefined
}

function isSignedBy(certificate: Certificate, issuer: Certificate): boolean {
  return certificate.issuer.equals(issuer.subject) && isSignatureOf(issuer, certificate)
}

/** What RFC 5280, 6.1.4 asks of every certificate of a path. @throws AppError `ca-chain-untrusted` */
export function checkChain(leaf: Certificate, issuers: IssuerPath): void {
  for (const [authoritiesBelow, issuer] of issuers.entries()) checkMayIssue(issuer, authoritiesBelow)
  // A root is trusted because it is pinned, not because it signed itself.
  for (const certificate of [leaf, ...issuers.slice(0, -1)]) {
    if (!certificateSignatures.has(certificate.signatureAlgorithm)) throw untrusted('weak-signature')
  }
  for (const certificate of [leaf, ...issuers]) {
    if (!hasStrongKey(certificate)) throw untrusted('weak-key')
    if (hasUnknownCriticalExtension(certificate)) throw untrusted('unknown-critical-extension')
  }
}

function checkMayIssue(issuer: Certificate, authoritiesBelow: number): void {
  if (!isAuthority(issuer)) throw untrusted('issuer-not-authority')
  if (!usages(issuer)?.keyCertSign) throw untrusted('issuer-key-usage')
  if (authoritiesBelow > pathLength(issuer)) throw untrusted('path-too-long')
}

/** RSA from 2048 bits (NIST SP 800-131A), one of the NIST curves, or SM2. */
export function hasStrongKey({ publicKey, sm2Key }: Certificate): boolean {
  if (sm2Key) return true
  const { modulusLength = 0, namedCurve = '' } = publicKey.asymmetricKeyDetails ?? {}
  if (publicKey.asymmetricKeyType === 'rsa') return modulusLength >= 2048
  return publicKey.asymmetricKeyType === 'ec' && ['prime256v1', 'secp384r1', 'secp521r1'].includes(namedCurve)
}

export function hasUnknownCriticalExtension({ extensions }: Certificate): boolean {
  return [...extensions].some(([oid, { critical }]) => critical && !understood.has(oid))
}

const isInDate = ({ notBefore, notAfter }: Certificate, now: Date) => notBefore <= now && now <= notAfter
const untrusted = (reason: string) => new AppError('ca-chain-untrusted', { reason })
