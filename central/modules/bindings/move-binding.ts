import type { BindingReceipt } from '../../../shared/api/bindings.ts'
import { moveBinding, submissionBlock, type BindingAction, type BindingActor, type BindingStatus } from '../../../shared/domain/binding.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import { appendAudit } from '../../audit/audit.repository.ts'
import type { CentralDb } from '../../database/database.ts'
import { newId } from '../../database/new-id.ts'
import type { ServiceContext, Who } from '../../service-context.ts'
import { forgetFaceData, forgetPictureOf } from '../faces/face-data.repository.ts'
import { nextSeq } from '../organization/organization.repository.ts'
import { findBinding, insertBindingEvent, updateBinding, type BindingRow } from './binding.repository.ts'
import { bindElsewhere } from './filed-managers.ts'
import { tellProject } from './project-counts.ts'
import { submissionFacts } from './submission-facts.ts'
import { dropLeader } from './teams.service.ts'

export interface Move {
  readonly id: string
  /** That was looked at; null: whichever there is now. */
  readonly baseVersion: number | null
  readonly action: BindingAction
  /** As what `who` acts; whether they may is asked where nobody else has (`own-unit` here, `implementer` by the caller). */
  readonly actor: BindingActor
  /** 审核意见, checked; '' where there is none. */
  readonly comment: string
}

/**
 * Does one thing to one binding: the only way in which one ever changes its status, but for many decisions at once (`writeDecisions`). The unit whose person it is sees it with its next
 * pull. Its row is held first, so that of two who decide at once one wins and the other hears why not.
 * @param who null: the approval system or the operator
 * @throws AppError not-found, binding-changed, binding-blocked with details {block}, and whatever `moveBinding` refuses with
 */
export async function moveOne(context: ServiceContext, trx: CentralDb, who: Who | null, move: Move): Promise<BindingReceipt> {
  const place = await findBinding(trx, move.id)
  if (!place) throw new AppError('not-found')
  if (move.actor === 'own-unit' && who?.organizationId !== place.organization_id) throw new AppError('not-found')
  const seq = await nextSeq(trx, place.organization_id)
  const current = await findBinding(trx, move.id)
  if (!current) throw new AppError('not-found')
  const next = moveBinding(move.action, move.actor, current.status)
  // What it has become says more than that it changed.
  if ('refusal' in next) throw new AppError(next.refusal)
  if (move.baseVersion !== null && current.version !== move.baseVersion) throw new AppError('binding-changed')
  const now = context.clock.now()
  const at = now.toISOString()
  const version = current.version + 1
  await updateBinding(trx, current.id, { status: next.to, ending: next.ending, version, seq, updated_at: at, ...(await changeOf(context, trx, current, move, next.to, at)) })
  await insertBindingEvent(trx, {
    id: newId(now), binding_id: current.id, at, action: move.action, status: next.to, comment: move.comment, organization_id: who?.organizationId ?? null, account_id: who?.accountId ?? null,
  })
  if (next.to === 'approved') await forgetPictureOf(trx, current.organization_id, current.id)
  if (next.to === 'ended') {
    await dropLeader(trx, current.organization_id, current.id)
    await forgetFaceData(trx, current.organization_id, { bindingId: current.id })
    await tellProject(trx, current.organization_id, current.project_id)
    if (next.ending !== 'project-completed') await bindElsewhere(context, trx, current)
  }
  await appendAudit(context.personal, trx, {
    kind: `binding-${move.action}`, organizationId: current.organization_id, accountId: who?.accountId ?? null, deviceId: who?.deviceId ?? null, details: { bindingId: current.id },
  }, now)
  return { id: current.id, version, bindingStatus: next.to }
}

/** What else changes with the status. */
async function changeOf(context: ServiceContext, trx: CentralDb, current: BindingRow, { action, comment }: Move, to: BindingStatus, at: string): Promise<Partial<BindingRow>> {
  if (action === 'submit') {
    const { facts, registrationId } = await submissionFacts(context, trx, current)
    const block = submissionBlock(facts)
    if (block) throw new AppError('binding-blocked', { block })
    return { registration_id: registrationId, submitted_at: at, review_comment: null, decided_at: null }
  }
  if (action === 'approve' || action === 'refuse') return { decided_at: at, review_comment: to === 'refused' ? comment : null }
  return { ended_at: at }
}
