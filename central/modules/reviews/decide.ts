import type { WriteReceipt } from '../../../shared/api/resources.ts'
import type { DecisionRequest } from '../../../shared/api/review-resources.ts'
import { reasonMaxLength, reasonProblem } from '../../../shared/domain/reasons.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import { appendAudit } from '../../audit/audit.repository.ts'
import type { CentralDb } from '../../database/database.ts'
import { newId } from '../../database/new-id.ts'
import type { ServiceContext, Who } from '../../service-context.ts'
import { lastChangeOf } from '../attachments/attachment.repository.ts'
import { nextSeq } from '../organization/organization.repository.ts'
import { isInReviewScope } from './review-scope.repository.ts'
import { insertReview } from './reviews.repository.ts'

/** One decision of a reviewer, as a write under its key. */
export type ReviewOperation = DecisionRequest & { readonly kind: 'review' }

export type Decision = { readonly approve: true } | { readonly approve: false; readonly comment: string }

interface Decided {
  readonly id: string
  /** Null: whichever there is now. */
  readonly version: number | null
  /** Of its attachments, as `lastChangeOf` tells it; null: whichever there are now. */
  readonly attachmentsSeq: number | null
  readonly decision: Decision
  /** Null: the operator. */
  readonly reviewer: Who | null
}

/**
 * A reviewer's decision on the version that was looked at. The unit sees it with its next pull.
 * @throws AppError not-found outside the review scope, review-changed, review-done, and what is wrong with the reason
 */
export async function decideAsReviewer(context: ServiceContext, trx: CentralDb, who: Who, operation: ReviewOperation): Promise<WriteReceipt> {
  const decision: Decision = operation.decision === 'approved' ? { approve: true } : { approve: false, comment: checkedReason(operation.reason) }
  return decide(context, trx, { id: operation.id, version: operation.baseVersion, attachmentsSeq: operation.attachmentsSeq, decision, reviewer: who })
}

/** @throws AppError not-found, review-changed, review-done */
export async function decide(context: ServiceContext, trx: CentralDb, { id, version, attachmentsSeq, decision, reviewer }: Decided): Promise<WriteReceipt> {
  const found = await trx.selectFrom('registration').select('organization_id').where('id', '=', id).executeTakeFirst()
  if (!found) throw new AppError('not-found')
  // First, as every writer does: it holds the unit's row, so that nothing of the unit changes between look and decision.
  const seq = await nextSeq(trx, found.organization_id)
  if (reviewer && !(await isInReviewScope(trx, reviewer.organizationId, found.organization_id))) throw new AppError('not-found')
  const current = await trx.selectFrom('registration').select(['status', 'version']).where('id', '=', id).executeTakeFirst()
  if (!current) throw new AppError('not-found')
  if (current.status !== 'pending') throw new AppError('review-done')
  if (version !== null && current.version !== version) throw new AppError('review-changed')
  // Attachments have no part in the version: a photo that was exchanged after somebody looked at it would be approved unseen.
  if (attachmentsSeq !== null && (await lastChangeOf(trx, found.organization_id, id)) !== attachmentsSeq) throw new AppError('review-changed')
  const now = context.clock.now()
  const at = now.toISOString()
  const reason = decision.approve ? '' : decision.comment
  const receipt: WriteReceipt = { id, version: current.version + 1, status: decision.approve ? 'active' : 'refused' }
  const change = { status: receipt.status, review_comment: decision.approve ? null : reason, version: receipt.version, seq, updated_at: at }
  await trx.updateTable('registration').set(change).where('id', '=', id).execute()
  await insertReview(trx, {
    id: newId(now), registration_id: id, version: current.version, decision: decision.approve ? 'approved' : 'refused', reason,
    reviewer_organization_id: reviewer?.organizationId ?? null, account_id: reviewer?.accountId ?? null, at,
  })
  const kind = decision.approve ? 'registration-approved' : 'registration-refused'
  await appendAudit(context.personal, trx, {
    kind, organizationId: found.organization_id, accountId: reviewer?.accountId ?? null, deviceId: reviewer?.deviceId ?? null, details: { registrationId: id },
  }, now)
  return receipt
}

/** @throws AppError reason-missing, reason-too-long, reason-has-number */
export function checkedReason(reason: string): string {
  const problem = reasonProblem(reason)
  if (problem) throw new AppError(problem, { max: reasonMaxLength })
  return reason.trim()
}
