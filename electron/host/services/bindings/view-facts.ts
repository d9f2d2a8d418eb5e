import type { LocalDb } from '../../database/local-tables.ts'
import { readMeta } from '../../database/meta.repository.ts'
import { findProject } from '../../database/project.repository.ts'
import type { ViewFacts } from './binding-view.ts'
import { projectedTeams } from './bound-people.ts'

/** What rows of a project have in common. @param today yyyy-MM-dd in Shanghai */
export async function viewFactsOf(db: LocalDb, projectId: string, today: string, elsewhere: ReadonlySet<string>): Promise<ViewFacts> {
  const project = await findProject(db, projectId)
  const teams = new Map((await projectedTeams(db, projectId)).map((team) => [team.id, team]))
  return { projectOpen: project?.status === 'active' && project.closure === null && project.archived === 0, identityCheckRequired: (await readMeta(db, 'identity-check-required')) !== '0', today, elsewhere, teams }
}
