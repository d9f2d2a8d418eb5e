import type * as v from 'valibot'
import type {
  ReviewedBinding, reviewedPeopleRequest, ReviewedPeoplePage, ReviewedPerson, reviewedProjectsPage, reviewedProjectsRequest,
} from '../../../shared/api/binding-reviews.ts'
import type { IdentityCheckMethod } from '../../../shared/domain/identity-check.ts'
import { maskIdCardNo } from '../../../shared/domain/masks.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import { appendAudit } from '../../audit/audit.repository.ts'
import { asSearched } from '../../database/contains.ts'
import type { CentralDb } from '../../database/database.ts'
import { inTransaction } from '../../database/transaction.ts'
import type { PersonalData } from '../../personal-data/personal-data.ts'
import type { ServiceContext, Who } from '../../service-context.ts'
import type { AttachmentContext } from '../attachments/attachment-context.ts'
import { attachmentsOf, findOwnAttachment, lastChangeOf, toAttachmentResource } from '../attachments/attachment.repository.ts'
import { openContent, type Download } from '../attachments/download.service.ts'
import { facePictureOf } from '../faces/face-picture.ts'
import { identityChecksOf, passedIdentityChecks, picturesOf } from '../identity-checks/identity-check.repository.ts'
import { findOwnRegistration, valuesOf } from '../registrations/registration.repository.ts'
import { makePlace, readPlace } from '../reviews/list-place.ts'
import { countPeople, findPeople, findReviewedBinding, findUnregistered, historyOf, nameOf, type PersonRow, type ReviewedBindingRow } from './reviewed-people.repository.ts'
import { countReviewedProjects, findReviewedProject, findReviewedProjects } from './reviewed-projects.repository.ts'

/** Projects of which the caller's unit is the 实施单位. */
export async function searchProjects({ db }: ServiceContext, who: Who, { page, pageSize, ...filter }: v.InferOutput<typeof reviewedProjectsRequest>): Promise<v.InferOutput<typeof reviewedProjectsPage>> {
  const total = await countReviewedProjects(db, who.organizationId, filter)
  const shown = Math.min(page, Math.max(1, Math.ceil(total / pageSize)))
  return { items: await findReviewedProjects(db, who.organizationId, filter, { offset: (shown - 1) * pageSize, limit: pageSize }), total, page: shown }
}

/** @throws AppError not-found where the unit is not the project's 实施单位, cursor-expired */
export async function searchPeople({ db, personal }: ServiceContext, who: Who, { query, cursor, limit, ...asked }: v.InferOutput<typeof reviewedPeopleRequest>): Promise<ReviewedPeoplePage> {
  const project = await findReviewedProject(db, who.organizationId, asked.projectId)
  if (!project) throw new AppError('not-found')
  const name = asSearched(query)
  const filter = { ...asked, name, foundUnregistered: name === '' ? [] : await findUnregistered(db, personal, asked, name) }
  const found = await findPeople(db, filter, readPlace(cursor), limit + 1)
  const rows = found.slice(0, limit)
  const passed = await passedIdentityChecks(db, rows.flatMap(({ registration_id }) => registration_id ?? []))
  const last = rows.at(-1)
  return {
    project,
    items: rows.map((row) => toPerson(row, personal, passed)),
    total: await countPeople(db, filter),
    next: found.length > limit && last ? makePlace({ at: last.since, id: last.id }) : null,
  }
}

/**
 * One of them: whole while it waits, and else masked with what was done. That somebody outside the unit read a person's data is in the unit's audit.
 * @throws AppError not-found where the unit is not the project's 实施单位
 */
export async function readBinding(context: ServiceContext, who: Who, id: string): Promise<ReviewedBinding> {
  return inTransaction(context.db, async (trx) => {
    const row = await findReviewedBinding(trx, who.organizationId, id)
    if (!row) throw new AppError('not-found')
    const registrationId = row.registration_id
    const pictures = registrationId === null ? null : await picturesOf(trx, row.organization_id, registrationId)
    const { registration, maskedIdCardNo } = await recordOf(context, trx, row)
    if (registration) {
      const { accountId, deviceId } = who
      await appendAudit(context.personal, trx, { kind: 'binding-read-by-reviewer', organizationId: row.organization_id, accountId, deviceId, details: { bindingId: id } }, context.clock.now())
    }
    return {
      ...toPerson(row, context.personal, await passedIdentityChecks(trx, registrationId === null ? [] : [registrationId])),
      projectId: row.project_id, projectNo: row.project_no, projectName: row.project_name, status: row.status, team: row.team_name ?? '', maskedIdCardNo, registration,
      history: await historyOf(trx, id),
      identityChecks: registrationId === null ? [] : await identityChecksOf(trx, context.personal, registrationId, pictures),
    }
  })
}

async function recordOf({ personal }: ServiceContext, trx: CentralDb, row: ReviewedBindingRow): Promise<Pick<ReviewedBinding, 'registration' | 'maskedIdCardNo'>> {
  // What was never handed in is the unit's own.
  const id = row.status === 'unsubmitted' ? null : row.registration_id
  // The number first: what changes in between has the decision refused, and not taken unseen.
  const attachmentsSeq = id === null ? 0 : await lastChangeOf(trx, row.organization_id, id)
  const found = id === null ? undefined : await findOwnRegistration(trx, row.organization_id, id)
  if (!found) return { registration: null, maskedIdCardNo: '' }
  const values = valuesOf(found, personal)
  const maskedIdCardNo = maskIdCardNo(values.idCardNo)
  if (row.status !== 'pending') return { registration: null, maskedIdCardNo }
  const attachments = (await attachmentsOf(trx, row.organization_id, [found.id])).map((attachment) => toAttachmentResource(attachment, personal))
  return { registration: { values, pending: found.status === 'pending', attachments, attachmentsSeq, facePicture: await facePictureOf(trx, personal, row.id) }, maskedIdCardNo }
}

/**
 * The content of a photo or attachment of somebody who waits for the caller's decision; in the unit's audit too.
 * @throws AppError not-found outside the unit's projects and for attachments of anything else, binding-decided, attachment-damaged
 */
export async function openBindingAttachment(context: AttachmentContext, who: Who, id: string, attachmentId: string): Promise<Download> {
  const row = await findReviewedBinding(context.db, who.organizationId, id)
  if (!row || row.registration_id === null || row.status === 'unsubmitted') throw new AppError('not-found')
  if (row.status !== 'pending') throw new AppError('binding-decided')
  const attachment = await findOwnAttachment(context.db, row.organization_id, attachmentId)
  if (attachment?.registration_id !== row.registration_id) throw new AppError('not-found')
  return openContent(context, attachment, who, 'attachment-read-by-reviewer')
}

function toPerson(row: PersonRow, personal: PersonalData, passed: ReadonlyMap<string, IdentityCheckMethod>): ReviewedPerson {
  return {
    id: row.id, version: row.version, organizationName: row.organization_name, personType: row.person_type, name: nameOf(row, personal), registrationVersion: row.registration_version,
    identityCheck: (row.registration_id !== null && passed.get(row.registration_id)) || null, since: row.since, comment: row.review_comment,
  }
}
