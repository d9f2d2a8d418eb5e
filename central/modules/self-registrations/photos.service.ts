import { contentHeadBytes, kindOfContent } from '../../../shared/domain/attachments.ts'
import type { SelfRegistrationReceipt } from '../../../shared/api/self-registrations.ts'
import { largestSelfPhoto, selfPhotos, type SelfPhoto } from '../../../shared/domain/self-registration.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import { appendAudit } from '../../audit/audit.repository.ts'
import type { CentralDb } from '../../database/database.ts'
import type { AttachmentContext } from '../attachments/attachment-context.ts'
import { wasteIfUnused } from '../attachments/contents.repository.ts'
import { keepContent } from '../attachments/keep-content.service.ts'
import { nextSeq } from '../organization/organization.repository.ts'
import { findSelfRegistration, findWaiting, photosOf, putPhoto, updateSelfRegistration, type SelfRegistrationRow } from './self-registration.repository.ts'
import { receiptOf, requireOwn } from './submit.service.ts'

/**
 * Keeps a photo among the unit's contents. With the last one the form is whole, and the unit may see it. Of a form that is whole
 * already photos are taken no more and the answer is the same: it was lost once.
 * @param bytes at most `largestSelfPhoto`
 * @throws AppError not-found, attachment-empty, attachment-kind-refused, attachment-quota, attachment-disk-full
 */
export async function keepSelfPhoto(context: AttachmentContext, { id, token, photo, bytes }: { id: string; token: string; photo: SelfPhoto; bytes: Buffer }): Promise<SelfRegistrationReceipt> {
  const { db, clock } = context
  const row = await requireOwn(db, id, token)
  if (row.state !== 'incomplete') return receiptOf(db, row)
  if (bytes.length === 0) throw new AppError('attachment-empty')
  if (bytes.length > largestSelfPhoto) throw new AppError('attachment-too-large', { max: largestSelfPhoto >> 20 })
  if (kindOfContent(bytes.subarray(0, contentHeadBytes)) !== 'jpeg') throw new AppError('attachment-kind-refused')
  return keepContent(context, row.organization_id, { bytes, mediaType: 'image/jpeg' }, async (trx, contentId) => {
    const now = clock.now().toISOString()
    const present = await findSelfRegistration(trx, id)
    if (!present) throw new AppError('not-found')
    // Whole meanwhile, with the same photo sent at the same moment: the unit may have seen that one.
    if (present.state !== 'incomplete') {
      await wasteIfUnused(trx, contentId, now)
      return receiptOf(trx, present)
    }
    const before = (await photosOf(trx, id)).find((other) => other.photo === photo)
    await putPhoto(trx, id, photo, contentId)
    if (before && before.content_id !== contentId) await wasteIfUnused(trx, before.content_id, now)
    return completed(context, trx, present)
  })
}

/** The unit's row is held, so of two forms for one person the second sees the first. */
async function completed(context: AttachmentContext, trx: CentralDb, row: SelfRegistrationRow): Promise<SelfRegistrationReceipt> {
  const { id, organization_id, project_id } = row
  if ((await photosOf(trx, id)).length < selfPhotos.length) return receiptOf(trx, row)
  const isSecond = (await findWaiting(trx, row)) !== undefined
  const state = isSecond ? 'set-aside' : 'waiting'
  await updateSelfRegistration(trx, id, { state, seq: isSecond ? 0 : await nextSeq(trx, organization_id) })
  await appendAudit(context.personal, trx, { kind: 'self-registration-whole', organizationId: organization_id, accountId: null, deviceId: null, details: { selfRegistrationId: id, projectId: project_id } }, context.clock.now())
  return receiptOf(trx, { id, state })
}
