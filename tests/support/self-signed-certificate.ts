import 'reflect-metadata'
import type { KeyObject } from 'node:crypto'
import * as x509 from '@peculiar/x509'

/** DER of a certificate that names a company and proves nothing: for tests that need a certificate, not trust. */
export async function selfSignedCertificate(company: string, publicKey: KeyObject, privateKey: KeyObject): Promise<Buffer> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const keys = {
    publicKey: await crypto.subtle.importKey('spki', publicKey.export({ type: 'spki', format: 'der' }), algorithm, true, ['verify']),
    privateKey: await crypto.subtle.importKey('pkcs8', privateKey.export({ type: 'pkcs8', format: 'der' }), algorithm, true, ['sign']),
  }
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(
    { name: [{ O: [company] }, { CN: [company] }], keys, signingAlgorithm: algorithm, notBefore: new Date('2026-01-01'), notAfter: new Date('2030-01-01') },
    crypto,
  )
  return Buffer.from(certificate.rawData)
}
