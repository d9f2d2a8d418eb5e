import type { Attachment } from '../../../../shared/contract/attachments.contract.ts'
import { problemOf } from '../../database/attachment.repository.ts'
import type { AttachmentRow } from '../../database/local-tables.ts'

/** @param sent bytes that have gone out, of one that is under way; undefined for others */
export function toAttachment(row: AttachmentRow, sent: number | undefined): Attachment {
  const problem = problemOf(row)
  return {
    id: row.id,
    type: row.type,
    name: row.name,
    mediaType: row.media_type,
    size: row.size,
    proofDate: row.proof_date,
    state: row.state === 'uploading' && sent === undefined ? 'waiting' : row.state,
    sent: sent ?? (row.state === 'uploaded' ? row.size : row.sent),
    kept: row.kept === 1,
    addedAt: row.added_at,
    uploadedAt: row.uploaded_at,
    uploadedBy: row.uploaded_by,
    problem: problem === null ? null : { code: problem.code, details: { ...problem.details } },
    nextTryAt: row.next_at,
  }
}
