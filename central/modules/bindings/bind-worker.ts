import type { BindingReceipt, NewBinding } from '../../../shared/api/bindings.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import { appendAudit } from '../../audit/audit.repository.ts'
import type { CentralDb } from '../../database/database.ts'
import { newId } from '../../database/new-id.ts'
import type { ServiceContext, Who } from '../../service-context.ts'
import { nextSeq } from '../organization/organization.repository.ts'
import { findLink } from '../projects/project.repository.ts'
import { findOwnRegistration } from '../registrations/registration.repository.ts'
import { findBinding, findLiveBinding, insertBinding, insertBindingEvent } from './binding.repository.ts'
import { tellProject } from './project-counts.ts'
import { isProjectOpen } from './submission-facts.ts'
import { requireTeamOf } from './teams.service.ts'

/**
 * 新增 of a 现场作业人员 on a project (manual 5.3): 待提交 until it is submitted. A manager comes by the unit's filing alone.
 * @throws AppError not-found, project-not-found, binding-blocked where the project is closed or the registration ended, binding-here with the id where it is the own unit's
 */
export async function bindWorker(context: ServiceContext, trx: CentralDb, who: Who, { id, projectId, registrationId, teamId }: NewBinding): Promise<BindingReceipt> {
  // Holds the unit's row: the feed ends a project's bindings unit by unit, and looks at them once it holds that.
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
  const made = await insertBinding(trx, {
    id, project_id: projectId, organization_id: who.organizationId, person_type: 'worker', filed_person_id: null, registration_id: registrationId, id_card_no_hash: hash, post: '', team_id: teamId, seq, at,
  })
  if (!made) throw await whyNot(trx, who, { id, projectId, hash })
  const { organizationId, accountId, deviceId } = who
  await insertBindingEvent(trx, { id: newId(now), binding_id: id, at, action: 'create', status: 'unsubmitted', comment: '', organization_id: organizationId, account_id: accountId })
  await tellProject(trx, organizationId, projectId)
  await appendAudit(context.personal, trx, { kind: 'binding-created', organizationId, accountId, deviceId, details: { bindingId: id } }, now)
  return { id, version: 1, bindingStatus: 'unsubmitted' }
}

/** Of another unit's binding nothing is told but that the person is on the project. */
async function whyNot(trx: CentralDb, { organizationId }: Who, { id, projectId, hash }: { id: string; projectId: string; hash: string }): Promise<AppError> {
  const taken = await findLiveBinding(trx, projectId, hash)
  if (taken) return new AppError('binding-here', taken.organization_id === organizationId ? { id: taken.id } : {})
  // Gone again meanwhile, or another binding has the id.
  return (await findBinding(trx, id)) ? new AppError('request-malformed', { field: 'id' }) : new AppError('central-busy')
}
