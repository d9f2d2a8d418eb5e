import type * as v from 'valibot'
import type { attachmentsOfOne } from '../../../shared/api/attachments.ts'
import { allAttachmentsOf, deleteAttachments, insertAttachment, updateAttachment } from '../database/attachment.repository.ts'
import type { LocalDb } from '../database/local-tables.ts'
import { readMeta } from '../database/meta.repository.ts'

/**
 * Takes in all attachments of one registration, or of the unit, as the central service has them now. What the clerk has just
 * deleted here stays deleted: its turn comes. What is still on its way up is not missed there.
 */
export async function takeServerAttachments(trx: LocalDb, { registrationId, items }: v.InferOutput<typeof attachmentsOfOne>, life: string): Promise<void> {
  // Withdrawn with all that belonged to it: what becomes of both here is the clerk's to say.
  if (registrationId !== null && (await readMeta(trx, `removal:${registrationId}`)) !== null) return
  const here = new Map((await allAttachmentsOf(trx, registrationId)).map((row) => [row.id, row]))
  for (const { id, type, fileName, mediaType, size, sha256, proofDate, uploadedAt, uploadedBy } of items) {
    const told = { state: 'uploaded', sent: size, attempts: 0, next_at: null, uploaded_at: uploadedAt, uploaded_by: uploadedBy, epoch: life } as const
    if (here.has(id)) await updateAttachment(trx, id, { ...told, problem: null })
    else await insertAttachment(trx, { id, record_id: registrationId, type, name: fileName, media_type: mediaType, size, sha256, proof_date: proofDate, kept: 0, added_at: uploadedAt, ...told })
  }
  const there = new Set(items.map(({ id }) => id))
  const gone = [...here.values()].filter(({ id, state, epoch }) => state === 'uploaded' && epoch === life && !there.has(id))
  await deleteAttachments(trx, gone.map(({ id }) => id))
}
