import type * as v from 'valibot'
import type { sessionResource } from '../../shared/api/resources.ts'
import { AppError } from '../../shared/errors/app-error.ts'
import { appendAudit } from '../audit/audit.repository.ts'
import { holdAccount, noteSignIn, toAccountResource } from './accounts.repository.ts'
import type { CentralDb } from '../database/database.ts'
import { inTransaction } from '../database/transaction.ts'
import { toOrganizationResource } from '../modules/organization/organization.repository.ts'
import type { AuthContext, Principal } from './auth-context.ts'
import { ownOrganization } from './own-organization.ts'
import { findSession, insertSession, markSuspended, touchSession, deleteSession, type NewSession } from './sessions.repository.ts'

/** Seconds without a request after which a session ends, and after which it ends in any case. */
export const idleSeconds = 30 * 60
export const absoluteSeconds = 12 * 3600
/** Seconds for which a use is not written down again: a page of requests is one write. */
const touchSeconds = 30
/** Seconds that the service's clock may be set back by without anybody having to sign in again. */
const clockSlack = 5 * 60

export type SessionResource = v.InferOutput<typeof sessionResource>

/**
 * Opens a session in place of any this account had on this device, and says so in the audit.
 * @param alsoProven looks once more at what else has proven it, and writes down what is to be; a change of the password comes before all of this or after it
 */
export async function openSession(
  context: AuthContext,
  opening: Omit<NewSession, 'expiresAt'>,
  auditDetails: Readonly<Record<string, string>> = {},
  alsoProven: (trx: CentralDb) => Promise<void> = () => Promise.resolve(),
): Promise<SessionResource> {
  const { account, certificate, way, deviceId } = opening
  const now = context.clock.now()
  const longest = new Date(now.getTime() + absoluteSeconds * 1000)
  // No session outlives the certificate that opened it.
  const expiresAt = certificate && certificate.notAfter < longest ? certificate.notAfter : longest
  return inTransaction(context.db, async (trx) => {
    // What proved it may have been changed, reset or disabled since: the sessions of before are gone, and this must not come after them.
    if (!(await holdAccount(trx, account))) throw new AppError('sign-in-failed')
    await alsoProven(trx)
    await noteSignIn(trx, account.id, now)
    const { token } = await insertSession(trx, { ...opening, expiresAt }, now)
    const { organization_id: organizationId, id: accountId } = account
    await appendAudit(context.personal, trx, { kind: 'signed-in', organizationId, accountId, deviceId, details: { way, ...auditDetails } }, now)
    return {
      outcome: 'signed-in',
      token,
      way,
      account: toAccountResource(account),
      passwordByOperator: account.password_by_operator === 1,
      organization: toOrganizationResource(await ownOrganization(trx, organizationId), context.personal),
      idleExpiresInSeconds: idleSeconds,
      expiresAt: expiresAt.toISOString(),
      serverTime: now.toISOString(),
      epoch: context.epoch,
      identityCheckRequired: context.identityCheckRequired ?? true,
    }
  })
}

export interface Credentials {
  /** Header `Authorization`. */
  readonly authorization: string | undefined
  /** Header `Device-Id`. */
  readonly deviceId: string | undefined
}

/**
 * Who makes this request; prolongs the session.
 * @throws AppError `session-missing` (none, or another device's), `session-password-changed`, `session-expired`, `session-suspended`
 */
export async function authenticate(context: AuthContext, { authorization, deviceId }: Credentials): Promise<Principal> {
  const token = /^Bearer ([\w-]{43})$/.exec(authorization ?? '')?.[1]
  const session = token ? await findSession(context.db, token) : undefined
  if (!session || session.device_id !== deviceId) throw new AppError('session-missing')
  // Only who holds its token hears it, and no try at a password.
  if (session.ended_because === 'password-changed') throw new AppError('session-password-changed')
  const now = context.clock.now()
  const idle = (now.getTime() - Date.parse(session.last_used_at)) / 1000
  // Used in the future, it was opened on a clock that was wrong, and would outlive its hours by as much.
  if (now.toISOString() >= session.expires_at || idle >= idleSeconds || idle < -clockSlack) throw new AppError('session-expired')
  if (session.suspended_at !== null) throw new AppError('session-suspended')
  if (idle >= touchSeconds) await touchSession(context.db, session.id, now)
  return {
    accountId: session.account_id,
    organizationId: session.organization_id,
    role: session.role,
    reviewsRegistrations: session.reviews_registrations === 1,
    sessionId: session.id,
    deviceId: session.device_id,
    way: session.way,
    expiresAt: new Date(session.expires_at),
  }
}

/** The lock was pulled: no further call until a new sign-in, which replaces this session. */
export async function suspendSession(context: AuthContext, principal: Principal): Promise<void> {
  const now = context.clock.now()
  await inTransaction(context.db, async (trx) => {
    await markSuspended(trx, principal.sessionId, now)
    await appendAudit(context.personal, trx, { kind: 'session-suspended', ...whoIn(principal), details: {} }, now)
  })
}

export async function endSession(context: AuthContext, principal: Principal): Promise<void> {
  await inTransaction(context.db, async (trx) => {
    await deleteSession(trx, principal.sessionId)
    await appendAudit(context.personal, trx, { kind: 'signed-out', ...whoIn(principal), details: {} }, context.clock.now())
  })
}

const whoIn = ({ organizationId, accountId, deviceId }: Principal) => ({ organizationId, accountId, deviceId })
