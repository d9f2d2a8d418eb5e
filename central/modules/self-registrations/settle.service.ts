import { reasonProblem } from '../../../shared/domain/reasons.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import { appendAudit } from '../../audit/audit.repository.ts'
import type { CentralDb } from '../../database/database.ts'
import type { ServiceContext, Who } from '../../service-context.ts'
import { nextSeq } from '../organization/organization.repository.ts'
import { findSelfRegistration, oldestSetAside, updateSelfRegistration } from './self-registration.repository.ts'

/** What a clerk decides: the person is in a registration now, or the worker is to send it anew. */
export type Settlement = { readonly decision: 'registered'; readonly registrationId: string } | { readonly decision: 'returned'; readonly reason: string }

/**
 * 核对登记 or 退回 of a form that waits. Another one of the same person, which stood behind it, comes next.
 * @throws AppError not-found where it is another unit's, self-registration-settled where somebody was faster, and what is wrong with the reason
 */
export async function settleSelfRegistration(context: ServiceContext, trx: CentralDb, who: Who, id: string, settlement: Settlement): Promise<{ id: string }> {
  const { personal, clock } = context
  const { organizationId, accountId, deviceId } = who
  if (settlement.decision === 'returned') {
    const problem = reasonProblem(settlement.reason)
    if (problem) throw new AppError(problem)
  }
  const seq = await nextSeq(trx, organizationId)
  const row = await findSelfRegistration(trx, id)
  if (row?.organization_id !== organizationId || row.seq === 0) throw new AppError('not-found')
  if (row.state !== 'waiting') throw new AppError('self-registration-settled')
  const now = clock.now()
  await updateSelfRegistration(trx, id, {
    state: settlement.decision, seq, settled_at: now.toISOString(), settled_by: accountId,
    ...(settlement.decision === 'returned'
      ? { reason_sealed: personal.seal(settlement.reason.trim(), { column: 'self_registration.reason', rowId: id }) }
      : { registration_id: settlement.registrationId }),
  })
  const next = await oldestSetAside(trx, row)
  if (next) await updateSelfRegistration(trx, next.id, { state: 'waiting', seq: await nextSeq(trx, organizationId) })
  await appendAudit(personal, trx, { kind: `self-registration-${settlement.decision}`, organizationId, accountId, deviceId, details: { selfRegistrationId: id, projectId: row.project_id } }, now)
  return { id }
}
