import type { CaAlgorithm } from '../../../shared/domain/ca-login-bytes.ts'
import type { Certificate } from './certificate.ts'
import { checkAlgorithmFits } from './checks/algorithm-fits.ts'
import { checkAlgorithm } from './checks/algorithm.ts'
import { checkCertificateDates } from './checks/certificate-dates.ts'
import { readUnverifiedCertificate } from './checks/certificate-shape.ts'
import { checkChain, findIssuers } from './checks/chain.ts'
import { checkChallengeFresh } from './checks/challenge-fresh.ts'
import { takeKnownChallenge, type TakeChallenge } from './checks/challenge-known.ts'
import { checkChallengePlace } from './checks/challenge-place.ts'
import { companyCodeOf } from './checks/company-code.ts'
import { checkFormat } from './checks/format.ts'
import { checkKeyUsage } from './checks/key-usage.ts'
import { checkNotRevoked } from './checks/not-revoked.ts'
import { checkSignature } from './checks/signature.ts'
import type { RevocationChecker, RevocationStatus } from './revocation.ts'
import type { SignatureVerifiers } from './signature-verifiers.ts'
import type { TrustStore } from './trust-store.ts'

/** What a workstation sends, its shape already checked against the contract, nothing in it believed. */
export interface CaSignInAnswer {
  readonly fmt: string
  readonly cid: string
  readonly alg: string
  /** base64url of the DER. */
  readonly unverifiedCertificate: string
  readonly signature: string
  readonly deviceId: string
  /** The cookie that went out with the challenge, if it came back. */
  readonly connectionCookie: string | undefined
}

export interface CaSignInRules {
  /** https origin of this service as its operator configured it. */
  readonly audience: string
  readonly trust: TrustStore
  readonly revocation: RevocationChecker
  readonly verifiers: SignatureVerifiers
  readonly take: TakeChallenge
  readonly now: () => Date
}

/** Whose key has signed. The certificate is verified. */
export interface ProvenKey {
  readonly certificate: Certificate
  readonly alg: CaAlgorithm
  /** Null where the certificate names no unit. */
  readonly companyCode: string | null
  readonly revocation: RevocationStatus
}

/**
 * The checks of a sign-in with a CA lock, in the order of docs/ca-key.md: each is a file, each failure one code, and the
 * first one ends it.
 */
export async function verifyCaSignIn(answer: CaSignInAnswer, rules: CaSignInRules): Promise<ProvenKey> {
  checkFormat(answer.fmt)
  const { alg, verifier } = checkAlgorithm(answer.alg, rules.verifiers)

  const challenge = await takeKnownChallenge(answer.cid, rules.take)
  const now = rules.now()
  checkChallengeFresh(challenge, now)
  checkChallengePlace(challenge, answer.deviceId, answer.connectionCookie)

  const certificate = readUnverifiedCertificate(answer.unverifiedCertificate)
  checkCertificateDates(certificate, now)
  const issuers = findIssuers(certificate, rules.trust, now)
  for (const issuer of issuers) checkCertificateDates(issuer, now)
  checkChain(certificate, issuers)
  checkKeyUsage(certificate)
  const revocation = await checkNotRevoked(certificate, issuers, rules.revocation)

  checkAlgorithmFits(certificate, verifier)
  const { cid, nonce, deviceId } = challenge
  const statement = { audience: rules.audience, cid, nonce, deviceId, purpose: 'login', certificateSha256: certificate.fingerprint, alg }
  checkSignature(certificate, statement, answer.signature, verifier)

  return { certificate, alg, companyCode: companyCodeOf(certificate), revocation }
}
