import * as v from 'valibot'
import type { BridgeServices } from '../../../../shared/contract/index.ts'
import type { ProjectView } from '../../../../shared/contract/projects.contract.ts'
import { normalizeProjectNo, projectClosureSchema, projectStatusSchema } from '../../../../shared/domain/project.ts'
import { tidyText } from '../../../../shared/domain/tidy-values.ts'
import type { CentralProjects } from '../../central/central-port.ts'
import { newId } from '../../database/new-id.ts'
import type { LocalDatabase } from '../../database/open-local-database.ts'
import { searchProjects, type ProjectRow } from '../../database/project.repository.ts'
import type { Clock } from '../../ports.ts'
import { createAskedOnce, online } from '../asked-once.ts'
import { createLocalWork } from '../local-work.ts'

export interface ProjectsContext {
  readonly local: LocalDatabase
  readonly central: CentralProjects
  readonly clock: Clock
  /** What was written there comes back by the sync. */
  readonly syncNow: () => Promise<unknown>
  readonly damaged?: () => void
}

/** The open unit's list 项目人员绑定: read here, changed at the central service. */
export function createProjectsService({ local, central, clock, syncNow, damaged }: ProjectsContext): BridgeServices['projects'] {
  const { guarded } = createLocalWork(local, clock, damaged)
  const once = createAskedOnce(() => newId(clock.now()), 'central-needed')
  return {
    list: ({ projectNo, name, status, page, pageSize }) =>
      guarded(async () => {
        const found = await searchProjects(local.db, { projectNo: normalizeProjectNo(projectNo), name: tidyText(name), status }, { page, pageSize })
        return { rows: found.rows.map(viewOf), total: found.total, page: found.page }
      }),
    lookUp: ({ projectNo }) => online(central.lookUpProject(normalizeProjectNo(projectNo)), 'central-needed'),
    link: async ({ id }) => {
      await once(`link ${id}`, (key) => central.linkProject(id, key))
      await syncNow()
      return {}
    },
    unlink: async ({ id }) => {
      await once(`unlink ${id}`, (key) => central.unlinkProject(id, key))
      await syncNow()
      return {}
    },
  }
}

function viewOf({ id, project_no, name, status, closure, manager_count, worker_count }: ProjectRow): ProjectView {
  return {
    id, projectNo: project_no, name, status: v.parse(projectStatusSchema, status), closure: v.parse(v.nullable(projectClosureSchema), closure), managerCount: manager_count, workerCount: worker_count,
  }
}
