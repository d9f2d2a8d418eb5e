import type { PersonType } from '../../../../shared/domain/statuses.ts'
import { bindingsOfProject, bindingsOfRecord, findLocalBinding, teamsOfProject, type LocalBinding, type LocalTeam } from '../../database/binding.repository.ts'
import type { LocalDb } from '../../database/local-tables.ts'
import { projectWritesOf, type ProjectOperation } from '../../database/project-outbox.repository.ts'
import { findRecordIdByIdCardNo, findRecords } from '../../database/record.repository.ts'
import type { Bound } from './binding-view.ts'

/** Everybody of a kind on a project, with their registrations here and what is queued of them. */
export async function boundPeople(db: LocalDb, projectId: string, personType: PersonType): Promise<Bound[]> {
  return withRest(db, await bindingsOfProject(db, projectId, personType))
}

/** As what a registration is or was on a project: few, however many there are on it. */
export async function boundAs(db: LocalDb, projectId: string, recordId: string): Promise<Bound[]> {
  return withRest(db, await bindingsOfRecord(db, projectId, recordId))
}

/** One of them; undefined where there is none. */
export async function boundPerson(db: LocalDb, id: string): Promise<Bound | undefined> {
  const binding = await findLocalBinding(db, id)
  return binding && (await withRest(db, [binding]))[0]
}

async function withRest(db: LocalDb, bindings: readonly LocalBinding[]): Promise<Bound[]> {
  const recordIds = new Map<string, string>()
  for (const { id, record_id, filed_id_card_no } of bindings) {
    const recordId = (filed_id_card_no === null ? undefined : await findRecordIdByIdCardNo(db, filed_id_card_no)) ?? record_id
    if (recordId) recordIds.set(id, recordId)
  }
  const records = new Map((await findRecords(db, [...recordIds.values()])).map((record) => [record.id, record]))
  const operations = byLane(await projectWritesOf(db, bindings.map(({ id }) => id)))
  return bindings.map((binding) => ({ binding, record: records.get(recordIds.get(binding.id) ?? ''), operations: operations.get(binding.id) ?? [] }))
}

export function byLane(operations: readonly ProjectOperation[]): Map<string, ProjectOperation[]> {
  const lanes = new Map<string, ProjectOperation[]>()
  for (const operation of operations) lanes.set(operation.lane, [...(lanes.get(operation.lane) ?? []), operation])
  return lanes
}

/** A team as it will be once what is queued has arrived. */
export interface ProjectedTeam extends LocalTeam {
  readonly isQueued: boolean
}

/** Of a project, by name; what is to be removed is there no more. */
export async function projectedTeams(db: LocalDb, projectId: string): Promise<ProjectedTeam[]> {
  const teams = await teamsOfProject(db, projectId)
  const operations = byLane(await projectWritesOf(db, teams.map(({ id }) => id)))
  return teams.flatMap((team) => {
    const queued = operations.get(team.id) ?? []
    if (queued.some(({ kind }) => kind === 'remove-team')) return []
    const said = queued.findLast(({ kind }) => kind === 'put-team')?.body
    return [{ ...team, name: said?.name ?? team.name, leader_binding_id: said ? (said.leaderBindingId ?? null) : team.leader_binding_id, isQueued: queued.length > 0 }]
  })
}
