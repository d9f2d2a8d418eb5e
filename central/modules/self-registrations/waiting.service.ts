import type { SelfRegistrationResource, WaitingSelfRegistration } from '../../../shared/api/self-registrations.ts'
import { maskIdCardNo } from '../../../shared/domain/masks.ts'
import { workerFormOf, type SelfPhoto } from '../../../shared/domain/self-registration.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import { appendAudit } from '../../audit/audit.repository.ts'
import type { ServiceContext, Who } from '../../service-context.ts'
import { contentKeyOf, type AttachmentContext } from '../attachments/attachment-context.ts'
import { findContent, partsOf } from '../attachments/contents.repository.ts'
import { openTexts } from './own-state.service.ts'
import { photosOf, waitingOn, type WaitingRow } from './self-registration.repository.ts'
import { requireWaiting } from './settle.service.ts'

/** Forms that wait for the own unit on a project; of one that it has no part in there are none. */
export async function listWaiting({ db, personal }: ServiceContext, { organizationId }: Who, projectId: string): Promise<WaitingSelfRegistration[]> {
  return (await waitingOn(db, organizationId, { projectId })).map((row) => toWaiting(row, workerFormOf(openTexts(personal, row))))
}

/** @throws AppError not-found, self-registration-settled */
export async function readWaiting(context: ServiceContext, who: Who, id: string): Promise<SelfRegistrationResource> {
  const { db, personal } = context
  await requireWaiting(db, who, id)
  const [row] = await waitingOn(db, who.organizationId, { id })
  if (!row) throw new AppError('self-registration-settled')
  await noteRead(context, who, id, 'form')
  const values = openTexts(personal, row)
  return { ...toWaiting(row, workerFormOf(values)), values, consentAt: row.consent_at, noticeVersion: row.notice_version }
}

/** Whole: it is small. @throws AppError not-found, self-registration-settled, attachment-damaged */
export async function readWaitingPhoto(context: AttachmentContext, who: Who, id: string, photo: SelfPhoto): Promise<Buffer> {
  const { db, personal, files, log } = context
  await requireWaiting(db, who, id)
  const contentId = (await photosOf(db, id)).find((each) => each.photo === photo)?.content_id
  const content = contentId === undefined ? undefined : await findContent(db, contentId)
  if (!content) throw new AppError('not-found')
  const blocks: Buffer[] = []
  try {
    for await (const block of files.read(contentKeyOf(personal, { content_id: content.id, key_sealed: content.key_sealed }), await partsOf(db, content.id))) blocks.push(block)
  } catch (error) {
    log({ level: 'error', message: 'photo damaged', selfRegistrationId: id, code: (error as { code?: unknown } | null)?.code })
    throw new AppError('attachment-damaged')
  }
  await noteRead(context, who, id, photo)
  return Buffer.concat(blocks)
}

const toWaiting = (row: WaitingRow, { name, idCardNo, workType }: { name: string; idCardNo: string; workType: string }): WaitingSelfRegistration => ({
  id: row.id, projectId: row.project_id, name, idCardNoMasked: maskIdCardNo(idCardNo), workType, submittedAt: row.submitted_at, registrationId: row.live_registration_id,
})

async function noteRead({ db, personal, clock }: ServiceContext, { organizationId, accountId, deviceId }: Who, selfRegistrationId: string, what: string): Promise<void> {
  await appendAudit(personal, db, { kind: 'self-registration-read', organizationId, accountId, deviceId, details: { selfRegistrationId, what } }, clock.now())
}
