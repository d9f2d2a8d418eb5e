import { createHash } from 'node:crypto'
import type { Certificate } from '../certificate.ts'
import { derTag } from '../der.ts'
import { writeDer, writeOid } from './der-writer.ts'

export const ocspOids = { sha1: '1.3.14.3.2.26', basicResponse: '1.3.6.1.5.5.7.48.1.1', nonce: '1.3.6.1.5.5.7.48.1.2' } as const

/** By what OCSP names a certificate. SHA-1 is the form every responder knows, and nothing is proven by it. */
export interface CertificateId {
  readonly issuerNameHash: Buffer
  readonly issuerKeyHash: Buffer
  readonly serialNumber: Buffer
}

export function idOf(certificate: Certificate, issuer: Certificate): CertificateId {
  return { issuerNameHash: sha1(issuer.subject), issuerKeyHash: sha1(issuer.keyBits), serialNumber: certificate.serialNumber }
}

/** RFC 6960, 4.1.1, with the nonce of RFC 8954. */
export function writeOcspRequest({ issuerNameHash, issuerKeyHash, serialNumber }: CertificateId, nonce: Uint8Array): Buffer<ArrayBuffer> {
  const { sequence, octetString, integer, null: nothing } = derTag
  const algorithm = writeDer(sequence, writeOid(ocspOids.sha1), writeDer(nothing))
  const id = writeDer(sequence, algorithm, writeDer(octetString, issuerNameHash), writeDer(octetString, issuerKeyHash), writeDer(integer, serialNumber))
  const extension = writeDer(sequence, writeOid(ocspOids.nonce), writeDer(octetString, writeDer(octetString, nonce)))
  const request = writeDer(sequence, writeDer(sequence, id))
  return Buffer.from(writeDer(sequence, writeDer(sequence, request, writeDer(0xa2, writeDer(sequence, extension)))))
}

/** How OCSP hashes names and keys. */
export const sha1 = (bytes: Uint8Array): Buffer => createHash('sha1').update(bytes).digest()
