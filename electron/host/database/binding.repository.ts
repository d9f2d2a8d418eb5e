import { sql, type Insertable, type Selectable, type Updateable } from 'kysely'
import type { BindingResource, TeamResource } from '../../../shared/api/bindings.ts'
import type { PersonType } from '../../../shared/domain/statuses.ts'
import type { ErrorDetails } from '../../../shared/errors/app-error.ts'
import type { ErrorCode } from '../../../shared/errors/codes.ts'
import type { BindingTable, ProjectOutboxTable, TeamTable } from './binding.tables.ts'
import type { FaceWrite } from './face-check.repository.ts'
import type { LocalDb } from './local-tables.ts'
import { dropLane } from './project-outbox.repository.ts'

export type LocalBinding = Selectable<BindingTable>
export type LocalTeam = Selectable<TeamTable>

/** Why a write of a binding or a team was not applied. */
export interface Refusal {
  readonly kind: Exclude<ProjectOutboxTable['kind'], FaceWrite['kind']>
  readonly code: ErrorCode
  readonly details: ErrorDetails
}

export async function findLocalBinding(db: LocalDb, id: string): Promise<LocalBinding | undefined> {
  return db.selectFrom('binding').selectAll().where('id', '=', id).executeTakeFirst()
}

/** In the order in which they came; one of a draft that is gone was never anywhere. */
export async function bindingsOfProject(db: LocalDb, projectId: string, personType: PersonType): Promise<LocalBinding[]> {
  return db.selectFrom('binding').selectAll().where('project_id', '=', projectId).where('person_type', '=', personType).where(isSomebodys).orderBy('created_at').orderBy('id').execute()
}

/** Of one registration on a project, ended ones too. */
export async function bindingsOfRecord(db: LocalDb, projectId: string, recordId: string): Promise<LocalBinding[]> {
  return db.selectFrom('binding').selectAll().where('record_id', '=', recordId).where('project_id', '=', projectId).execute()
}

const isSomebodys = sql<boolean>`(version is not null or exists (select 1 from record r where r.id = binding.record_id))`

/** Of one person, by the registration or, of a filed manager, by the number. */
export async function bindingsOfPerson(db: LocalDb, recordId: string, idCardNo: string): Promise<LocalBinding[]> {
  return db
    .selectFrom('binding').selectAll().where((eb) => eb.or([eb('record_id', '=', recordId), eb.and([eb('record_id', 'is', null), eb('filed_id_card_no', '=', idCardNo)])])).orderBy('created_at').execute()
}

export async function insertLocalBinding(trx: LocalDb, row: Insertable<BindingTable>): Promise<void> {
  await trx.insertInto('binding').values(row).execute()
}

export async function updateLocalBinding(trx: LocalDb, id: string, change: Updateable<BindingTable>): Promise<void> {
  await trx.updateTable('binding').set(change).where('id', '=', id).execute()
}

export async function deleteLocalBinding(trx: LocalDb, id: string): Promise<void> {
  await dropLane(trx, id)
  await trx.deleteFrom('binding').where('id', '=', id).execute()
}

/** As the central service has it now. What was filed is kept where it is told no more: the list still says who it was. */
export async function takeBinding(trx: LocalDb, told: BindingResource, life: string): Promise<void> {
  const columns = {
    project_id: told.projectId, person_type: told.personType, post: told.post, status: told.status, ending: told.ending, review_comment: told.reviewComment, team_id: told.teamId,
    identity_check: told.identityCheck, version: told.version, created_at: told.createdAt, submitted_at: told.submittedAt, decided_at: told.decidedAt, ended_at: told.endedAt, epoch: life,
    ...(told.filed ? { filed_name: told.filed.name, filed_id_card_no: told.filed.idCardNo } : {}),
  }
  const before = await findLocalBinding(trx, told.id)
  // A registration that was taken back takes its id with it there, and not who it was here.
  const record_id = told.registrationId ?? before?.record_id ?? null
  if (before) await updateLocalBinding(trx, told.id, { ...columns, record_id, ...(isMoot(before, told) ? { refusal_json: null } : {}) })
  else await insertLocalBinding(trx, { id: told.id, filed_name: null, filed_id_card_no: null, refusal_json: null, ...columns, record_id })
}

/** What was refused has come about by other hands. Whatever else is told of the person, the refusal is still to be read. */
function isMoot(before: LocalBinding, { status }: BindingResource): boolean {
  const kind = refusalOf(before)?.kind
  if (kind === 'submit-binding') return status === 'pending' || status === 'approved'
  return kind === 'bind' || ((kind === 'leave-binding' || kind === 'remove-binding') && status === 'ended')
}

export async function teamsOfProject(db: LocalDb, projectId: string): Promise<LocalTeam[]> {
  return db.selectFrom('team').selectAll().where('project_id', '=', projectId).orderBy('name').execute()
}

export async function findLocalTeam(db: LocalDb, id: string): Promise<LocalTeam | undefined> {
  return db.selectFrom('team').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function insertLocalTeam(trx: LocalDb, row: Insertable<TeamTable>): Promise<void> {
  await trx.insertInto('team').values(row).execute()
}

export async function updateLocalTeam(trx: LocalDb, id: string, change: Updateable<TeamTable>): Promise<void> {
  await trx.updateTable('team').set(change).where('id', '=', id).execute()
}

export async function deleteLocalTeam(trx: LocalDb, id: string): Promise<void> {
  await dropLane(trx, id)
  await trx.deleteFrom('team').where('id', '=', id).execute()
}

/** As the central service has it now; one that was removed goes. */
export async function takeTeam(trx: LocalDb, { id, projectId, name, leaderBindingId, version, removed }: TeamResource, life: string): Promise<void> {
  if (removed) return deleteLocalTeam(trx, id)
  const columns = { project_id: projectId, name, leader_binding_id: leaderBindingId, version, epoch: life }
  await trx.insertInto('team').values({ id, refusal_json: null, ...columns }).onConflict((conflict) => conflict.column('id').doUpdateSet(columns)).execute()
}

/**
 * After everything was to be told anew: what the central service does not have any more. A worker who was on a project is offered again; of
 * everything else nothing was made here.
 * @returns whether there was one
 */
export async function dropUntoldBindings(trx: LocalDb, life: string): Promise<boolean> {
  const untold = await trx.selectFrom('binding').select(['id', 'person_type', 'status', 'record_id']).where('version', 'is not', null).where('epoch', '!=', life).execute()
  const refusal: Refusal = { kind: 'bind', code: 'binding-forgotten', details: {} }
  for (const { id, person_type, status, record_id } of untold) {
    if (person_type === 'manager' || status === 'ended' || record_id === null) await deleteLocalBinding(trx, id)
    else {
      await dropLane(trx, id)
      await updateLocalBinding(trx, id, { version: null, status: 'unsubmitted', team_id: null, review_comment: null, refusal_json: JSON.stringify(refusal), epoch: null })
    }
  }
  const teams = await trx.selectFrom('team').select('id').where('version', 'is not', null).where('epoch', '!=', life).execute()
  for (const { id } of teams) await deleteLocalTeam(trx, id)
  return untold.length + teams.length > 0
}

export const refusalOf = ({ refusal_json }: Pick<LocalBinding, 'refusal_json'>): Refusal | null => (refusal_json === null ? null : (JSON.parse(refusal_json) as Refusal))
