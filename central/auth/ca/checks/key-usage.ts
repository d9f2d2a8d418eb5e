import { AppError } from '../../../../shared/errors/app-error.ts'
import type { Certificate } from '../certificate.ts'
import { extendedUsages, isAuthority, usages } from '../extensions.ts'

const clientAuth = '1.3.6.1.5.5.7.3.2'

/** Only the signing certificate of a lock's pair, never the encrypting one, whose key the authorities keep a copy of. */
export function checkKeyUsage(certificate: Certificate): void {
  const extended = extendedUsages(certificate)
  const mayAuthenticate = extended === undefined || extended.includes(clientAuth)
  if (isAuthority(certificate) || !usages(certificate)?.digitalSignature || !mayAuthenticate) throw new AppError('ca-key-usage-wrong')
}
