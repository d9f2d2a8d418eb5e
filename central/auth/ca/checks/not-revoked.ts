import { AppError } from '../../../../shared/errors/app-error.ts'
import type { Certificate } from '../certificate.ts'
import type { RevocationChecker, RevocationStatus } from '../revocation/revocation-checker.ts'
import type { IssuerPath } from './chain.ts'

/**
 * @param purpose what the certificate's key signs: only a sign-in may ever stand on an older answer
 * @returns what was found, for the audit. No usable answer is a refusal: silence is what an attacker would arrange.
 */
export async function checkNotRevoked(certificate: Certificate, issuers: IssuerPath, checker: RevocationChecker, purpose: string): Promise<RevocationStatus> {
  const status = await checker.statusOf(certificate, issuers, purpose)
  if (status === 'revoked') throw new AppError('ca-certificate-revoked')
  if (status === 'unknown') throw new AppError('ca-revocation-unknown')
  return status
}
