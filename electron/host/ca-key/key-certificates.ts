import { createHash } from 'node:crypto'
import pkcs11 from 'pkcs11js'
import type { KeyCertificate } from '../../../shared/contract/ca-key.contract.ts'
import { certificateProblem, viewCertificate, type CertificateView } from './certificate-view.ts'
import { pinStateOf } from './pkcs11-pin.ts'
import { findObjects, type Pkcs11Tokens, type PresentToken } from './pkcs11-tokens.ts'

export interface FoundCertificate {
  readonly certificateId: string
  readonly token: PresentToken
  readonly ckaId: Buffer
  readonly der: Buffer
  readonly view: CertificateView
  readonly problem: KeyCertificate['problem']
}

/**
 * The signing certificates on a key. They are public: no PIN is needed. The encryption certificate that Chinese keys
 * carry as well is told by its key usage: CKA_SIGN of its key may say that it signs.
 */
export function certificatesOn(tokens: Pkcs11Tokens, token: PresentToken, now: Date): FoundCertificate[] {
  const { p11 } = tokens
  const { session } = tokens.open(token.slot, token.serial)
  const handles = findObjects(p11, session, [
    { type: pkcs11.CKA_CLASS, value: pkcs11.CKO_CERTIFICATE },
    { type: pkcs11.CKA_CERTIFICATE_TYPE, value: pkcs11.CKC_X_509 },
  ])
  const found = handles.flatMap((handle): FoundCertificate[] => {
    const [der, ckaId] = p11.C_GetAttributeValue(session, handle, [{ type: pkcs11.CKA_VALUE }, { type: pkcs11.CKA_ID }]).map(({ value }) => value)
    const view = der && viewCertificate(der)
    if (!der || !ckaId || ckaId.length === 0 || !view?.signs) return []
    return [{ certificateId: certificateIdOf(token.serial, ckaId), token, ckaId, der, view, problem: certificateProblem(view, now) }]
  })
  return bestOfEachKey(found)
}

/** A renewed certificate may stand beside the old one of the same key pair: the usable one counts, else the latest. */
function bestOfEachKey(found: readonly FoundCertificate[]): FoundCertificate[] {
  const rank = ({ problem, view }: FoundCertificate) => (problem ? 0 : 1e15) + view.notAfter.getTime()
  const best = new Map<string, FoundCertificate>()
  for (const each of found) {
    const other = best.get(each.certificateId)
    if (!other || rank(each) > rank(other)) best.set(each.certificateId, each)
  }
  return [...best.values()]
}

/** Vendors put a byte, a GUID or a container's whole name into CKA_ID; a long one is named by its hash. */
function certificateIdOf(serial: string, ckaId: Buffer): string {
  return `${serial}/${ckaId.length <= 32 ? ckaId.toString('hex') : createHash('sha256').update(ckaId).digest('hex')}`
}

export function shownCertificate({ certificateId, token, view, problem }: FoundCertificate): KeyCertificate {
  return {
    certificateId,
    tokenLabel: token.info.label.trim(),
    tokenSerial: token.serial,
    company: view.company,
    issuer: view.issuer,
    notBefore: view.notBefore.toISOString(),
    notAfter: view.notAfter.toISOString(),
    problem,
    pin: pinStateOf(token.info),
  }
}
