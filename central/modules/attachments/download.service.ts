import { AppError } from '../../../shared/errors/app-error.ts'
import { appendAudit } from '../../audit/audit.repository.ts'
import type { Who } from '../../service-context.ts'
import { contentKeyOf, openDetails, type AttachmentContext } from './attachment-context.ts'
import { findOwnAttachment, type AttachmentRow } from './attachment.repository.ts'
import { forgetHash, partsOf } from './contents.repository.ts'

export interface Download {
  readonly mediaType: string
  readonly size: number
  readonly fileName: string
  readonly sha256: string
  readonly bytes: AsyncGenerator<Buffer>
}

/** 下载, by the unit whose attachment it is. @throws AppError not-found, attachment-damaged */
export async function openDownload(context: AttachmentContext, who: Who, id: string): Promise<Download> {
  const row = await findOwnAttachment(context.db, who.organizationId, id)
  if (!row) throw new AppError('not-found')
  return openContent(context, row, who, 'attachment-read')
}

/**
 * For somebody of whom it is known that they may. Whoever looks at a document is written down, with the unit whose document it is. The first
 * block is opened before anything is answered, so that a damaged file is told of; where a later one does not open, the answer
 * breaks off and is shorter than it said. Whoever brings the same bytes again replaces what is damaged with another upload.
 * @param kind of the audit's event
 * @throws AppError attachment-damaged
 */
export async function openContent(context: AttachmentContext, row: AttachmentRow, who: Who, kind: 'attachment-read' | 'attachment-read-by-reviewer'): Promise<Download> {
  const { db, personal, files, clock, log } = context
  const { id } = row
  const { fileName, sha256 } = openDetails(personal, 'attachment.details', row)
  const blocks = files.read(contentKeyOf(personal, row), await partsOf(db, row.content_id))
  const damaged = async (error: unknown): Promise<never> => {
    log({ level: 'error', message: 'attachment damaged', attachmentId: id, code: (error as { code?: unknown } | null)?.code })
    await forgetHash(db, row.content_id)
    throw new AppError('attachment-damaged')
  }
  const first = await blocks.next().catch(damaged)
  const { accountId, deviceId } = who
  const details = { attachmentId: id, ...(row.registration_id === null ? {} : { registrationId: row.registration_id }), type: row.type }
  await appendAudit(personal, db, { kind, organizationId: row.organization_id, accountId, deviceId, details }, clock.now())
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

export function headersOf({ mediaType, size, fileName, sha256 }: Download): Record<string, string> {
  return {
    'content-type': mediaType,
    'content-length': String(size),
    // Saved and never shown, whatever a browser makes of it; the name in RFC 8187 alone.
    'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(fileName).replace(/['()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16)}`)}`,
    'x-content-type-options': 'nosniff',
    'repr-digest': `sha-256=:${Buffer.from(sha256, 'hex').toString('base64')}:`,
  }
}
