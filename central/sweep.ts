import type { Kysely } from 'kysely'
import { longestGrace } from './auth/ca/revocation/standings.repository.ts'
import type { Database } from './database/database.ts'
import type { AttachmentContext } from './modules/attachments/attachment-context.ts'
import { sweepAttachments } from './modules/attachments/waste.service.ts'
import { watchFaceStorage } from './modules/faces/face-storage.ts'
import { forgetSelfRegistrations } from './modules/self-registrations/forget.service.ts'
import { failuresKept } from './modules/transfers/transfer-in.service.ts'
import { deleteClosedRequests, expireRequests } from './modules/transfers/transfer-request.repository.ts'
import { closedRequestDays } from '../shared/domain/transfer-request.ts'

const hour = 3600 * 1000
const day = 24 * hour

/** Milliseconds for which a write is known by its key. A workstation works offline for 7 days, but may lie in a drawer. */
export const receiptsKept = 180 * day

/** Milliseconds for which it can be read what became of a delivery of the approval system. */
export const feedLogKept = 365 * day

/** Deletes what has run out and would otherwise pile up: names that strangers tried, and keys of writes long answered. */
export async function sweep(db: Kysely<Database>, now: Date): Promise<void> {
  const before = (age: number) => new Date(now.getTime() - age).toISOString()
  await db.deleteFrom('ca_challenge').where('expires_at', '<=', before(hour)).execute()
  await db.deleteFrom('account_ticket').where('expires_at', '<=', before(hour)).execute()
  await db.deleteFrom('session').where('expires_at', '<=', before(day)).execute()
  await db.deleteFrom('certificate_standing').where('revoked_as_of', 'is', null).where('good_at', '<=', before(longestGrace)).execute()
  await db.deleteFrom('sign_in_failure').where('last_failed_at', '<=', before(day)).execute()
  await db.deleteFrom('applied_write').where('applied_at', '<=', before(receiptsKept)).execute()
  await db.deleteFrom('transfer_in_failure').where('last_failed_at', '<=', before(failuresKept)).execute()
  await db.deleteFrom('approval_feed_log').where('at', '<=', before(feedLogKept)).execute()
  await forgetSelfRegistrations(db, now)
  await expireRequests(db, now.toISOString())
  await deleteClosedRequests(db, before(closedRequestDays * day))
}

/** Every hour while the service runs. @returns what ends it */
export function startSweeping(context: AttachmentContext): () => void {
  const { db, clock, log } = context
  const run = () => {
    Promise.all([sweep(db, clock.now()), sweepAttachments(context), watchFaceStorage(context)]).catch((error: unknown) => log({ level: 'error', message: 'sweep', error: error instanceof Error ? error.name : typeof error }))
  }
  const timer = setInterval(run, hour)
  timer.unref()
  run()
  return () => clearInterval(timer)
}
