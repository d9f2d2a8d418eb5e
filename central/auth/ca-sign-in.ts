import { randomBytes } from 'node:crypto'
import type * as v from 'valibot'
import type { accountChoiceResource, challengeResource } from '../../shared/api/resources.ts'
import { AppError } from '../../shared/errors/app-error.ts'
import { appendAudit } from '../audit/audit.repository.ts'
import type { Account } from './accounts.repository.ts'
import { insertTicket, provenAccounts, ticketSeconds } from './account-tickets.repository.ts'
import type { AuthContext } from './auth-context.ts'
import { challengeSeconds } from './ca/checks/challenge-fresh.ts'
import { signatureVerifiers } from './ca/signature-verifiers.ts'
import { verifyCaSignIn, type CaSignInAnswer, type ProvenKey } from './ca/verify-ca-sign-in.ts'
import { boundAccounts, findBinding, noteCertificate, type CertificateBinding } from './certificate-bindings.repository.ts'
import { insertChallenge, takeChallenge } from './challenges.repository.ts'
import { randomToken, sha256Hex } from './hashes.ts'
import { ownOrganization } from './own-organization.ts'
import { openSession, type SessionResource } from './session.ts'
import { auditRefusal } from './sign-in-refusal.ts'

type ChallengeResource = v.InferOutput<typeof challengeResource>
type AccountChoice = v.InferOutput<typeof accountChoiceResource>

/** A nonce for one workstation, and the cookie that must come back with the answer. */
export async function createChallenge(context: AuthContext, deviceId: string): Promise<{ challenge: ChallengeResource; connectionCookie: string }> {
  const now = context.clock.now()
  const [cid, nonce, connectionCookie] = [randomBytes(16).toString('base64url'), randomToken(), randomToken()]
  const expiresAt = new Date(now.getTime() + challengeSeconds * 1000)
  await insertChallenge(context.db, { cid, nonce, deviceId, connectionHash: sha256Hex(connectionCookie), expiresAt }, now)
  return { challenge: { cid, nonce, expiresInSeconds: challengeSeconds }, connectionCookie }
}

/** One account bound: its session. Several, or a password wanted besides: the choice among them. */
export async function signInWithCaKey(context: AuthContext, answer: CaSignInAnswer): Promise<SessionResource | AccountChoice> {
  const { key, binding, accounts } = await auditRefusal(context, { way: 'ca-key', deviceId: answer.deviceId }, () => proveKey(context, answer))
  await noteFurtherCertificate(context, key, binding, answer.deviceId)
  const [account, ...others] = accounts
  if (!account) throw new AppError('ca-not-bound')
  if (others.length > 0 || context.auth.caNeedsPassword) return offerChoice(context, key, binding, accounts, answer.deviceId)
  const opening = { account, deviceId: answer.deviceId, way: 'ca-key' as const, certificate: key.certificate }
  return openSession(context, opening, { alg: key.alg, revocation: key.revocation, fingerprint: key.certificate.fingerprint })
}

interface ProvenUnit {
  key: ProvenKey
  binding: CertificateBinding
  /** At least one, none disabled. */
  accounts: Account[]
}

/** The key is genuine, and it is bound. Never is anything created for a certificate that is not. */
async function proveKey(context: AuthContext, answer: CaSignInAnswer): Promise<ProvenUnit> {
  const key = await verifyCaSignIn(answer, {
    ...context.auth,
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

/** A renewed certificate, or another lock of the unit, signs in without the operator, but not without a trace. */
async function noteFurtherCertificate({ db, clock }: AuthContext, { certificate }: ProvenKey, binding: CertificateBinding, deviceId: string): Promise<void> {
  const now = clock.now()
  const seen = await noteCertificate(db, binding.id, certificate, now)
  if (seen === 'known') return
  const details = { bindingId: binding.id, fingerprint: certificate.fingerprint, notAfter: certificate.notAfter.toISOString() }
  const kind = seen === 'first' ? 'certificate-first-seen' : 'certificate-further-seen'
  await appendAudit(db, { kind, organizationId: binding.organization_id, accountId: null, deviceId, details }, now)
}

async function offerChoice(context: AuthContext, { certificate }: ProvenKey, binding: CertificateBinding, accounts: Account[], deviceId: string): Promise<AccountChoice> {
  const { db, clock, auth } = context
  const { fingerprint, notAfter } = certificate
  const proven = await provenAccounts(db, { deviceId, bindingId: binding.id })
  const { name } = await ownOrganization(db, binding.organization_id)
  return {
    outcome: 'choose-account',
    ticket: await insertTicket(db, { bindingId: binding.id, fingerprint, notAfter, deviceId }, clock.now()),
    expiresInSeconds: ticketSeconds,
    organizationName: name,
    accounts: accounts.map(({ id, display_name }) => ({ id, displayName: display_name, needsPassword: auth.caNeedsPassword || !proven.has(id) })),
  }
}
