import type { CentralDb } from '../database/database.ts'
import type { Challenge } from './ca/checks/challenge-known.ts'

/** Open challenges of one device. A workstation needs one at a time; the rest is someone filling the table. */
const openPerDevice = 5

/** Stores a challenge, drops what has expired and the oldest of this device above its limit. */
export async function insertChallenge(db: CentralDb, challenge: Challenge, now: Date): Promise<void> {
  await db.deleteFrom('ca_challenge').where('expires_at', '<=', now.toISOString()).execute()
  const newest = db
    .selectFrom('ca_challenge')
    .select('cid')
    .where('device_id', '=', challenge.deviceId)
    .orderBy('expires_at', 'desc')
    .limit(openPerDevice - 1)
  await db.deleteFrom('ca_challenge').where('device_id', '=', challenge.deviceId).where('cid', 'not in', newest).execute()
  await db
    .insertInto('ca_challenge')
    .values({
      cid: challenge.cid,
      nonce: challenge.nonce,
      device_id: challenge.deviceId,
      connection_hash: challenge.connectionHash,
      expires_at: challenge.expiresAt.toISOString(),
    })
    .execute()
}

/** In one statement: of several answers that arrive at once, one gets the challenge. */
export async function takeChallenge(db: CentralDb, cid: string): Promise<Challenge | undefined> {
  const row = await db.deleteFrom('ca_challenge').where('cid', '=', cid).returningAll().executeTakeFirst()
  return row && { cid: row.cid, nonce: row.nonce, deviceId: row.device_id, connectionHash: row.connection_hash, expiresAt: new Date(row.expires_at) }
}
