import { setImmediate as turn } from 'node:timers/promises'
import { AppError } from '../../../shared/errors/app-error.ts'
import { resendForgotten } from '../database/attachment.repository.ts'
import type { LocalDb } from '../database/local-tables.ts'
import { deleteMeta, forgetRemovals, notedRemovals, readMeta, writeMeta } from '../database/meta.repository.ts'
import { dequeueAll } from '../database/outbox.repository.ts'
import { countRecords, findRecord, recordIdsOfOtherEpochs, updateRecord } from '../database/record.repository.ts'
import { createUnderWay, takeServerRemoval } from './server-copy.ts'
import type { Attempt } from './sync-context.ts'

/** More removals in one pull than either of these ask first: an emptied or wrong server must not empty this machine. */
const removalsWithoutAsking = 20
const shareWithoutAsking = 0.1
const atOnce = 25

/** Carried out once the pull is over. A new workstation is told of removals long past: what was never here is passed over. */
export async function noteRemoval(trx: LocalDb, id: string): Promise<void> {
  const record = await findRecord(trx, id)
  if (record && (record.version !== null || (await createUnderWay(trx, id)))) await writeMeta(trx, `removal:${id}`, '')
}

/** @throws AppError sync-many-removals: nothing is removed then, and the same is asked again next time */
export async function takeRemovals(attempt: Attempt): Promise<void> {
  const ids = await notedRemovals(attempt.local.db)
  await askBeforeMany(attempt, ids.length, 'removed')
  await inPieces(attempt, ids, async (trx, id) => {
    await takeServerRemoval(trx, id, attempt.clock.now().toISOString())
    await forgetRemovals(trx, [id])
  })
  if (ids.length > 0) attempt.facesChanged?.(ids)
}

/**
 * After a restore from backup the central service may lack what it once had: offered for another submission.
 * @throws AppError sync-many-removals
 */
export async function reportForgotten(attempt: Attempt, life: string): Promise<void> {
  const { db } = attempt.local
  if ((await readMeta(db, 'telling-unfinished')) === null) return
  const ids = await recordIdsOfOtherEpochs(db, life)
  await askBeforeMany(attempt, ids.length, 'forgotten')
  await inPieces(attempt, ids, async (trx, id) => {
    // Made on a version that is gone; the text stays in the record.
    await dequeueAll(trx, id)
    await updateRecord(trx, id, {
      version: null, base: null, state: 'returned', review_status: 'unsubmitted', return_code: 'registration-forgotten', return_comment: null,
      leaving: null, remote: null, remote_version: null, remote_removed: 0,
    })
  })
  await resendForgotten(db, life)
  await deleteMeta(db, ['telling-unfinished'])
}

/** @param what tells the clerk what agreeing does: 'removed' are removed here too, 'forgotten' are sent back */
async function askBeforeMany({ local: { db }, acceptedRemovals }: Attempt, count: number, what: 'removed' | 'forgotten'): Promise<void> {
  if (count <= acceptedRemovals || count < 2) return
  if (count > removalsWithoutAsking || count > (await countRecords(db)) * shareWithoutAsking) throw new AppError('sync-many-removals', { count, what })
}

async function inPieces(attempt: Attempt, ids: readonly string[], apply: (trx: LocalDb, id: string) => Promise<void>): Promise<void> {
  for (let from = 0; from < ids.length; from += atOnce) {
    attempt.signal.throwIfAborted()
    await attempt.local.db.transaction().execute(async (trx) => {
      for (const id of ids.slice(from, from + atOnce)) await apply(trx, id)
    })
    await turn()
  }
  if (ids.length > 0) attempt.rowsChanged(null)
}
