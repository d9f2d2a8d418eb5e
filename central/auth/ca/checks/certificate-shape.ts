import { AppError } from '../../../../shared/errors/app-error.ts'
import { fromBase64url } from '../../hashes.ts'
import { readCertificate, type Certificate } from '../certificate.ts'

/** Bytes. Certificates on CA locks are 1 to 2 KB. */
const maxCertificateBytes = 8192

/** The one strict reading of what was sent; nothing in it is trusted yet. */
export function readUnverifiedCertificate(base64url: string): Certificate {
  const der = fromBase64url(base64url)
  if (!der || der.length > maxCertificateBytes) throw new AppError('ca-certificate-malformed')
  return readCertificate(der)
}
