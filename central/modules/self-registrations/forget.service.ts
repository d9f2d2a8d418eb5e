import { inTransaction } from '../../database/transaction.ts'
import type { CentralDb } from '../../database/database.ts'
import { wasteIfUnused } from '../attachments/contents.repository.ts'
import { nextSeq } from '../organization/organization.repository.ts'
import { deleteSelfRegistration, findSelfRegistration } from './self-registration.repository.ts'
import { letNextWait } from './settle.service.ts'

const day = 24 * 3600 * 1000

/** Days for which each is kept: what nobody completes, what the clerk has dealt with, and what no clerk has looked at (PIPL arts. 19, 47). */
export const selfRegistrationKept = { incomplete: 2, settled: 30, waiting: 90 } as const
const atOnce = 200

/** Deletes what is kept for nothing any more; the sweep removes the files. */
export async function forgetSelfRegistrations(db: CentralDb, now: Date): Promise<void> {
  const before = (days: number) => new Date(now.getTime() - days * day).toISOString()
  await db.deleteFrom('used_work').where('expires_at', '<=', now.toISOString()).execute()
  const due = () =>
    db
      .selectFrom('self_registration')
      .select(['id', 'organization_id', 'state'])
      .where((eb) =>
        eb.or([
          eb.and([eb('state', '=', 'incomplete'), eb('submitted_at', '<=', before(selfRegistrationKept.incomplete))]),
          eb.and([eb('state', 'in', ['registered', 'returned']), eb('settled_at', '<=', before(selfRegistrationKept.settled))]),
          eb.and([eb('state', 'in', ['waiting', 'set-aside']), eb('submitted_at', '<=', before(selfRegistrationKept.waiting))]),
        ]),
      )
      .orderBy('id')
      .limit(atOnce)
      .execute()
  for (let rows = await due(); rows.length > 0; rows = await due()) {
    for (const { id, organization_id, state } of rows) {
      await inTransaction(db, async (trx) => {
        if (state === 'waiting') await nextSeq(trx, organization_id)
        const row = await findSelfRegistration(trx, id)
        // Settled right now: it is kept for as long as what is settled.
        if (row?.state !== state) return
        for (const contentId of await deleteSelfRegistration(trx, id)) await wasteIfUnused(trx, contentId, now.toISOString())
        if (state === 'waiting') await letNextWait(trx, row)
      })
    }
  }
}
