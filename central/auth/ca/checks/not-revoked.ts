import { AppError } from '../../../../shared/errors/app-error.ts'
import type { Certificate } from '../certificate.ts'
import type { RevocationChecker, RevocationStatus } from '../revocation.ts'
import type { IssuerPath } from './chain.ts'

/** @returns what was found, for the audit. No usable answer is a refusal: silence is what an attacker would arrange. */
export async function checkNotRevoked(certificate: Certificate, issuers: IssuerPath, checker: RevocationChecker): Promise<RevocationStatus> {
  const status = await checker.statusOf(certificate, issuers)
  if (status === 'revoked') throw new AppError('ca-certificate-revoked')
  if (status === 'unknown') throw new AppError('ca-revocation-unknown')
  return status
}
