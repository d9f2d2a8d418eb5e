import { AppError } from '../../../../shared/errors/app-error.ts'
import type { Certificate } from '../certificate.ts'

/** Used for the clerk's certificate and for each of its issuers. RFC 5280, 4.1.2.5: both ends belong to the period. */
export function checkCertificateDates({ notBefore, notAfter }: Certificate, now: Date): void {
  if (now < notBefore) throw new AppError('ca-certificate-not-yet-valid', { notBefore: notBefore.toISOString() })
  if (now > notAfter) throw new AppError('ca-certificate-expired', { notAfter: notAfter.toISOString() })
}
