import type { AttachmentClaim, AttachmentResource } from '../../../shared/api/attachments.ts'
import { attachmentProblem, attachmentTypesOf, kindOfMediaType, mostAttachments, photoTypes } from '../../../shared/domain/attachments.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import { appendAudit } from '../../audit/audit.repository.ts'
import { requireStillUnitAdmin } from '../../auth/require-unit-admin.ts'
import type { CentralDb } from '../../database/database.ts'
import type { ServiceContext, Who } from '../../service-context.ts'
import { nextSeq } from '../organization/organization.repository.ts'
import { findOwnRegistration } from '../registrations/registration.repository.ts'
import { requireSame, sealDetails, type AttachmentContext, type Uploader } from './attachment-context.ts'
import {
  attachmentsOf, deleteAttachment, findOwnAttachment, forgetChange, insertAttachment, isAttachmentIdTaken, noteChange, toAttachmentResource, type AttachmentRow, type Owner,
} from './attachment.repository.ts'
import { wasteContent, wasteIfUnused } from './contents.repository.ts'
import { findSoundContent } from './sound-content.ts'
import { deleteUpload, findOwnUpload, uploadsOf } from './upload.repository.ts'

/** @throws AppError not-found */
export async function listAttachments({ db, personal }: ServiceContext, who: Who, owner: Owner): Promise<AttachmentResource[]> {
  if (owner !== null && !(await findOwnRegistration(db, who.organizationId, owner))) throw new AppError('not-found')
  return (await attachmentsOf(db, who.organizationId, [owner])).map((row) => toAttachmentResource(row, personal))
}

/**
 * An attachment of content that the unit has already. Which hashes other units have cannot be asked here. Of one whose last bytes came and whose
 * answer was lost it says that it is there; one that has begun to come is to come whole.
 * @throws AppError attachment-content-unknown, and as checkClaim
 */
export async function attachStored(context: AttachmentContext, trx: CentralDb, who: Uploader, claim: AttachmentClaim): Promise<{ id: string }> {
  const there = await findOwnAttachment(trx, who.organizationId, claim.id)
  if (there) {
    requireSame(context.personal, 'attachment.details', there, claim)
    return { id: claim.id }
  }
  if (await findOwnUpload(trx, who.organizationId, claim.id)) throw new AppError('attachment-content-unknown')
  const seq = await nextSeq(trx, who.organizationId)
  await checkClaim(context, trx, who, claim)
  const content = await findSoundContent(context, trx, who.organizationId, context.personal.hashContent(who.organizationId, claim.sha256))
  if (content?.size !== claim.size || content.media_type !== claim.mediaType) throw new AppError('attachment-content-unknown')
  if (await isAttachmentIdTaken(trx, claim.id)) throw new AppError('request-malformed', { field: 'id' })
  await addAttachment(context, trx, who, claim, { contentId: content.id, seq })
  return { id: claim.id }
}

/**
 * Everything that can be said against an attachment before its content is looked at.
 * @throws AppError not-found and registration-left of its registration, forbidden of the unit itself to all but its 单位管理员, attachment-too-many, and what `attachmentProblem` finds
 */
export async function checkClaim({ clock }: ServiceContext, trx: CentralDb, who: Uploader, claim: AttachmentClaim): Promise<void> {
  const { registrationId, type, mediaType } = claim
  if (registrationId !== null) {
    const registration = await findOwnRegistration(trx, who.organizationId, registrationId)
    if (!registration) throw new AppError('not-found')
    if (registration.status === 'left') throw new AppError('registration-left')
  } else await requireStillUnitAdmin(trx, who)
  if (!attachmentTypesOf(registrationId === null ? 'organization' : 'registration').includes(type)) throw new AppError('request-malformed', { field: 'type' })
  const problem = attachmentProblem({ ...claim, kind: kindOfMediaType(mediaType) }, clock.now())
  if (problem) throw new AppError(problem.code, problem.details)
  const there = await attachmentsOf(trx, who.organizationId, [registrationId])
  if (there.filter((row) => !isReplaced(row, claim)).length >= mostAttachments) throw new AppError('attachment-too-many', { max: mostAttachments })
}

/** Of 人员相片 there is one of each: a later one takes the earlier one's place. */
const isReplaced = (row: AttachmentRow, { type }: AttachmentClaim) => row.type === type && photoTypes.includes(type)

/** The claim was checked, the unit's row is held, and the content is whole. */
export async function addAttachment(context: ServiceContext, trx: CentralDb, who: Who, claim: AttachmentClaim, { contentId, seq }: { contentId: string; seq: number }): Promise<void> {
  const { id, registrationId, type, proofDate } = claim
  const at = context.clock.now().toISOString()
  const replaced = (await attachmentsOf(trx, who.organizationId, [registrationId])).filter((row) => isReplaced(row, claim))
  await insertAttachment(trx, {
    id, organization_id: who.organizationId, registration_id: registrationId, type, proof_date: proofDate, content_id: contentId,
    details_sealed: sealDetails(context.personal, 'attachment.details', id, claim), account_id: who.accountId, uploaded_at: at,
  })
  await noteChange(trx, who.organizationId, registrationId, seq)
  await audit(context, trx, who, 'attachment-added', claim)
  for (const row of replaced) await drop(context, trx, who, row, 'attachment-replaced')
}

/**
 * 删除. The content goes with its last use.
 * @throws AppError not-found, forbidden
 */
export async function removeAttachment(context: ServiceContext, trx: CentralDb, who: Uploader, id: string): Promise<{ id: string }> {
  const seq = await nextSeq(trx, who.organizationId)
  const row = await findOwnAttachment(trx, who.organizationId, id)
  if (!row) throw new AppError('not-found')
  if (row.registration_id === null) await requireStillUnitAdmin(trx, who)
  await noteChange(trx, who.organizationId, row.registration_id, seq)
  await drop(context, trx, who, row, 'attachment-removed')
  return { id }
}

/** A registration that is withdrawn takes its attachments with it, and what is on its way to it. */
export async function removeAttachmentsOf(context: ServiceContext, trx: CentralDb, who: Who, registrationId: string): Promise<void> {
  for (const row of await attachmentsOf(trx, who.organizationId, [registrationId])) await drop(context, trx, who, row, 'attachment-removed')
  for (const { id, content_id } of await uploadsOf(trx, registrationId)) {
    await deleteUpload(trx, id)
    await wasteContent(trx, content_id, context.clock.now().toISOString())
  }
  await forgetChange(trx, who.organizationId, registrationId)
}

async function drop(context: ServiceContext, trx: CentralDb, who: Who, row: AttachmentRow, kind: 'attachment-removed' | 'attachment-replaced'): Promise<void> {
  await deleteAttachment(trx, row.id)
  await wasteIfUnused(trx, row.content_id, context.clock.now().toISOString())
  await audit(context, trx, who, kind, { id: row.id, registrationId: row.registration_id, type: row.type, size: row.size })
}

type Told = Pick<AttachmentClaim, 'id' | 'registrationId' | 'type' | 'size'>

/** Neither name nor hash: both tell something of a person. */
async function audit(context: ServiceContext, trx: CentralDb, who: Who, kind: string, { id, registrationId, type, size }: Told): Promise<void> {
  const { organizationId, accountId, deviceId } = who
  const details = { attachmentId: id, ...(registrationId === null ? {} : { registrationId }), type, size }
  await appendAudit(context.personal, trx, { kind, organizationId, accountId, deviceId, details }, context.clock.now())
}
