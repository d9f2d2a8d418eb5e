import type { Selectable } from 'kysely'
import type { CentralDb, Database } from '../database/database.ts'
import { randomToken, sha256Hex } from './hashes.ts'

export type AccountTicket = Selectable<Database['account_ticket']>

/** Seconds to choose an account and type its password. */
export const ticketSeconds = 300

/** @returns the ticket; only its hash is stored */
export async function insertTicket(
  db: CentralDb,
  proof: { bindingId: string; fingerprint: string; notAfter: Date; deviceId: string },
  now: Date,
): Promise<string> {
  await db.deleteFrom('account_ticket').where('expires_at', '<=', now.toISOString()).execute()
  const ticket = randomToken()
  await db
    .insertInto('account_ticket')
    .values({
      ticket_hash: sha256Hex(ticket),
      binding_id: proof.bindingId,
      fingerprint: proof.fingerprint,
      certificate_not_after: proof.notAfter.toISOString(),
      device_id: proof.deviceId,
      expires_at: new Date(now.getTime() + ticketSeconds * 1000).toISOString(),
    })
    .execute()
  return ticket
}

/** The ticket, if it was given to this device and still holds. */
export function findTicket(db: CentralDb, ticket: string, deviceId: string, now: Date): Promise<AccountTicket | undefined> {
  return db
    .selectFrom('account_ticket')
    .selectAll()
    .where('ticket_hash', '=', sha256Hex(ticket))
    .where('device_id', '=', deviceId)
    .where('expires_at', '>', now.toISOString())
    .executeTakeFirst()
}

/** True for the one caller that used it up. */
export async function useUpTicket(db: CentralDb, { ticket_hash }: AccountTicket): Promise<boolean> {
  const used = await db.deleteFrom('account_ticket').where('ticket_hash', '=', ticket_hash).returning('ticket_hash').executeTakeFirst()
  return used !== undefined
}

interface Proof {
  deviceId: string
  bindingId: string
  accountId: string
}

/** Accounts that gave their password with this binding on this device before. */
export async function provenAccounts(db: CentralDb, { deviceId, bindingId }: Omit<Proof, 'accountId'>): Promise<Set<string>> {
  const rows = await db.selectFrom('account_proof').select('account_id').where('device_id', '=', deviceId).where('binding_id', '=', bindingId).execute()
  return new Set(rows.map(({ account_id }) => account_id))
}

export async function rememberProof(db: CentralDb, { deviceId, bindingId, accountId }: Proof, now: Date): Promise<void> {
  await db
    .insertInto('account_proof')
    .values({ device_id: deviceId, binding_id: bindingId, account_id: accountId, proven_at: now.toISOString() })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}
