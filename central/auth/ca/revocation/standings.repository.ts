import type { CentralDb } from '../../../database/database.ts'

/** What a CA says of a certificate. */
export interface Finding {
  readonly status: 'good' | 'revoked'
  /** When we were told. */
  readonly at: Date
  /** The moment it was so, by the CA. */
  readonly asOf: Date
}

/** Milliseconds for which a good answer may stand in for one that cannot be had, where the operator allows it. */
export const longestGrace = 24 * 3600 * 1000

/**
 * Keeps what was found. A good answer from before a revocation, an old list or one played back, does not undo it.
 * @returns what holds
 */
export async function noteFinding(db: CentralDb, fingerprint: string, { status, at, asOf }: Finding): Promise<Finding['status']> {
  const known = await db.selectFrom('certificate_standing').selectAll().where('fingerprint', '=', fingerprint).executeTakeFirst()
  if (status === 'good' && known?.revoked_as_of && asOf.toISOString() <= known.revoked_as_of) return 'revoked'
  const standing = status === 'good' ? { good_at: at.toISOString(), revoked_as_of: null } : { good_at: null, revoked_as_of: asOf.toISOString() }
  if (known?.good_at === standing.good_at && known.revoked_as_of === standing.revoked_as_of) return status
  await db
    .insertInto('certificate_standing')
    .values({ fingerprint, ...standing })
    .onConflict((conflict) => {
      const update = conflict.column('fingerprint').doUpdateSet(standing)
      // Another process may have been told of a revocation since the look above.
      return status === 'revoked' ? update : update.where((eb) => eb.or([eb('certificate_standing.revoked_as_of', 'is', null), eb('certificate_standing.revoked_as_of', '<', asOf.toISOString())]))
    })
    .execute()
  return status
}

export async function wasGoodLately(db: CentralDb, fingerprint: string, now: Date): Promise<boolean> {
  const known = await db.selectFrom('certificate_standing').select('good_at').where('fingerprint', '=', fingerprint).executeTakeFirst()
  const oldest = new Date(now.getTime() - longestGrace).toISOString()
  // One from the future was written by a clock that has been set back since, so nobody knows how old it is.
  return typeof known?.good_at === 'string' && oldest < known.good_at && known.good_at <= now.toISOString()
}
