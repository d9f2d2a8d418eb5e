import { createHash } from 'node:crypto'
import pkcs11 from 'pkcs11js'
import { signedStatementText, type CaAlgorithm, type SignedStatement } from '../../../shared/domain/ca-login-bytes.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import { ckr, ckrOf } from './ckr.ts'
import type { CertificateView } from './certificate-view.ts'

/** DER prefix of a DigestInfo for SHA-256, for keys that sign only what is already wrapped. */
const sha256DigestInfo = Buffer.from('3031300d060960864801650304020105000420', 'hex')

export function algorithmFor(view: CertificateView): CaAlgorithm {
  if (view.algorithm.name.startsWith('RSA')) return 'RS256'
  if (view.algorithm.name === 'ECDSA' && view.algorithm.curve === 'P-256') return 'ES256'
  throw new AppError('key-mechanism-missing')
}

type Sign = (mechanism: pkcs11.Mechanism, data: Buffer) => Buffer

/**
 * Signs a statement with whatever mechanism the key has for its algorithm.
 * @param sign one C_SignInit and C_Sign on the open session
 */
export function signStatement(statement: SignedStatement, sign: Sign): Buffer {
  const text = Buffer.from(signedStatementText(statement), 'ascii')
  const digest = createHash('sha256').update(text).digest()
  if (statement.alg === 'ES256') return rawP256(sign({ mechanism: pkcs11.CKM_ECDSA }, digest))
  try {
    return sign({ mechanism: pkcs11.CKM_SHA256_RSA_PKCS }, text)
  } catch (error) {
    if (ckrOf(error) !== ckr.MECHANISM_INVALID) throw error
    return sign({ mechanism: pkcs11.CKM_RSA_PKCS }, Buffer.concat([sha256DigestInfo, digest]))
  }
}

/** PKCS#11 says raw r‖s; a driver that answers otherwise is not understood rather than guessed at. */
function rawP256(signature: Buffer): Buffer {
  if (signature.length !== 64) throw new AppError('key-mechanism-missing')
  return signature
}
