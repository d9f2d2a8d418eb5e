import type { Selectable, Updateable } from 'kysely'
import type { TeamResource } from '../../../shared/api/bindings.ts'
import type { CentralDb } from '../../database/database.ts'
import type { TeamTable } from './binding.tables.ts'

export type TeamRow = Selectable<TeamTable>

/** Of any unit: whose it is the caller looks at. */
export async function findTeam(db: CentralDb, id: string): Promise<TeamRow | undefined> {
  return db.selectFrom('team').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function insertTeam(trx: CentralDb, row: TeamTable): Promise<void> {
  await trx.insertInto('team').values(row).execute()
}

export async function updateTeam(trx: CentralDb, id: string, change: Updateable<TeamTable>): Promise<void> {
  await trx.updateTable('team').set(change).where('id', '=', id).execute()
}

/** A team of the unit on a project that bears this name now. */
export async function findTeamByName(db: CentralDb, { organizationId, projectId, name }: { organizationId: string; projectId: string; name: string }): Promise<TeamRow | undefined> {
  return db
    .selectFrom('team').selectAll().where('project_id', '=', projectId).where('organization_id', '=', organizationId).where('name', '=', name).where('removed_at', 'is', null).executeTakeFirst()
}

/** For the feed of changes: what was removed too. */
export async function changedTeams(db: CentralDb, organizationId: string, afterSeq: number, limit: number): Promise<TeamRow[]> {
  return db.selectFrom('team').selectAll().where('organization_id', '=', organizationId).where('seq', '>', afterSeq).orderBy('seq').limit(limit).execute()
}

export function toTeamResource({ id, project_id, name, leader_binding_id, version, removed_at }: TeamRow): TeamResource {
  return { id, projectId: project_id, name, leaderBindingId: leader_binding_id, version, removed: removed_at !== null }
}
