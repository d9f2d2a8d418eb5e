import type { FoundProject } from '../../../shared/api/projects.ts'
import { normalizeProjectNo } from '../../../shared/domain/project.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import { appendAudit } from '../../audit/audit.repository.ts'
import type { CentralDb } from '../../database/database.ts'
import type { ServiceContext, Who } from '../../service-context.ts'
import { dropUnboundManagers } from '../bindings/end-bindings.ts'
import { bindManagers, placeOf } from '../bindings/filed-managers.ts'
import { findOrganization, nextSeq } from '../organization/organization.repository.ts'
import type { BoundPeople } from './bound-people.ts'
import { archiveLink, findLink, findProjectByNo, holdProject, isParty, putLink, type ProjectRow } from './project.repository.ts'

/**
 * What 新增 asks first. Numbers follow one another, so one that a unit has no part in is answered like one that nobody has.
 * @throws AppError project-not-found
 */
export async function lookUpProject(context: ServiceContext, who: Who, typed: string): Promise<FoundProject> {
  const { db, personal, clock } = context
  const { organizationId, accountId, deviceId } = who
  const project = await findProjectByNo(db, normalizeProjectNo(typed))
  const found = project && (await takesPart(db, who, project)) ? project : undefined
  // Who tries number after number is found here.
  await appendAudit(personal, db, { kind: 'project-looked-up', organizationId, accountId, deviceId, details: { outcome: found ? 'found' : 'not-found' } }, clock.now())
  if (!found) throw new AppError('project-not-found')
  const link = await findLink(db, organizationId, found.id)
  return { id: found.id, projectNo: found.project_no, name: found.name, linked: link?.archived_at === null }
}

/** 新增项目. One that is in the list already stays as it is. @throws AppError project-not-found, also where the unit has no part in it */
export async function linkProject(context: ServiceContext, trx: CentralDb, who: Who, projectId: string): Promise<{ id: string }> {
  // Before the unit, as the feed holds them.
  const project = await holdProject(trx, projectId)
  if (!project || project.withdrawn_at !== null || !(await takesPart(trx, who, project))) throw new AppError('project-not-found')
  const seq = await nextSeq(trx, who.organizationId)
  const link = await findLink(trx, who.organizationId, projectId)
  if (link?.archived_at === null) return { id: projectId }
  await putLink(trx, { organizationId: who.organizationId, projectId, seq, at: context.clock.now().toISOString() })
  const place = await placeOf(trx, projectId, who.organizationId)
  if (place) await bindManagers(context, trx, place)
  await audit(context, trx, who, 'project-linked', projectId)
  return { id: projectId }
}

/**
 * 删除项目 (manual 5.1): the project itself stays, and so does all that was done on it. People who are bound to it keep it in the list.
 * @throws AppError not-found where it is not in the list, project-has-people
 */
export async function unlinkProject(context: ServiceContext, trx: CentralDb, people: BoundPeople, who: Who, projectId: string): Promise<{ id: string }> {
  await nextSeq(trx, who.organizationId)
  const link = await findLink(trx, who.organizationId, projectId)
  if (link?.archived_at !== null) throw new AppError('not-found')
  const count = await people.count(trx, who.organizationId, projectId)
  if (count > 0) throw new AppError('project-has-people', { count })
  await dropUnboundManagers(context, trx, who, projectId)
  const seq = await nextSeq(trx, who.organizationId)
  await archiveLink(trx, { organizationId: who.organizationId, projectId, seq, at: context.clock.now().toISOString() })
  await audit(context, trx, who, 'project-unlinked', projectId)
  return { id: projectId }
}

async function takesPart(db: CentralDb, { organizationId }: Who, project: ProjectRow): Promise<boolean> {
  const organization = await findOrganization(db, organizationId)
  return organization !== undefined && isParty(db, project, organization.credit_code)
}

async function audit({ personal, clock }: ServiceContext, trx: CentralDb, { organizationId, accountId, deviceId }: Who, kind: string, projectId: string): Promise<void> {
  await appendAudit(personal, trx, { kind, organizationId, accountId, deviceId, details: { projectId } }, clock.now())
}
