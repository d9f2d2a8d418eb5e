import 'reflect-metadata'
import { X509Certificate, KeyUsagesExtension, KeyUsageFlags } from '@peculiar/x509'
import type { KeyCertificate } from '../../../shared/contract/ca-key.contract.ts'
import type { ErrorCode } from '../../../shared/errors/codes.ts'

export interface CertificateView {
  readonly company: string
  readonly issuer: string
  readonly notBefore: Date
  readonly notAfter: Date
  /** False for the encryption certificate that Chinese keys carry beside the signing one. */
  readonly signs: boolean
  /** Of the public key: `RSASSA-PKCS1-v1_5`, `ECDSA` with its curve, or another name. */
  readonly algorithm: { readonly name: string; readonly curve: string | null }
}

/** Far more certificates than anybody has locks; a bound all the same, as a key may hold anything. */
const keptViews = 50
const views = new Map<string, CertificateView | undefined>()

/**
 * Reads what the sign-in page shows of a certificate; undefined where it is none. Nothing here is trusted. Read once a
 * certificate: it takes as long as a signature, and every signature looks its certificate up.
 */
export function viewCertificate(der: Uint8Array): CertificateView | undefined {
  const bytes = Buffer.from(der.buffer, der.byteOffset, der.byteLength).toString('latin1')
  if (views.has(bytes)) return views.get(bytes)
  if (views.size >= keptViews) views.clear()
  const view = readView(der)
  views.set(bytes, view)
  return view
}

function readView(der: Uint8Array): CertificateView | undefined {
  try {
    const certificate = new X509Certificate(new Uint8Array(der))
    const usage = certificate.getExtension(KeyUsagesExtension)
    const { name, namedCurve } = certificate.publicKey.algorithm as { name: string; namedCurve?: string }
    return {
      company: field(certificate, 'subject', 'O') ?? field(certificate, 'subject', 'CN') ?? certificate.subject,
      issuer: field(certificate, 'issuer', 'CN') ?? field(certificate, 'issuer', 'O') ?? certificate.issuer,
      notBefore: certificate.notBefore,
      notAfter: certificate.notAfter,
      signs: usage === null || (usage.usages & KeyUsageFlags.digitalSignature) !== 0,
      algorithm: { name, curve: namedCurve ?? null },
    }
  } catch (error) {
    // A key may hold anything in a certificate object; what cannot be read is not offered.
    if (error instanceof Error) return undefined
    throw error
  }
}

export function certificateProblem(view: CertificateView, now: Date): KeyCertificate['problem'] {
  const say = (code: ErrorCode, details: Record<string, unknown> = {}) => ({ code, details })
  if (now < view.notBefore) return say('key-certificate-not-yet-valid', { notBefore: day(view.notBefore) })
  if (now > view.notAfter) return say('key-certificate-expired', { notAfter: day(view.notAfter) })
  const { name, curve } = view.algorithm
  if (name.startsWith('RSA') || (name === 'ECDSA' && curve === 'P-256')) return null
  return say('key-mechanism-missing')
}

function field(certificate: X509Certificate, whose: 'subject' | 'issuer', name: string): string | undefined {
  const source = whose === 'subject' ? certificate.subjectName : certificate.issuerName
  return source.getField(name)[0]
}

const day = (date: Date) => new Date(date.getTime() + 8 * 3_600_000).toISOString().slice(0, 10)
