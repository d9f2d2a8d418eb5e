import { AppError } from '../../../shared/errors/app-error.ts'
import type { ChangesPage } from '../central/central-port.ts'
import { deleteMeta, readMeta, writeMeta } from '../database/meta.repository.ts'
import { dequeueAll } from '../database/outbox.repository.ts'
import { countKnown, countRecords, recordIdsOfOtherEpochs, updateRecord } from '../database/record.repository.ts'
import { takeServerCopy, takeServerRemoval } from './server-copy.ts'
import type { SyncContext } from './sync-context.ts'

const pageSize = 500
/** More removals in one pull than either of these ask first: an emptied or wrong server must not empty this machine. */
const removalsWithoutAsking = 20
const shareWithoutAsking = 0.1

/**
 * Fetches what changed since the cursor, page by page; a page and its cursor are one transaction.
 * @param acceptRemovals the clerk has confirmed an unusual number of removals
 * @throws AppError central-wrong for another unit's data, sync-many-removals, and whatever the central service answers
 */
export async function pullChanges(context: SyncContext, acceptRemovals: boolean): Promise<void> {
  const { db } = context.local
  for (;;) {
    const epoch = await readMeta(db, 'epoch')
    const after = Number((await readMeta(db, 'cursor')) ?? '0')
    const page = await context.central.pull({ after, epoch, limit: pageSize }).catch(async (error: unknown) => {
      // From the very beginning no cursor can be too old: asking again would never end.
      if (!AppError.is(error, 'cursor-expired') || (after === 0 && epoch === null)) throw error
      await restart(context)
      return null
    })
    if (!page) continue
    if (page.organizationId !== context.organizationId) throw new AppError('central-wrong')
    if (epoch !== null && page.epoch !== epoch) {
      await restart(context)
      continue
    }
    if (page.hasMore && page.next <= after) throw new AppError('central-reply-invalid')
    if (!acceptRemovals) await askBeforeManyRemovals(context, page)
    await applyPage(context, page)
    if (!page.hasMore) return noticeForgotten(context, page.epoch)
  }
}

/** From the beginning, keeping everything that is here. */
async function restart(context: SyncContext): Promise<void> {
  context.log.warn('pull starts from the beginning')
  await context.local.db.transaction().execute(async (trx) => {
    await deleteMeta(trx, ['cursor', 'epoch'])
    await writeMeta(trx, 'telling-unfinished', '1')
  })
}

async function askBeforeManyRemovals(context: SyncContext, page: ChangesPage): Promise<void> {
  const { db } = context.local
  // A new workstation is told of removals long past: what was never here cannot be lost.
  const count = await countKnown(db, page.items.flatMap((item) => (item.kind === 'registration-removed' ? [item.id] : [])))
  if (count === 0) return
  if (count > removalsWithoutAsking || (count > 1 && count > (await countRecords(db)) * shareWithoutAsking)) throw new AppError('sync-many-removals', { count })
}

async function applyPage(context: SyncContext, page: ChangesPage): Promise<void> {
  await context.local.db.transaction().execute(async (trx) => {
    for (const item of page.items) {
      if (item.kind === 'registration') await takeServerCopy(trx, item.registration, page.epoch)
      else if (item.kind === 'registration-removed') await takeServerRemoval(trx, item.id)
      else await writeMeta(trx, 'organization', JSON.stringify(item.organization))
    }
    await writeMeta(trx, 'epoch', page.epoch)
    await writeMeta(trx, 'cursor', String(page.next))
  })
  if (page.items.length > 0) context.rowsChanged(page.items.length > 50 ? null : page.items.flatMap(idOf))
}

function idOf(item: ChangesPage['items'][number]): string[] {
  if (item.kind === 'registration') return [item.registration.id]
  return item.kind === 'registration-removed' ? [item.id] : []
}

/** After a restore from backup the central service may lack what it once had: offered for another submission. */
async function noticeForgotten(context: SyncContext, epoch: string): Promise<void> {
  const { db } = context.local
  if ((await readMeta(db, 'telling-unfinished')) === null) return
  const ids = await recordIdsOfOtherEpochs(db, epoch)
  await db.transaction().execute(async (trx) => {
    await deleteMeta(trx, ['telling-unfinished'])
    for (const id of ids) {
      // Made on a version that is gone; the text stays in the record.
      await dequeueAll(trx, id)
      await updateRecord(trx, id, { version: null, base: null, state: 'returned', review_status: 'unsubmitted', return_code: 'registration-forgotten' })
    }
  })
  if (ids.length > 0) context.rowsChanged(null)
}
