import type { CentralDb } from '../database/database.ts'
import { inTransaction } from '../database/transaction.ts'
import type { Challenge } from './ca/checks/challenge-known.ts'

/** Open challenges of one device. A workstation needs one at a time; the rest is someone filling the table. */
const openPerDevice = 5

/** Stores a challenge, drops what has expired and the oldest of this device above its limit. */
export async function insertChallenge(db: CentralDb, challenge: Challenge, now: Date): Promise<void> {
  const { cid, nonce, deviceId, connectionHash, expiresAt } = challenge
  await inTransaction(db, async (trx) => {
    await trx.deleteFrom('ca_challenge').where('expires_at', '<=', now.toISOString()).execute()
    const newest = trx.selectFrom('ca_challenge').select('cid').where('device_id', '=', deviceId).orderBy('expires_at', 'desc').limit(openPerDevice - 1)
    await trx.deleteFrom('ca_challenge').where('device_id', '=', deviceId).where('cid', 'not in', newest).execute()
    const row = { cid, nonce, device_id: deviceId, connection_hash: connectionHash, expires_at: expiresAt.toISOString() }
    await trx.insertInto('ca_challenge').values(row).execute()
  })
}

/** In one statement: of several answers that arrive at once, one gets the challenge. */
export async function takeChallenge(db: CentralDb, cid: string): Promise<Challenge | undefined> {
  const row = await db.deleteFrom('ca_challenge').where('cid', '=', cid).returningAll().executeTakeFirst()
  return row && { cid: row.cid, nonce: row.nonce, deviceId: row.device_id, connectionHash: row.connection_hash, expiresAt: new Date(row.expires_at) }
}
