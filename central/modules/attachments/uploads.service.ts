import type { AttachmentClaim } from '../../../shared/api/attachments.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import { requireUnitAdmin } from '../../auth/require-unit-admin.ts'
import { inTransaction } from '../../database/transaction.ts'
import { newId } from '../../database/new-id.ts'
import { nextSeq } from '../organization/organization.repository.ts'
import { newContentKey, openDetails, requireSame, sealDetails, type AttachmentContext, type Uploader } from './attachment-context.ts'
import { findOwnAttachment, isAttachmentIdTaken } from './attachment.repository.ts'
import { checkClaim } from './attachments.service.ts'
import type { Part } from './content-files.ts'
import { deletePartsFrom, insertContent, keptBytes, partsOf, wasteContent } from './contents.repository.ts'
import { deleteUpload, findOwnUpload, insertUpload, type UploadRow } from './upload.repository.ts'

/** How far an upload is. */
export interface UploadState {
  readonly size: number
  /** Bytes that are here. */
  readonly offset: number
  /** ISO; null once it is an attachment. */
  readonly touchedAt: string | null
}

/** One that is not finished, with what is here of it. */
export interface OpenUpload {
  readonly row: UploadRow
  readonly claim: AttachmentClaim
  readonly parts: readonly Part[]
  readonly offset: number
}

/**
 * Makes room for an attachment. The same claim again, after a lost answer, changes nothing.
 * @throws AppError what stands against the claim, attachment-quota; request-malformed where its id is used for something else
 */
export async function createUpload(context: AttachmentContext, who: Uploader, claim: AttachmentClaim): Promise<void> {
  const { db, personal, clock, quotaBytes } = context
  if (await isThere(context, who, claim)) return
  await inTransaction(db, async (trx) => {
    // Holds the unit's row: two that come at once are counted one after the other.
    await nextSeq(trx, who.organizationId)
    await checkClaim(context, trx, who, claim)
    if ((await keptBytes(trx, who.organizationId)) + claim.size > quotaBytes) throw new AppError('attachment-quota')
    if (await isAttachmentIdTaken(trx, claim.id)) throw new AppError('request-malformed', { field: 'id' })
    const [at, contentId] = [clock.now().toISOString(), newId(clock.now())]
    await insertContent(trx, {
      id: contentId, organization_id: who.organizationId, content_hash: null, media_type: claim.mediaType, size: claim.size, key_sealed: newContentKey(personal, contentId), created_at: at,
    })
    await insertUpload(trx, {
      id: claim.id, organization_id: who.organizationId, registration_id: claim.registrationId, type: claim.type, proof_date: claim.proofDate, content_id: contentId,
      details_sealed: sealDetails(personal, 'attachment_upload.details', claim.id, claim), touched_at: at,
    })
  })
}

async function isThere(context: AttachmentContext, who: Uploader, claim: AttachmentClaim): Promise<boolean> {
  const { db, personal } = context
  const attachment = await findOwnAttachment(db, who.organizationId, claim.id)
  const upload = attachment ? undefined : await findOwnUpload(db, who.organizationId, claim.id)
  const row = attachment ?? upload
  if (row) requireSame(personal, attachment ? 'attachment.details' : 'attachment_upload.details', row, claim)
  return row !== undefined
}

/** @throws AppError not-found, forbidden */
export async function readUpload(context: AttachmentContext, who: Uploader, id: string): Promise<UploadState & { open: OpenUpload | null }> {
  const open = await findOpen(context, who, id)
  if (open) return { size: open.row.size, offset: open.offset, touchedAt: open.row.touched_at, open }
  const attachment = await findOwnAttachment(context.db, who.organizationId, id)
  if (!attachment) throw new AppError('not-found')
  return { size: attachment.size, offset: attachment.size, touchedAt: null, open: null }
}

async function findOpen(context: AttachmentContext, who: Uploader, id: string): Promise<OpenUpload | null> {
  const { db, personal } = context
  const row = await findOwnUpload(db, who.organizationId, id)
  if (!row) return null
  requireOwner(who, row)
  const parts = await soundParts(context, row)
  const claim = { id, registrationId: row.registration_id, type: row.type, proofDate: row.proof_date, mediaType: row.media_type, size: row.size, ...openDetails(personal, 'attachment_upload.details', row) }
  return { row, claim, parts, offset: offsetAfter(parts) }
}

/** What belongs to the unit itself nobody but its 单位管理员 goes on with, or breaks off. @throws AppError forbidden */
function requireOwner(who: Uploader, { registration_id }: UploadRow): void {
  if (registration_id === null) requireUnitAdmin(who)
}

export function offsetAfter(parts: readonly Part[]): number {
  const last = parts.at(-1)
  return last ? last.from + last.size : 0
}

/**
 * What is here and was not lost since: rows are durable with their commit, files only once the upload is finished. Looked at
 * once a process, as a power cut ends that.
 */
async function soundParts({ db, files, progress }: AttachmentContext, { content_id: contentId }: UploadRow): Promise<Part[]> {
  const parts = await partsOf(db, contentId)
  if (progress.has(contentId)) return parts
  for (const [index, part] of parts.entries()) {
    if (await files.isWhole(contentId, part)) continue
    await deletePartsFrom(db, contentId, part.from)
    return parts.slice(0, index)
  }
  return parts
}

/** 删除 of what is not all here yet. @throws AppError not-found, forbidden */
export async function endUpload(context: AttachmentContext, who: Uploader, id: string): Promise<void> {
  const row = await findOwnUpload(context.db, who.organizationId, id)
  if (row) requireOwner(who, row)
  if (!row || !(await dropUpload(context, row))) throw new AppError('not-found')
}

/** @returns false where it is gone already */
export async function dropUpload({ db, clock, progress }: AttachmentContext, { id, content_id }: Pick<UploadRow, 'id' | 'content_id'>): Promise<boolean> {
  progress.delete(content_id)
  return inTransaction(db, async (trx) => {
    const isMine = await deleteUpload(trx, id)
    if (isMine) await wasteContent(trx, content_id, clock.now().toISOString())
    return isMine
  })
}
