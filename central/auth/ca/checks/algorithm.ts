import type { CaAlgorithm } from '../../../../shared/domain/ca-login-bytes.ts'
import { AppError } from '../../../../shared/errors/app-error.ts'
import type { SignatureVerifier, SignatureVerifiers } from '../signature-verifiers.ts'

/** Only what is on the list; in particular no `none` and no SHA-1. */
export function checkAlgorithm(alg: string, verifiers: SignatureVerifiers): { alg: CaAlgorithm; verifier: SignatureVerifier } {
  const verifier = verifiers.get(alg)
  if (!verifier) throw new AppError('ca-algorithm-unsupported')
  return { alg: alg as CaAlgorithm, verifier }
}
