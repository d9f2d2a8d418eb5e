import type { BindingReceipt, TeamOperation, TeamReceipt } from '../../../shared/api/bindings.ts'
import { isLiveBinding } from '../../../shared/domain/binding.ts'
import { normalizeTeamName } from '../../../shared/domain/team.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import { appendAudit } from '../../audit/audit.repository.ts'
import type { CentralDb } from '../../database/database.ts'
import type { ServiceContext, Who } from '../../service-context.ts'
import { nextSeq } from '../organization/organization.repository.ts'
import { findLink } from '../projects/project.repository.ts'
import { findBinding, updateBinding, type BindingRow } from './binding.repository.ts'
import { findTeam, findTeamByName, insertTeam, updateTeam, type TeamRow } from './team.repository.ts'

type PutTeam = Extract<TeamOperation, { kind: 'put-team' }>

/**
 * A 班组 of the unit on a project: made, named anew, or given a 班组长, who belongs to it then.
 * @throws AppError project-not-found, not-found for a leader who is not there, team-name-taken, team-changed, team-gone
 */
export async function putTeam(context: ServiceContext, trx: CentralDb, who: Who, { id, projectId, leaderBindingId, baseVersion, ...told }: PutTeam): Promise<TeamReceipt> {
  const seq = await nextSeq(trx, who.organizationId)
  const link = await findLink(trx, who.organizationId, projectId)
  if (link?.archived_at !== null) throw new AppError('project-not-found')
  const current = baseVersion === null ? undefined : await requireOwnTeam(trx, who, id, baseVersion)
  if (current && current.project_id !== projectId) throw new AppError('not-found')
  const at = context.clock.now().toISOString()
  const version = (baseVersion ?? 0) + 1
  const name = normalizeTeamName(told.name)
  const columns = { name, leader_binding_id: leaderBindingId, version, seq, updated_at: at }
  // The unit's row is held: nobody else makes one of this name meanwhile.
  const namesake = await findTeamByName(trx, { organizationId: who.organizationId, projectId, name })
  if (namesake && namesake.id !== id) throw new AppError('team-name-taken')
  if (current) await updateTeam(trx, id, columns)
  else await makeTeam(trx, { id, project_id: projectId, organization_id: who.organizationId, removed_at: null, created_at: at, ...columns })
  if (leaderBindingId !== null) {
    const leader = await requireOwnBinding(trx, who, leaderBindingId)
    if (leader.project_id !== projectId) throw new AppError('not-found')
    if (leader.team_id !== id) await join(trx, leader, id)
  }
  await audit(context, trx, who, current ? 'team-changed' : 'team-created', id)
  return { id, version, removed: false }
}

/** Its members stay on the project, in no team. @throws AppError not-found, team-changed, team-gone */
export async function removeTeam(context: ServiceContext, trx: CentralDb, who: Who, { id, baseVersion }: { id: string; baseVersion: number }): Promise<TeamReceipt> {
  const seq = await nextSeq(trx, who.organizationId)
  await requireOwnTeam(trx, who, id, baseVersion)
  const at = context.clock.now().toISOString()
  const version = baseVersion + 1
  await updateTeam(trx, id, { removed_at: at, leader_binding_id: null, version, seq, updated_at: at })
  await audit(context, trx, who, 'team-removed', id)
  return { id, version, removed: true }
}

/**
 * Puts somebody into a team, or out of any; where two do so the last one holds. What the binding is at does not change, so neither does its version.
 * @throws AppError not-found, binding-ended, team-gone
 */
export async function assignTeam(context: ServiceContext, trx: CentralDb, who: Who, { id, teamId }: { id: string; teamId: string | null }): Promise<BindingReceipt> {
  await nextSeq(trx, who.organizationId)
  const binding = await requireOwnBinding(trx, who, id)
  if (teamId !== null) await requireTeamOf(trx, who, binding.project_id, teamId)
  await join(trx, binding, teamId)
  await audit(context, trx, who, 'binding-team-assigned', id)
  return { id, version: binding.version, bindingStatus: binding.status }
}

async function join(trx: CentralDb, { id, organization_id }: BindingRow, teamId: string | null): Promise<void> {
  await dropLeader(trx, organization_id, id, teamId)
  await updateBinding(trx, id, { team_id: teamId, seq: await nextSeq(trx, organization_id) })
}

/** Whoever goes leads no team any more. @param unless the team that they may go on leading */
export async function dropLeader(trx: CentralDb, organizationId: string, bindingId: string, unless: string | null = null): Promise<void> {
  const led = await trx.selectFrom('team').select(['id', 'version']).where('organization_id', '=', organizationId).where('leader_binding_id', '=', bindingId).execute()
  for (const { id, version } of led) {
    if (id !== unless) await updateTeam(trx, id, { leader_binding_id: null, version: version + 1, seq: await nextSeq(trx, organizationId) })
  }
}

/** @throws AppError not-found also for another unit's or another project's, team-gone */
export async function requireTeamOf(trx: CentralDb, { organizationId }: Who, projectId: string, teamId: string): Promise<void> {
  const team = await findTeam(trx, teamId)
  if (team?.organization_id !== organizationId || team.project_id !== projectId) throw new AppError('not-found')
  if (team.removed_at !== null) throw new AppError('team-gone')
}

async function requireOwnTeam(trx: CentralDb, { organizationId }: Who, id: string, version: number): Promise<TeamRow> {
  const team = await findTeam(trx, id)
  if (team?.organization_id !== organizationId) throw new AppError('not-found')
  if (team.removed_at !== null) throw new AppError('team-gone')
  if (team.version !== version) throw new AppError('team-changed')
  return team
}

async function requireOwnBinding(trx: CentralDb, { organizationId }: Who, id: string): Promise<BindingRow> {
  const binding = await findBinding(trx, id)
  if (binding?.organization_id !== organizationId) throw new AppError('not-found')
  if (!isLiveBinding(binding.status)) throw new AppError('binding-ended')
  return binding
}

async function makeTeam(trx: CentralDb, row: TeamRow): Promise<void> {
  if (await findTeam(trx, row.id)) throw new AppError('request-malformed', { field: 'id' })
  await insertTeam(trx, row)
}

async function audit({ personal, clock }: ServiceContext, trx: CentralDb, { organizationId, accountId, deviceId }: Who, kind: string, id: string): Promise<void> {
  await appendAudit(personal, trx, { kind, organizationId, accountId, deviceId, details: { id } }, clock.now())
}
