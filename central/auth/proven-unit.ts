import { AppError } from '../../shared/errors/app-error.ts'
import { appendAudit } from '../audit/audit.repository.ts'
import type { Account } from './accounts.repository.ts'
import type { AuthContext } from './auth-context.ts'
import { attributeText } from './ca/distinguished-name.ts'
import { signatureVerifiers } from './ca/signature-verifiers.ts'
import { verifyCaSignature, type CaAnswer, type ProvenKey } from './ca/verify-ca-signature.ts'
import { boundAccounts, findBinding, noteCertificate, type CertificateBinding } from './certificate-bindings.repository.ts'
import { takeChallenge } from './challenges.repository.ts'
import { endingRevoked } from './revoked-sessions.ts'

/** A unit whose key has signed. */
export interface ProvenUnit {
  readonly key: ProvenKey
  readonly binding: CertificateBinding
  /** At least one, none disabled. */
  readonly accounts: readonly Account[]
}

/** The key is genuine, and it is bound. Never is anything created for a certificate that is not. */
export async function proveUnit(context: AuthContext, answer: CaAnswer, purpose: string): Promise<ProvenUnit> {
  const key = await verifyCaSignature(answer, {
    ...context.auth,
    purpose,
    revocation: endingRevoked(context),
    verifiers: signatureVerifiers,
    take: (cid) => takeChallenge(context.db, cid),
    now: () => context.clock.now(),
  })
  const { companyCode, certificate } = key
  const binding = companyCode === null ? undefined : await findBinding(context.db, { issuer: certificate.issuerText, companyCode })
  const bound = binding ? await boundAccounts(context.db, binding) : []
  if (!binding || bound.length === 0) throw new AppError('ca-not-bound')
  const accounts = bound.filter(({ disabled_at }) => disabled_at === null)
  if (accounts.length === 0) throw new AppError('account-disabled')
  return { key, binding, accounts }
}

/** Object identifiers (X.520) of what the workstation shows as 公司: O, else CN. */
const [organizationName, commonName] = ['2.5.4.10', '2.5.4.3'] as const

/** A renewed certificate, or another lock of the unit, serves without the operator, but not without a trace. */
export async function noteFurtherCertificate({ db, clock, personal }: AuthContext, { key: { certificate }, binding }: ProvenUnit, deviceId: string): Promise<void> {
  const now = clock.now()
  const holder = attributeText(certificate.subjectAttributes, organizationName, commonName)
  const seen = await noteCertificate(db, binding.id, { ...certificate, holder }, now)
  if (seen === 'known') return
  const details = { bindingId: binding.id, fingerprint: certificate.fingerprint, notAfter: certificate.notAfter.toISOString() }
  const kind = seen === 'first' ? 'certificate-first-seen' : 'certificate-further-seen'
  await appendAudit(personal, db, { kind, organizationId: binding.organization_id, accountId: null, deviceId, details }, now)
}
