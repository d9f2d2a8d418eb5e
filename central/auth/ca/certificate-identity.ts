import { X509Certificate } from 'node:crypto'
import { readCertificate } from './certificate.ts'
import { companyCodeOf } from './checks/company-code.ts'

/**
 * What an operator binds when he is handed a unit's certificate. It is read, not verified: a binding of a forged one
 * never opens anything, because signing in verifies.
 * @param file PEM or DER
 * @returns `companyCode` null where the certificate names no unit and so cannot be bound
 * @throws AppError `ca-certificate-malformed`, `ca-company-code-conflict`
 */
export function identityOfCertificate(file: Buffer): { issuer: string; companyCode: string | null; notAfter: Date } {
  const isPem = file.subarray(0, 27).toString('latin1') === '-----BEGIN CERTIFICATE-----'
  const certificate = readCertificate(isPem ? new X509Certificate(file).raw : file)
  return { issuer: certificate.issuerText, companyCode: companyCodeOf(certificate), notAfter: certificate.notAfter }
}
