import { AppError } from '../../../../shared/errors/app-error.ts'
import { signedStatementText, type SignedStatement } from '../../../../shared/domain/ca-login-bytes.ts'
import { fromBase64url } from '../../hashes.ts'
import type { Certificate } from '../certificate.ts'
import type { SignatureVerifier } from '../signature-verifiers.ts'

/** The certificate's key has signed exactly these fields, none of which came with the answer. */
export function checkSignature(certificate: Certificate, statement: SignedStatement, signatureBase64url: string, verifier: SignatureVerifier): void {
  const signature = fromBase64url(signatureBase64url)
  const bytes = Buffer.from(signedStatementText(statement), 'ascii')
  if (!signature || !verifier.verify(certificate, bytes, signature)) throw new AppError('ca-signature-invalid')
}
