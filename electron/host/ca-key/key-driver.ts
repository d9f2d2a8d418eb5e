import type { KeyCertificate, PinState } from '../../../shared/contract/ca-key.contract.ts'
import type { CaAlgorithm, SignedStatement } from '../../../shared/domain/ca-login-bytes.ts'

/**
 * A way to reach CA locks. pkcs11js is the first; SKF and a 32-bit helper can follow behind the same interface.
 * Every failure is an AppError of the `key-*` family. No call is ever repeated by the driver itself.
 */
export interface KeyDriver {
  /** Loads a driver file, once in the life of the process. @throws key-driver-missing, key-driver-not-pkcs11, key-driver-wrong-bits */
  load(path: string): Promise<void>
  /** Certificates that could sign in, on every key present, usable or not (`problem` says why not). */
  listCertificates(): Promise<KeyCertificate[]>
  /** Serials of the keys that are present now. Cheap: asked for every second. */
  presentSerials(): Promise<string[]>
  pinState(certificateId: string): Promise<PinState>
  /** DER of a certificate, base64url. */
  readCertificate(certificateId: string): Promise<string>
  /**
   * Opens the key with its PIN and keeps it open until `logout` or removal. The length is checked before the key sees
   * the PIN; with one try left `confirmFinalTry` must be true. @returns the PIN flags after the try
   */
  login(certificateId: string, pin: string, confirmFinalTry: boolean): Promise<PinState>
  /** Signs a statement that the driver builds itself; it accepts no ready digest. The key must be open. */
  sign(certificateId: string, statement: Omit<SignedStatement, 'certificateSha256' | 'alg'>): Promise<KeySignature>
  logout(certificateId: string): Promise<void>
}

export interface KeySignature {
  alg: CaAlgorithm
  /** base64url; RS256: PKCS#1 v1.5; ES256: raw r‖s. */
  signature: string
  /** base64url of the certificate's DER. */
  certificate: string
}
