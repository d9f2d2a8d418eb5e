import { AppError } from '../../../../shared/errors/app-error.ts'
import type { Certificate } from '../certificate.ts'
import type { SignatureVerifier } from '../signature-verifiers.ts'

/** The key decides the algorithm; what the caller says only has to agree. */
export function checkAlgorithmFits(certificate: Certificate, verifier: SignatureVerifier): void {
  if (!verifier.fits(certificate)) throw new AppError('ca-algorithm-mismatch')
}
