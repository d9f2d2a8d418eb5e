/**
 * The bytes a CA lock signs to prove a sign-in or a submission, one field a line (docs/ca-key.md, Protocol).
 * Built by the key process from its own configuration and by the central service from its own store; neither takes a
 * field from the other that it can know itself.
 */
export interface SignedStatement {
  /** https origin of the central service as configured, never as the server says. */
  readonly audience: string
  /** Challenge id. */
  readonly cid: string
  /** base64url of 32 random bytes. */
  readonly nonce: string
  readonly deviceId: string
  /** `login`, or `submit:<hex SHA-256 of the payload>`. */
  readonly purpose: string
  /** Lower-case hex SHA-256 of the certificate's DER. */
  readonly certificateSha256: string
  readonly alg: CaAlgorithm
}

/** Purpose of a sign-in. */
export const loginPurpose = 'login'

/** Purpose of a submission. @param payloadSha256 lower-case hex SHA-256 of `canonicalJson` of the operations as sent */
export function submissionPurpose(payloadSha256: string): string {
  return `submit:${payloadSha256}`
}

export const caLoginFormat = 'SHHR-CALOGIN-v1'

/** docs/ca-key.md, Protocol. */
export const caAlgorithms = ['RS256', 'ES256', 'SM2SM3'] as const
export type CaAlgorithm = (typeof caAlgorithms)[number]

const field = /^[\x21-\x7e]{1,200}$/

/** @throws RangeError when a field could be mistaken for two (empty, too long, or with a blank or line break). */
export function signedStatementText(statement: SignedStatement): string {
  const { audience, cid, nonce, deviceId, purpose, certificateSha256, alg } = statement
  const lines = [caLoginFormat, audience, cid, nonce, deviceId, purpose, certificateSha256, alg]
  for (const line of lines) if (!field.test(line)) throw new RangeError('unsafe field in signed statement')
  return lines.join('\n')
}
