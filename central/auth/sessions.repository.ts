import { randomUUID } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { SignInWay } from '../../shared/domain/statuses.ts'
import type { CentralDb, Database } from '../database/database.ts'
import { keptQuery } from '../database/kept-query.ts'
import type { Account } from './accounts.repository.ts'
import { randomToken, sha256Hex } from './hashes.ts'

export type StoredSession = Selectable<Database['session']>

export interface NewSession {
  account: Account
  deviceId: string
  way: SignInWay
  /** Of the certificate that signed in; null where a password did. */
  certificate: { fingerprint: string; notAfter: Date } | null
  expiresAt: Date
}

/** Replaces what this account had open on this device. @returns the token; only its hash is stored */
export async function insertSession(trx: CentralDb, { account, deviceId, way, certificate, expiresAt }: NewSession, now: Date): Promise<{ id: string; token: string }> {
  await trx.deleteFrom('session').where('expires_at', '<=', new Date(now.getTime() - keptAfterExpiry).toISOString()).execute()
  const [id, token] = [randomUUID(), randomToken()]
  const row = {
    id,
    token_hash: sha256Hex(token),
    account_id: account.id,
    organization_id: account.organization_id,
    device_id: deviceId,
    way,
    fingerprint: certificate?.fingerprint ?? null,
    created_at: now.toISOString(),
    last_used_at: now.toISOString(),
    expires_at: expiresAt.toISOString(),
    suspended_at: null,
    ended_because: null,
  }
  await trx
    .insertInto('session')
    .values(row)
    .onConflict((conflict) => conflict.columns(['account_id', 'device_id']).doUpdateSet(row))
    .execute()
  return { id, token }
}

/** A new password ends what the old one opened. Kept for its hours, so that its own workstation, and nobody else, can be told why. @returns how many */
export async function endByPassword(trx: CentralDb, accountId: string, exceptSessionId?: string): Promise<number> {
  const ended = await trx
    .updateTable('session')
    .set({ ended_because: 'password-changed' })
    .where('account_id', '=', accountId)
    .where('ended_because', 'is', null)
    .$if(exceptSessionId !== undefined, (others) => others.where('id', '!=', exceptSessionId ?? ''))
    .returning('id')
    .execute()
  return ended.length
}

/** Milliseconds for which an expired session can still be told from one that never was. */
const keptAfterExpiry = 24 * 3600 * 1000

type SessionOfAccount = StoredSession & Pick<Account, 'role' | 'reviews_registrations'>

const byToken = keptQuery<{ tokenHash: string }, SessionOfAccount>((db, value) =>
  db
    .selectFrom('session')
    .innerJoin('account', 'account.id', 'session.account_id')
    .selectAll('session')
    .select(['account.role as role', 'account.reviews_registrations as reviews_registrations'])
    .where('token_hash', '=', value('tokenHash'))
    .where('account.disabled_at', 'is', null),
)

/** The session of a token with its account, if the account is not disabled. Asked of the database each time: a session ends at once, in every process. */
export async function findSession(db: CentralDb, token: string): Promise<SessionOfAccount | undefined> {
  const [session] = await byToken(db, { tokenHash: sha256Hex(token) })
  return session
}

export async function touchSession(db: CentralDb, id: string, now: Date): Promise<void> {
  await db.updateTable('session').set({ last_used_at: now.toISOString() }).where('id', '=', id).execute()
}

export async function markSuspended(db: CentralDb, id: string, now: Date): Promise<void> {
  await db.updateTable('session').set({ suspended_at: now.toISOString() }).where('id', '=', id).execute()
}

export async function deleteSession(db: CentralDb, id: string): Promise<void> {
  await db.deleteFrom('session').where('id', '=', id).execute()
}
