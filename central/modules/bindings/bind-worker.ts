import type { BindingReceipt, NewBinding } from '../../../shared/api/bindings.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import { appendAudit } from '../../audit/audit.repository.ts'
import { isUniqueViolation } from '../../database/constraint.ts'
import type { CentralDb } from '../../database/database.ts'
import { newId } from '../../database/new-id.ts'
import type { ServiceContext, Who } from '../../service-context.ts'
import { nextSeq } from '../organization/organization.repository.ts'
import { findLink, holdProject } from '../projects/project.repository.ts'
import { findOwnRegistration } from '../registrations/registration.repository.ts'
import { TakenMeanwhile } from '../registrations/registrations.service.ts'
import { findBinding, findLiveBinding, insertBinding, insertBindingEvent } from './binding.repository.ts'
import { tellProject } from './project-counts.ts'
import { isProjectOpen } from './submission-facts.ts'
import { requireTeamOf } from './teams.service.ts'

/**
 * 新增 of a 现场作业人员 on a project (manual 5.3): 待提交 until it is submitted. A manager comes by the unit's filing alone.
 * @throws AppError not-found, project-not-found, binding-blocked where the project is closed or the registration ended, binding-here with the id where it is the own unit's
 */
export async function bindWorker(context: ServiceContext, trx: CentralDb, who: Who, { id, projectId, registrationId, teamId }: NewBinding): Promise<BindingReceipt> {
  // Before the unit, as the feed holds them: nobody comes onto a project between its end and the end of its bindings.
  await holdProject(trx, projectId)
  const seq = await nextSeq(trx, who.organizationId)
  const link = await findLink(trx, who.organizationId, projectId)
  if (link?.archived_at !== null) throw new AppError('project-not-found')
  if (!(await isProjectOpen(trx, projectId, who.organizationId))) throw new AppError('binding-blocked', { block: 'project-closed' })
  const registration = await findOwnRegistration(trx, who.organizationId, registrationId)
  if (registration?.person_type !== 'worker') throw new AppError('not-found')
  if (registration.status === 'left') throw new AppError('binding-blocked', { block: 'not-registered' })
  if (registration.status === 'refused') throw new AppError('binding-blocked', { block: 'registration-refused' })
  if (teamId !== null) await requireTeamOf(trx, who, projectId, teamId)
  const hash = registration.id_card_no_hash
  const now = context.clock.now()
  const at = now.toISOString()
  const explain = async (db: CentralDb) => {
    const taken = await findLiveBinding(db, projectId, hash)
    // Of another unit's nothing is told but that the person is on the project.
    if (taken) throw new AppError('binding-here', taken.organization_id === who.organizationId ? { id: taken.id } : {})
    if (await findBinding(db, id)) throw new AppError('request-malformed', { field: 'id' })
  }
  try {
    await insertBinding(trx, {
      id, project_id: projectId, organization_id: who.organizationId, person_type: 'worker', filed_person_id: null, registration_id: registrationId, id_card_no_hash: hash, team_id: teamId, seq, at,
    })
  } catch (error) {
    throw isUniqueViolation(error) ? new TakenMeanwhile(explain) : error
  }
  const { organizationId, accountId, deviceId } = who
  await insertBindingEvent(trx, { id: newId(now), binding_id: id, at, action: 'create', status: 'unsubmitted', comment: '', organization_id: organizationId, account_id: accountId })
  await tellProject(trx, organizationId, projectId)
  await appendAudit(context.personal, trx, { kind: 'binding-created', organizationId, accountId, deviceId, details: { bindingId: id } }, now)
  return { id, version: 1, bindingStatus: 'unsubmitted' }
}
