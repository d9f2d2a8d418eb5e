import { appendAudit } from '../audit/audit.repository.ts'
import { findAccount, setReviewsRegistrations } from '../auth/accounts.repository.ts'
import { inTransaction } from '../database/transaction.ts'
import { findOrganization } from '../modules/organization/organization.repository.ts'
import { decide, type Decision } from '../modules/reviews/decide.ts'
import { addToReviewScope, takeFromReviewScope } from '../modules/reviews/review-scope.repository.ts'
import type { ServiceContext } from '../service-context.ts'

/** How the operator says who reviews registrations, and decides on those that nobody else may. */

/**
 * Gives an account 登记审核 or takes it away. Only the implementing side reviews (manual 5.2).
 * @throws Error of one line where there is no such account, or its unit is no 实施单位
 */
export async function setReviewer({ db, clock, personal }: ServiceContext, accountId: string, reviews: boolean): Promise<void> {
  await inTransaction(db, async (trx) => {
    const account = await findAccount(trx, accountId)
    if (!account) throw new Error('没有这个账号。')
    const organization = await findOrganization(trx, account.organization_id)
    if (reviews && organization?.kind !== 'implementer') throw new Error('只有实施单位的账号可以审核登记。')
    await setReviewsRegistrations(trx, accountId, reviews)
    const kind = reviews ? 'reviewer-appointed' : 'reviewer-dismissed'
    await appendAudit(personal, trx, { kind, organizationId: account.organization_id, accountId, deviceId: null, details: {} }, clock.now())
  })
}

/**
 * Puts a unit into the review scope of an implementing unit, or takes it out. Not its own: nobody approves what they handed in.
 * @throws Error of one line where one of them is not what it should be
 */
export async function setReviewScope({ db, clock, personal }: ServiceContext, reviewerOrganizationId: string, organizationId: string, reviews: boolean): Promise<void> {
  await inTransaction(db, async (trx) => {
    const reviewer = await findOrganization(trx, reviewerOrganizationId)
    const reviewed = await findOrganization(trx, organizationId)
    if (!reviewer || !reviewed) throw new Error('没有这个单位。')
    if (reviewer.kind !== 'implementer') throw new Error('只有实施单位可以审核其他单位的登记。')
    if (reviewer.id === reviewed.id) throw new Error('实施单位不能审核本单位的登记。')
    await (reviews ? addToReviewScope(trx, reviewer.id, reviewed.id, clock.now().toISOString()) : takeFromReviewScope(trx, reviewer.id, reviewed.id))
    // On the chain of the unit whose people are seen.
    const kind = reviews ? 'review-scope-added' : 'review-scope-removed'
    await appendAudit(personal, trx, { kind, organizationId: reviewed.id, accountId: null, deviceId: null, details: { reviewerOrganizationId: reviewer.id } }, clock.now())
  })
}

/**
 * Decides on a registration whatever its review scope: the operator's own word, as for an implementing unit's own people.
 * @throws AppError not-found, review-done
 */
export async function reviewRegistration(context: ServiceContext, id: string, decision: Decision): Promise<void> {
  await inTransaction(context.db, (trx) => decide(context, trx, { id, version: null, attachmentsSeq: null, decision, reviewer: null }))
}
