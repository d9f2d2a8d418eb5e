import type { Settlement } from '../../../shared/api/self-registrations.ts'
import { reasonProblem } from '../../../shared/domain/reasons.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import { appendAudit } from '../../audit/audit.repository.ts'
import type { CentralDb } from '../../database/database.ts'
import type { ServiceContext, Who } from '../../service-context.ts'
import { nextSeq } from '../organization/organization.repository.ts'
import { findSelfRegistration, oldestSetAside, updateSelfRegistration, waitingOf, type SelfRegistrationRow } from './self-registration.repository.ts'

/**
 * 退回 of a form that waits, or that its person is registered already. Another one of the same person, which stood behind it, comes next.
 * @throws AppError not-found where the form or the registration is another unit's, self-registration-settled where somebody was faster, and what is wrong with the reason
 */
export async function settleSelfRegistration(context: ServiceContext, trx: CentralDb, who: Who, id: string, settlement: Settlement): Promise<{ id: string }> {
  if (settlement.decision === 'returned') {
    const problem = reasonProblem(settlement.reason)
    if (problem) throw new AppError(problem)
  }
  await nextSeq(trx, who.organizationId)
  const row = await requireWaiting(trx, who, id)
  if (settlement.decision === 'registered' && !(await isOwnRegistration(trx, who, settlement.registrationId))) throw new AppError('not-found')
  await settle(context, trx, who, row, settlement)
  return { id }
}

/**
 * A person who has just been registered with the own unit: the form that waited was taken over, whoever typed it, on whichever of its
 * projects. In the transaction of the registration, with the unit's row held.
 */
export async function settleRegistered(context: ServiceContext, trx: CentralDb, who: Who, registered: ReadonlyMap<string, string>): Promise<void> {
  for (const row of await waitingOf(trx, who.organizationId, [...registered.keys()])) {
    await settle(context, trx, who, row, { decision: 'registered', registrationId: registered.get(row.id_card_no_hash) ?? '' })
  }
}

/** One that waits for the own unit. @throws AppError not-found, self-registration-settled */
export async function requireWaiting(db: CentralDb, { organizationId }: Pick<Who, 'organizationId'>, id: string): Promise<SelfRegistrationRow> {
  const row = await findSelfRegistration(db, id)
  // What stands behind another one, or is incomplete, the unit does not know of.
  if (row?.organization_id !== organizationId || row.seq === 0) throw new AppError('not-found')
  if (row.state !== 'waiting') throw new AppError('self-registration-settled')
  return row
}

async function isOwnRegistration(trx: CentralDb, { organizationId }: Who, id: string): Promise<boolean> {
  return (await trx.selectFrom('registration').select('id').where('organization_id', '=', organizationId).where('id', '=', id).executeTakeFirst()) !== undefined
}

async function settle({ personal, clock }: ServiceContext, trx: CentralDb, { organizationId, accountId, deviceId }: Who, row: SelfRegistrationRow, settlement: Settlement): Promise<void> {
  const now = clock.now()
  await updateSelfRegistration(trx, row.id, {
    state: settlement.decision, settled_at: now.toISOString(), settled_by: accountId,
    ...(settlement.decision === 'returned'
      ? { reason_sealed: personal.seal(settlement.reason.trim(), { column: 'self_registration.reason', rowId: row.id }) }
      : { registration_id: settlement.registrationId }),
  })
  await letNextWait(trx, row)
  await appendAudit(personal, trx, { kind: `self-registration-${settlement.decision}`, organizationId, accountId, deviceId, details: { selfRegistrationId: row.id, projectId: row.project_id } }, now)
}

/** One that waited is out of the way: the oldest that stands behind it takes its turn. The unit's row is held. */
export async function letNextWait(trx: CentralDb, row: SelfRegistrationRow): Promise<void> {
  const next = await oldestSetAside(trx, row)
  if (next) await updateSelfRegistration(trx, next.id, { state: 'waiting', seq: await nextSeq(trx, row.organization_id) })
}
