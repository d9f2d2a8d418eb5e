import type { BindingDecision } from '../../../shared/api/binding-reviews.ts'
import type { BindingReceipt } from '../../../shared/api/bindings.ts'
import { moveBinding, type BindingStatus } from '../../../shared/domain/binding.ts'
import type { RegistrationStatus } from '../../../shared/domain/statuses.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import type { CentralDb } from '../../database/database.ts'
import type { ServiceContext, Who } from '../../service-context.ts'
import { lastChangeOf } from '../attachments/attachment.repository.ts'
import { moveOne } from '../bindings/move-binding.ts'
import { nextSeq } from '../organization/organization.repository.ts'
import { checkedReason, decide } from '../reviews/decide.ts'
import { isInReviewScope } from '../reviews/review-scope.repository.ts'
import { findReviewedBinding } from './reviewed-people.repository.ts'

export const actionOf = ({ decision }: Pick<BindingDecision, 'decision'>) => (decision === 'approved' ? ('approve' as const) : ('refuse' as const))

/** A binding as a decision finds it, once its unit's row is held. */
export interface Standing {
  readonly status: BindingStatus
  readonly version: number
  readonly registrationVersion: number | null
  readonly registrationStatus: RegistrationStatus | null
  readonly attachmentsSeq: number
}

/**
 * Why a decision cannot be taken as things stand; null where nothing stands against it. That somebody else was faster comes before that something
 * changed: it tells more.
 */
export function problemOf(decision: BindingDecision, { status, version, registrationVersion, attachmentsSeq }: Standing): AppError | null {
  const move = moveBinding(actionOf(decision), 'implementer', status)
  if ('refusal' in move) return new AppError(move.refusal, { status })
  const isSeen = version === decision.baseVersion && registrationVersion === decision.registrationVersion && (decision.attachmentsSeq === null || decision.attachmentsSeq === attachmentsSeq)
  return isSeen ? null : new AppError('binding-changed')
}

/**
 * One decision of the 实施单位 on somebody of any unit on its project. Where it approves and the registration itself still waits, that is approved with it (ADR 0040).
 * @throws AppError not-found, binding-decided, binding-not-submitted, binding-ended, binding-changed, binding-registration-pending, and what is wrong with the reason
 */
export async function decideOne(context: ServiceContext, trx: CentralDb, who: Who, decision: BindingDecision): Promise<BindingReceipt> {
  const comment = decision.decision === 'approved' ? '' : checkedReason(decision.reason)
  const found = await findReviewedBinding(trx, who.organizationId, decision.id)
  if (!found) throw new AppError('not-found')
  // First, as every writer does: it holds the unit's row, so that nothing of the unit changes between look and decision.
  await nextSeq(trx, found.organization_id)
  const standing = await standingOf(trx, decision.id)
  if (!standing) throw new AppError('not-found')
  const problem = problemOf(decision, standing)
  if (problem) throw problem
  if (decision.decision === 'approved' && standing.registrationStatus === 'pending') await approveRegistration(context, trx, who, found)
  return moveOne(context, trx, who, { id: decision.id, baseVersion: decision.baseVersion, action: actionOf(decision), actor: 'implementer', comment })
}

async function approveRegistration(context: ServiceContext, trx: CentralDb, who: Who, { organization_id, registration_id }: { organization_id: string; registration_id: string | null }): Promise<void> {
  if (registration_id === null || !(await isInReviewScope(trx, who.organizationId, organization_id))) throw new AppError('binding-registration-pending')
  await decide(context, trx, { id: registration_id, version: null, attachmentsSeq: null, decision: { approve: true }, reviewer: who })
}

async function standingOf(trx: CentralDb, id: string): Promise<Standing | null> {
  const row = await trx
    .selectFrom('binding as b')
    .leftJoin('registration as r', 'r.id', 'b.registration_id')
    .select(['b.status', 'b.version', 'b.organization_id', 'b.registration_id', 'r.version as registration_version', 'r.status as registration_status'])
    .where('b.id', '=', id)
    .executeTakeFirst()
  if (!row) return null
  const attachmentsSeq = row.registration_id === null ? 0 : await lastChangeOf(trx, row.organization_id, row.registration_id)
  return { status: row.status, version: row.version, registrationVersion: row.registration_version, registrationStatus: row.registration_status, attachmentsSeq }
}
