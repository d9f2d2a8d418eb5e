import { AppError } from '../../../shared/errors/app-error.ts'
import { appendAudit } from '../../audit/audit.repository.ts'
import type { Who } from '../../service-context.ts'
import { contentKeyOf, openDetails, type AttachmentContext } from './attachment-context.ts'
import { findOwnAttachment } from './attachment.repository.ts'
import { forgetHash, partsOf } from './contents.repository.ts'

export interface Download {
  readonly mediaType: string
  readonly size: number
  readonly fileName: string
  readonly sha256: string
  readonly bytes: AsyncGenerator<Buffer>
}

/**
 * 下载. Whoever looks at a document is written down. The first block is opened before anything is answered, so that a damaged
 * file is told of; where a later one does not open, the answer breaks off and is shorter than it said. Whoever brings the same bytes
 * again replaces what is damaged with another upload.
 * @throws AppError not-found, attachment-damaged
 */
export async function openDownload(context: AttachmentContext, who: Who, id: string): Promise<Download> {
  const { db, personal, files, clock, log } = context
  const row = await findOwnAttachment(db, who.organizationId, id)
  if (!row) throw new AppError('not-found')
  const { fileName, sha256 } = openDetails(personal, 'attachment.details', row)
  const blocks = files.read(contentKeyOf(personal, row), await partsOf(db, row.content_id))
  const damaged = async (error: unknown): Promise<never> => {
    log({ level: 'error', message: 'attachment damaged', attachmentId: id, code: (error as { code?: unknown } | null)?.code })
    await forgetHash(db, row.content_id)
    throw new AppError('attachment-damaged')
  }
  const first = await blocks.next().catch(damaged)
  const { organizationId, accountId, deviceId } = who
  const details = { attachmentId: id, ...(row.registration_id === null ? {} : { registrationId: row.registration_id }), type: row.type }
  await appendAudit(personal, db, { kind: 'attachment-read', organizationId, accountId, deviceId, details }, clock.now())
  return { mediaType: row.media_type, size: row.size, fileName, sha256, bytes: following(first, blocks, damaged) }
}

async function* following(first: IteratorResult<Buffer, unknown>, blocks: AsyncGenerator<Buffer>, damaged: (error: unknown) => Promise<never>): AsyncGenerator<Buffer> {
  try {
    if (!first.done) yield first.value
    yield* blocks
  } catch (error) {
    await damaged(error)
  }
}
