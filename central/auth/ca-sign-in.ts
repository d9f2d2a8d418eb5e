import { randomBytes } from 'node:crypto'
import type * as v from 'valibot'
import type { accountChoiceResource, challengeResource } from '../../shared/api/resources.ts'
import { loginPurpose } from '../../shared/domain/ca-login-bytes.ts'
import { AppError } from '../../shared/errors/app-error.ts'
import { insertTicket, provenAccounts, ticketSeconds } from './account-tickets.repository.ts'
import type { AuthContext } from './auth-context.ts'
import { challengeSeconds } from './ca/checks/challenge-fresh.ts'
import type { CaAnswer } from './ca/verify-ca-signature.ts'
import { holdBound } from './certificate-bindings.repository.ts'
import { insertChallenge } from './challenges.repository.ts'
import { randomToken, sha256Hex } from './hashes.ts'
import { ownOrganization } from './own-organization.ts'
import { noteFurtherCertificate, proveUnit, type ProvenUnit } from './proven-unit.ts'
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
export async function signInWithCaKey(context: AuthContext, answer: CaAnswer): Promise<SessionResource | AccountChoice> {
  const unit = await auditRefusal(context, { way: 'ca-key', deviceId: answer.deviceId }, () => proveUnit(context, answer, loginPurpose))
  await noteFurtherCertificate(context, unit, answer.deviceId)
  const { key, binding, accounts } = unit
  const [account, ...others] = accounts
  if (!account) throw new AppError('ca-not-bound')
  if (others.length > 0 || context.auth.caNeedsPassword) return offerChoice(context, unit, answer.deviceId)
  const opening = { account, deviceId: answer.deviceId, way: 'ca-key' as const, certificate: key.certificate }
  return openSession(context, opening, { alg: key.alg, revocation: key.revocation, fingerprint: key.certificate.fingerprint }, async (trx) => {
    if (!(await holdBound(trx, binding.id, account.id))) throw new AppError('ca-not-bound')
  })
}

async function offerChoice(context: AuthContext, { key: { certificate }, binding, accounts }: ProvenUnit, deviceId: string): Promise<AccountChoice> {
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
