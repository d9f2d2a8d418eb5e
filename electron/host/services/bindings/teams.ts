import type { TeamView } from '../../../../shared/contract/bindings.contract.ts'
import type { BridgeServices } from '../../../../shared/contract/index.ts'
import { isLiveBinding } from '../../../../shared/domain/binding.ts'
import { normalizeTeamName } from '../../../../shared/domain/team.ts'
import { AppError } from '../../../../shared/errors/app-error.ts'
import { deleteLocalTeam, findLocalTeam, insertLocalTeam, refusalOf, updateLocalTeam, type LocalTeam } from '../../database/binding.repository.ts'
import type { LocalDb } from '../../database/local-tables.ts'
import { newId } from '../../database/new-id.ts'
import type { LocalDatabase } from '../../database/open-local-database.ts'
import { findProject } from '../../database/project.repository.ts'
import { projectWritesOf } from '../../database/project-outbox.repository.ts'
import { shownName } from '../../database/search-line.ts'
import type { LocalWork } from '../local-work.ts'
import { newestValues } from '../registrations/registration-view.ts'
import { projectedStatus, projectedTeam } from './binding-view.ts'
import { boundPeople, projectedTeams, type ProjectedTeam } from './bound-people.ts'
import { queueTeam, queueTeamRemoval, queueTeamWrite, type Made } from './queue-writes.ts'

interface TeamsContext {
  readonly local: LocalDatabase
  readonly work: LocalWork
  readonly made: () => Made
  readonly changed: () => void
  readonly wakeSync: () => void
}

/** 班组 of the unit's workers on a project. */
export function createTeams({ local, work: { guarded, write }, made, changed, wakeSync }: TeamsContext): Pick<BridgeServices['bindings'], 'teams' | 'putTeam' | 'removeTeam' | 'assignTeam'> {
  const tell = () => {
    changed()
    wakeSync()
  }
  return {
    teams: ({ projectId }) =>
      guarded(async () => {
        await requireProject(local.db, projectId)
        return { teams: await viewTeams(local.db, projectId) }
      }),

    putTeam: async ({ id, projectId, name: typed, leaderBindingId }) => {
      const name = normalizeTeamName(typed)
      const teamId = id ?? newId(made().now)
      await write(async (trx) => {
        await requireProject(trx, projectId)
        const namesake = (await projectedTeams(trx, projectId)).find((team) => team.name === name)
        if (namesake && namesake.id !== id) throw new AppError('team-name-taken')
        const body = { projectId, name, leaderBindingId }
        if (id === null) await insertLocalTeam(trx, { id: teamId, project_id: projectId, name, leader_binding_id: null, version: null, refusal_json: null, epoch: null })
        const { version } = await requireTeam(trx, teamId)
        await queueTeamWrite(trx, teamId, version, body, made())
        await updateLocalTeam(trx, teamId, { refusal_json: null })
      })
      tell()
      return { id: teamId }
    },

    removeTeam: async ({ id }) => {
      await write(async (trx) => {
        const { version } = await requireTeam(trx, id)
        const waiting = await projectWritesOf(trx, [id])
        if (version === null && waiting.every(({ frozen_at }) => frozen_at === null)) return leaveNobody(trx, id)
        await queueTeamRemoval(trx, id, version, made())
      })
      tell()
      return {}
    },

    assignTeam: async ({ ids, teamId }) => {
      await write(async (trx) => {
        if (teamId !== null) await requireTeam(trx, teamId)
        for (const id of new Set(ids)) await queueTeam(trx, id, teamId, made())
      })
      tell()
      return {}
    },
  }
}

async function requireProject(db: LocalDb, id: string): Promise<void> {
  if (!(await findProject(db, id))) throw new AppError('not-found')
}

async function requireTeam(db: LocalDb, id: string): Promise<LocalTeam> {
  const team = await findLocalTeam(db, id)
  if (!team) throw new AppError('not-found')
  return team
}

/** Never sent: nobody else knows of it, and whoever was to be in it is in none. */
async function leaveNobody(trx: LocalDb, id: string): Promise<void> {
  await trx.deleteFrom('project_outbox').where('kind', '=', 'assign-team').where('frozen_at', 'is', null).where((eb) => eb(eb.fn('json_extract', ['body_json', eb.val('$.teamId')]), '=', id)).execute()
  await deleteLocalTeam(trx, id)
}

async function viewTeams(db: LocalDb, projectId: string): Promise<TeamView[]> {
  const workers = (await boundPeople(db, projectId, 'worker')).filter((each) => isLiveBinding(projectedStatus(each)))
  return (await projectedTeams(db, projectId)).map((team: ProjectedTeam) => {
    const members = workers.filter((each) => projectedTeam(each) === team.id || team.leader_binding_id === each.binding.id)
    const leader = members.find(({ binding }) => binding.id === team.leader_binding_id)
    const refusal = refusalOf(team)
    return {
      id: team.id,
      name: team.name,
      leaderBindingId: leader ? leader.binding.id : null,
      leaderName: leader?.record ? shownName(newestValues(leader.record).name, leader.record) : '',
      memberCount: members.length,
      syncState: team.isQueued ? ('queued' as const) : refusal ? ('returned' as const) : ('uploaded' as const),
      refusal: refusal && { what: refusal.kind, code: refusal.code, details: { ...refusal.details } },
    }
  })
}
