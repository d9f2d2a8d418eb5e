import type { Certificate } from './certificate.ts'

/** What is known of a certificate's revocation. `unknown`: the CA was asked and gave no usable answer. */
export type RevocationStatus = 'good' | 'revoked' | 'unknown' | 'not-checked'

/**
 * Asks whether a certificate has been revoked, at an address from the operator's configuration: never at one taken from
 * the certificate, or a stranger would make the service call any host (SSRF).
 */
export interface RevocationChecker {
  /** @param issuers from the certificate's own issuer up to the root, verified */
  statusOf(certificate: Certificate, issuers: readonly Certificate[]): Promise<RevocationStatus>
}

/**
 * Asks nobody: a revoked certificate signs in until it expires or its binding is removed. The service says so in its
 * log at start and `not-checked` in the audit event of each sign-in. OCSP and CRL take its place behind this interface.
 */
export const revocationNotChecked: RevocationChecker = {
  statusOf: async () => 'not-checked',
}
