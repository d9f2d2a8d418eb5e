import { X509Certificate } from 'node:crypto'
import { readCertificate, type Certificate } from './certificate.ts'

/** The CAs whose word counts: intermediates and their roots, chosen by the operator. Nothing a caller sends joins them. */
export interface TrustStore {
  readonly authorities: readonly Certificate[]
}

const pemCertificate = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/g

/** From a bundle of PEM certificates. @throws Error where it holds none, and AppError where one cannot be read */
export function createTrustStore(bundlePem: string): TrustStore {
  const authorities = (bundlePem.match(pemCertificate) ?? []).map((pem) => readCertificate(new X509Certificate(pem).raw))
  if (authorities.length === 0) throw new Error('the bundle of trusted CAs holds no certificate')
  return { authorities }
}
