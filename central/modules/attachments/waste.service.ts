import { uploadKeptDays } from '../../../shared/api/attachments.ts'
import type { AttachmentContext } from './attachment-context.ts'
import { forgetWaste, listWaste } from './contents.repository.ts'
import { uploadsUntouchedSince } from './upload.repository.ts'
import { dropUpload } from './uploads.service.ts'

const atOnce = 200

/** Removes the files of contents whose last use is gone. What fails, or is broken off by a kill, is done the next time. */
export async function emptyWaste({ db, files }: Pick<AttachmentContext, 'db' | 'files'>): Promise<void> {
  for (let ids = await listWaste(db, atOnce); ids.length > 0; ids = await listWaste(db, atOnce)) {
    for (const id of ids) {
      await files.remove(id)
      await forgetWaste(db, id)
    }
  }
}

/** Uploads that nobody went on with are forgotten, and their bytes with them. */
export async function sweepAttachments(context: AttachmentContext): Promise<void> {
  const before = new Date(context.clock.now().getTime() - uploadKeptDays * 86_400_000).toISOString()
  for (let rows = await uploadsUntouchedSince(context.db, before, atOnce); rows.length > 0; rows = await uploadsUntouchedSince(context.db, before, atOnce)) {
    for (const row of rows) await dropUpload(context, row)
  }
  await emptyWaste(context)
}
