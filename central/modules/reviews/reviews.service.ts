import type * as v from 'valibot'
import type { pushResult } from '../../../shared/api/resources.ts'
import type { decidedPage, DecisionRequest, pendingPage, PendingResource, pendingSearchRequest } from '../../../shared/api/review-resources.ts'
import { shanghaiDate } from '../../../shared/domain/dates.ts'
import { checkIdCardNo } from '../../../shared/domain/id-card-no.ts'
import { maskIdCardNo } from '../../../shared/domain/masks.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import { appendAudit } from '../../audit/audit.repository.ts'
import { asSearched } from '../../database/contains.ts'
import type { CentralDb } from '../../database/database.ts'
import { inTransaction } from '../../database/transaction.ts'
import { statusOf } from '../../http/problem-status.ts'
import type { PersonalData } from '../../personal-data/personal-data.ts'
import type { ServiceContext, Who } from '../../service-context.ts'
import { writeOnce } from '../../write-once.ts'
import { attachmentsOf, lastChangeOf, toAttachmentResource } from '../attachments/attachment.repository.ts'
import { valuesOf } from '../registrations/registration.repository.ts'
import { makePlace, readPlace } from './list-place.ts'
import { organizationsInScope } from './review-scope.repository.ts'
import { countPending, findDecided, findInScope, findPending, reviewedBefore, reviewsOf, toReviewResource, type PendingFilter, type PendingRow } from './reviews.repository.ts'

type DecisionResult = v.InferOutput<typeof pushResult>

/** What waits in the caller's review scope, longest waiting first. @throws AppError cursor-expired */
export async function searchPending(context: ServiceContext, who: Who, { query, organizationId, cursor, limit }: v.InferOutput<typeof pendingSearchRequest>): Promise<v.InferOutput<typeof pendingPage>> {
  const { db, personal } = context
  const filter: PendingFilter = { organizationId, text: textOf(context, query) }
  const found = await findPending(db, who.organizationId, filter, readPlace(cursor), limit + 1)
  const rows = found.slice(0, limit)
  const before = await reviewedBefore(db, rows.map(({ id }) => id))
  const last = rows.at(-1)
  return {
    items: rows.map((row) => toItem(row, personal, before.has(row.id))),
    total: await countPending(db, who.organizationId, filter),
    next: found.length > limit && last ? makePlace({ at: last.updated_at, id: last.id }) : null,
    organizations: await organizationsInScope(db, who.organizationId),
    approvesAutomatically: context.approvesAutomatically ?? false,
  }
}

/**
 * One registration that waits, whole, with what it has of photos and attachments. That somebody outside the unit read a person's data is in the unit's audit.
 * @throws AppError not-found outside the review scope, review-done
 */
export async function readPending(context: ServiceContext, who: Who, id: string): Promise<PendingResource> {
  const { personal } = context
  return inTransaction(context.db, async (trx) => {
    const row = await findToReview(trx, who, id)
    // The number first: what changes in between has the decision refused, and not taken unseen.
    const attachmentsSeq = await lastChangeOf(trx, row.organization_id, id)
    const attachments = (await attachmentsOf(trx, row.organization_id, [id])).map((attachment) => toAttachmentResource(attachment, personal))
    const reviews = await reviewsOf(trx, id)
    const { accountId, deviceId } = who
    await appendAudit(personal, trx, { kind: 'registration-read-by-reviewer', organizationId: row.organization_id, accountId, deviceId, details: { registrationId: id } }, context.clock.now())
    return { ...toItem(row, personal, reviews.length > 0), values: valuesOf(row, personal), createdAt: row.created_at, reviews: reviews.map(toReviewResource), attachments, attachmentsSeq }
  })
}

/** A registration that the caller may decide on. @throws AppError not-found outside the review scope, review-done */
export async function findToReview(db: CentralDb, who: Who, id: string): Promise<PendingRow> {
  const row = await findInScope(db, who.organizationId, id)
  if (!row) throw new AppError('not-found')
  if (row.status !== 'pending') throw new AppError('review-done')
  return row
}

/** Each decision stands by itself: those of several units in one transaction would wait for one another. */
export async function decideAll(context: ServiceContext, who: Who, decisions: readonly DecisionRequest[]): Promise<DecisionResult[]> {
  const results: DecisionResult[] = []
  for (const decision of decisions) results.push(await decideOne(context, who, decision))
  return results
}

async function decideOne(context: ServiceContext, who: Who, decision: DecisionRequest): Promise<DecisionResult> {
  try {
    return { opId: decision.opId, outcome: 'applied', receipt: await writeOnce(context, who, { kind: 'review', ...decision }) }
  } catch (error) {
    if (!(error instanceof AppError) || statusOf(error.code) === 500) throw error
    return { opId: decision.opId, outcome: 'refused', problem: { code: error.code, retriable: error.retriable, details: { ...error.details } } }
  }
}

/** What the caller's unit decided, newest first. @throws AppError cursor-expired */
export async function listDecided({ db, personal }: ServiceContext, who: Who, cursor: string | null, limit: number): Promise<v.InferOutput<typeof decidedPage>> {
  const found = await findDecided(db, who.organizationId, readPlace(cursor), limit + 1)
  const rows = found.slice(0, limit)
  const last = rows.at(-1)
  const items = rows.map((row) => ({ ...toReviewResource(row), organizationName: row.organization_name, name: row.name, maskedIdCardNo: maskedOf(row, personal) }))
  return { items, next: found.length > limit && last ? makePlace({ at: last.at, id: last.id }) : null }
}

function toItem(row: PendingRow, personal: PersonalData, resubmitted: boolean) {
  return {
    id: row.id, version: row.version, organizationId: row.organization_id, organizationName: row.organization_name, personType: row.person_type, name: row.name,
    maskedIdCardNo: maskedOf(row, personal), jobPosition: valuesOf(row, personal).jobPosition, submittedAt: row.updated_at, resubmitted,
  }
}

const maskedOf = (row: { person_id: string; id_card_no_sealed: string }, personal: PersonalData) =>
  maskIdCardNo(personal.open(row.id_card_no_sealed, { column: 'person.id_card_no', rowId: row.person_id }))

function textOf({ personal, clock }: ServiceContext, query: string): PendingFilter['text'] {
  const name = asSearched(query)
  if (name === '') return null
  const number = checkIdCardNo(query, shanghaiDate(clock.now()))
  return { name, idCardNoHash: number.ok ? personal.hashIdCardNo(number.normalized) : null }
}
