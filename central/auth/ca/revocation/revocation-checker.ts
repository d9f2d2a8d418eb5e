import type { Certificate } from '../certificate.ts'

/**
 * What is known of a certificate's revocation. `unknown`: the CA was asked and gave no usable answer. `good-cached`: it
 * gives none now, and gave a good one not long ago. `not-checked`: the operator has named no place to ask.
 */
export type RevocationStatus = 'good' | 'good-cached' | 'not-checked' | 'unknown' | 'revoked'

/** Asks whether a certificate has been revoked. */
export interface RevocationChecker {
  /**
   * @param issuers from the certificate's own issuer up to the root, verified
   * @param purpose what its key signs: `login`, or `submit:` and a hash
   */
  statusOf(certificate: Certificate, issuers: readonly Certificate[], purpose: string): Promise<RevocationStatus>
}

/** Asks nobody, where the operator has named no place to ask: a revoked certificate signs in until its binding is removed. */
export const revocationNotChecked: RevocationChecker = {
  statusOf: async () => 'not-checked',
}
