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
const certificateAlgorithms: Readonly<Record<string, { key: 'rsa' | 'ec'; hash: string }>> = {
  '1.2.840.113549.1.1.11': { key: 'rsa', hash: 'sha256' },
  '1.2.840.113549.1.1.12': { key: 'rsa', hash: 'sha384' },
  '1.2.840.113549.1.1.13': { key: 'rsa', hash: 'sha512' },
  '1.2.840.10045.4.3.2': { key: 'ec', hash: 'sha256' },
  '1.2.840.10045.4.3.3': { key: 'ec', hash: 'sha384' },
  '1.2.840.10045.4.3.4': { key: 'ec', hash: 'sha512' },
}
export const certificateSignatures: ReadonlySet<string> = new Set([...Object.keys(certificateAlgorithms), sm2Oids.sm2WithSm3])

/**
 * Whether the key of `signer` has signed these bytes with an algorithm of the list, which fits its kind.
 * @param algorithm object identifier
 * @param signature as certificates carry it: DER for ECDSA and SM2
 */
export function isSignatureBy(signer: Certificate, algorithm: string, bytes: Uint8Array, signature: Uint8Array): boolean {
  if (algorithm === sm2Oids.sm2WithSm3) return isSm2Signature(signer, bytes, signature)
  const known = certificateAlgorithms[algorithm]
  if (!known || signer.sm2Key || signer.publicKey.asymmetricKeyType !== known.key) return false
  return verify(known.hash, bytes, signer.publicKey, signature)
}

/** Whether the key of `issuer` has signed this certificate; says nothing of whether it may. */
export function isSignatureOf(issuer: Certificate, certificate: Certificate): boolean {
  if (certificate.signatureAlgorithm !== sm2Oids.sm2WithSm3) return issuer.sm2Key === null && certificate.x509.verify(issuer.publicKey)
  return isSm2Signature(issuer, certificate.toBeSigned, certificate.signature)
}

function isSm2Signature({ sm2Key }: Certificate, bytes: Uint8Array, signature: Uint8Array): boolean {
  if (!sm2Key) return false
  try {
    return verifySm2(sm2Key, bytes, rawSm2Signature(signature))
  } catch (error) {
    if (error instanceof DerError) return false
    throw error
  }
}
