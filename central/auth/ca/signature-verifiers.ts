import { verify } from 'node:crypto'
import type { CaAlgorithm } from '../../../shared/domain/ca-login-bytes.ts'
import type { Certificate } from './certificate.ts'
import { DerError } from './der.ts'
import { rawSm2Signature, sm2Oids, verifySm2 } from './sm2.ts'

/** How signatures of one algorithm are checked. */
export interface SignatureVerifier {
  /** Whether this algorithm is the one for this key: an RSA key never verifies an ES256 signature. */
  fits(certificate: Certificate): boolean
  verify(certificate: Certificate, bytes: Uint8Array, signature: Uint8Array): boolean
}

export type SignatureVerifiers = ReadonlyMap<string, SignatureVerifier>

const rs256: SignatureVerifier = {
  fits: ({ publicKey }) => publicKey.asymmetricKeyType === 'rsa',
  verify: ({ publicKey: key }, bytes, signature) => verify('sha256', bytes, key, signature),
}

const es256: SignatureVerifier = {
  fits: ({ publicKey: key }) => key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1',
  // Raw r‖s as RFC 7518, 3.4: two octet strings of 32. Only then is there one form of each signature.
  verify: ({ publicKey: key }, bytes, signature) => signature.length === 64 && verify('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' }, signature),
}

/** Raw r‖s, as ES256. Not by Node: it signs and verifies SM2 with an empty user id only, and GM/T 0009 wants `1234567812345678`. */
const sm2sm3: SignatureVerifier = {
  fits: ({ sm2Key }) => sm2Key !== null,
  verify: ({ sm2Key }, bytes, signature) => sm2Key !== null && verifySm2(sm2Key, bytes, signature),
}

/** The fixed list. */
export const signatureVerifiers: SignatureVerifiers = new Map<CaAlgorithm, SignatureVerifier>([['RS256', rs256], ['ES256', es256], ['SM2SM3', sm2sm3]])

/** Algorithms a CA may have signed a certificate with. MD5 and SHA-1 signatures can be forged, so they are not here. */
export const certificateSignatures: ReadonlySet<string> = new Set([
  '1.2.840.113549.1.1.11', // sha256WithRSAEncryption
  '1.2.840.113549.1.1.12', // sha384WithRSAEncryption
  '1.2.840.113549.1.1.13', // sha512WithRSAEncryption
  '1.2.840.10045.4.3.2', // ecdsa-with-SHA256
  '1.2.840.10045.4.3.3', // ecdsa-with-SHA384
  '1.2.840.10045.4.3.4', // ecdsa-with-SHA512
  sm2Oids.sm2WithSm3,
])

/** Whether the key of `issuer` has signed this certificate; says nothing of whether it may. */
export function isSignatureOf(issuer: Certificate, certificate: Certificate): boolean {
  if (certificate.signatureAlgorithm !== sm2Oids.sm2WithSm3) return issuer.sm2Key === null && certificate.x509.verify(issuer.publicKey)
  if (!issuer.sm2Key) return false
  try {
    return verifySm2(issuer.sm2Key, certificate.toBeSigned, rawSm2Signature(certificate.signature))
  } catch (error) {
    if (error instanceof DerError) return false
    throw error
  }
}
