import { verify, type KeyObject } from 'node:crypto'
import type { CaAlgorithm } from '../../../shared/domain/ca-login-bytes.ts'

/** How signatures of one algorithm are checked. */
export interface SignatureVerifier {
  /** Whether this algorithm is the one for this key: an RSA key never verifies an ES256 signature. */
  fits(key: KeyObject): boolean
  verify(key: KeyObject, bytes: Uint8Array, signature: Uint8Array): boolean
}

export type SignatureVerifiers = ReadonlyMap<string, SignatureVerifier>

const rs256: SignatureVerifier = {
  fits: (key) => key.asymmetricKeyType === 'rsa',
  verify: (key, bytes, signature) => verify('sha256', bytes, key, signature),
}

const es256: SignatureVerifier = {
  fits: (key) => key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1',
  // Raw r‖s as RFC 7518, 3.4: two octet strings of 32. Only then is there one form of each signature.
  verify: (key, bytes, signature) => signature.length === 64 && verify('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' }, signature),
}

/**
 * The fixed list. SM2SM3 is missing: Node signs and verifies SM2 with an empty user id only, while GM/T 0009 wants
 * `1234567812345678`. Its verifier takes its place here, and beside `certificateSignatures` for certificates.
 */
export const signatureVerifiers: SignatureVerifiers = new Map<CaAlgorithm, SignatureVerifier>([['RS256', rs256], ['ES256', es256]])

/** Algorithms a CA may have signed a certificate with. MD5 and SHA-1 signatures can be forged, so they are not here. */
export const certificateSignatures: ReadonlySet<string> = new Set([
  '1.2.840.113549.1.1.11', // sha256WithRSAEncryption
  '1.2.840.113549.1.1.12', // sha384WithRSAEncryption
  '1.2.840.113549.1.1.13', // sha512WithRSAEncryption
  '1.2.840.10045.4.3.2', // ecdsa-with-SHA256
  '1.2.840.10045.4.3.3', // ecdsa-with-SHA384
  '1.2.840.10045.4.3.4', // ecdsa-with-SHA512
])
