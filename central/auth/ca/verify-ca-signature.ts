import type { CaAlgorithm, SignedStatement } from '../../../shared/domain/ca-login-bytes.ts'
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
import type { RevocationChecker, RevocationStatus } from './revocation/revocation-checker.ts'
import type { SignatureVerifiers } from './signature-verifiers.ts'
import type { TrustStore } from './trust-store.ts'

/** What a workstation sends, its shape already checked against the contract, nothing in it believed. */
export interface CaAnswer {
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

export interface CaSignatureRules {
  /** https origin of this service as its operator configured it. */
  readonly audience: string
  /** `login`, or what is submitted: each route knows its own, and a signature for one serves no other. */
  readonly purpose: string
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
  /** What was signed. */
  readonly statement: SignedStatement
  /** Null where the certificate names no unit. */
  readonly companyCode: string | null
  readonly revocation: RevocationStatus
}

/**
 * The checks of a signature by a CA lock, in the order of docs/ca-key.md: each is a file, each failure one code, and the
 * first one ends it.
 */
export async function verifyCaSignature(answer: CaAnswer, rules: CaSignatureRules): Promise<ProvenKey> {
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
  const revocation = await checkNotRevoked(certificate, issuers, rules.revocation, rules.purpose)

  checkAlgorithmFits(certificate, verifier)
  const { cid, nonce, deviceId } = challenge
  const statement: SignedStatement = { audience: rules.audience, cid, nonce, deviceId, purpose: rules.purpose, certificateSha256: certificate.sha256, alg }
  checkSignature(certificate, statement, answer.signature, verifier)

  return { certificate, alg, statement, companyCode: companyCodeOf(certificate), revocation }
}
