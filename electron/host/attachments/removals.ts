import { AppError } from '../../../shared/errors/app-error.ts'
import { deleteAttachments, removedAttachments } from '../database/attachment.repository.ts'
import type { AttachmentRow } from '../database/local-tables.ts'
import { findRecord } from '../database/record.repository.ts'
import { removeLeftovers } from './tidy-up.ts'
import type { UploadContext } from './upload-queue.ts'

/** So long a 删除 can be taken back; the page shows its button a little shorter. */
const undoMilliseconds = 12_000
/** Until a removal that the central service could not be told of is tried again, at the latest. */
const tryAgainAfter = 60_000

/**
 * Carries out what the clerk deleted and did not take back: at the central service first where anything of it may be there,
 * then here, row and file.
 * @param isOpen whether the central service can be asked
 * @returns ms until there is more to do; null: nothing waits
 */
export async function carryOutRemovals(context: UploadContext, isOpen: boolean): Promise<number | null> {
  const { local, clock, log } = context
  let next: number | null = null
  const later = (wait: number) => (next = Math.min(next ?? wait, wait))
  for (const row of await removedAttachments(local.db)) {
    const left = undoMilliseconds - (clock.now().getTime() - Date.parse(String(row.removed_at)))
    if (left > 0 && left <= undoMilliseconds) {
      later(left)
      continue
    }
    if ((await mayBeThere(context, row)) && !isOpen) continue
    if (row.record_id === null && !context.ofUnit) continue
    try {
      if (await mayBeThere(context, row)) await removeThere(context, row)
      await deleteAttachments(local.db, [row.id])
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      log.info('removal of an attachment put off', { code: error.code })
      later(tryAgainAfter)
    }
  }
  await removeLeftovers(context)
  return next
}

async function mayBeThere({ local }: UploadContext, { record_id, state, sent, attempts }: AttachmentRow): Promise<boolean> {
  if (state !== 'uploaded' && state !== 'uploading' && sent === 0 && attempts === 0) return false
  return record_id === null || ((await findRecord(local.db, record_id))?.version ?? null) !== null
}

async function removeThere({ central }: UploadContext, { id, state }: AttachmentRow): Promise<void> {
  // Of one whose last answer was lost nobody here knows whether it is an attachment already.
  await central.removeAttachment(id)
  if (state !== 'uploaded') await central.endUpload(id)
}
