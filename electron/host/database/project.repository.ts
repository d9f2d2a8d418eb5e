import type { Selectable } from 'kysely'
import type { LinkedProjectResource } from '../../../shared/api/projects.ts'
import type { ProjectStatus } from '../../../shared/domain/project.ts'
import type { LocalDb, ProjectTable } from './local-tables.ts'

export type ProjectRow = Selectable<ProjectTable>

export interface ProjectFilter {
  /** Part of the 报建编号, in its one spelling; '' for all. */
  readonly projectNo: string
  /** Part of the 项目名称; '' for all. */
  readonly name: string
  readonly status: ProjectStatus | null
}

/** As the central service has it now; one that was taken off the list is shown in it no more. @param life which of its lives told it */
export async function takeProject(trx: LocalDb, { id, projectNo, name, status, closure, managerCount, workerCount, contract, archived, facesMayBeSent }: LinkedProjectResource, life: string): Promise<void> {
  const flag = (value: boolean) => (value ? (1 as const) : (0 as const))
  const told = {
    project_no: projectNo, name, status, closure, manager_count: managerCount, worker_count: workerCount, archived: flag(archived), faces_may_be_sent: flag(facesMayBeSent),
    contract_json: contract && JSON.stringify(contract), epoch: life,
  }
  await trx.insertInto('project').values({ id, ...told }).onConflict((conflict) => conflict.column('id').doUpdateSet(told)).execute()
}

/** Nothing of a project is made here: what the central service does not tell again, after everything was to be told anew, is there no more. @returns whether there was one */
export async function dropUntoldProjects(db: LocalDb, life: string): Promise<boolean> {
  const { numDeletedRows } = await db.deleteFrom('project').where('epoch', '!=', life).executeTakeFirst()
  return numDeletedRows > 0n
}

const found = (db: LocalDb, { projectNo, name, status }: ProjectFilter) =>
  db
    .selectFrom('project')
    .where('archived', '=', 0)
    .$if(projectNo !== '', (query) => query.where((eb) => eb(eb.fn<number>('instr', ['project_no', eb.val(projectNo)]), '>', 0)))
    // A letter of a name is found in either case, as it is typed.
    .$if(name !== '', (query) => query.where((eb) => eb(eb.fn<number>('instr', [eb.fn('lower', ['name']), eb.fn('lower', [eb.val(name)])]), '>', 0)))
    .$if(status !== null, (query) => query.where('status', '=', status ?? ''))

export async function findProjects(db: LocalDb, ids: readonly string[]): Promise<Map<string, ProjectRow>> {
  const rows = await db.selectFrom('project').selectAll().where('id', 'in', ids).execute()
  return new Map(rows.map((row) => [row.id, row]))
}

/** Newest number first, as the manual shows them. @param page from 1 */
export async function searchProjects(db: LocalDb, filter: ProjectFilter, { page, pageSize }: { page: number; pageSize: number }): Promise<{ rows: ProjectRow[]; total: number; page: number }> {
  const { total } = await found(db, filter).select((eb) => eb.fn.countAll<number>().as('total')).executeTakeFirstOrThrow()
  const shown = Math.max(1, Math.min(page, Math.ceil(total / pageSize)))
  const rows = await found(db, filter).selectAll().orderBy('project_no', 'desc').orderBy('id').limit(pageSize).offset((shown - 1) * pageSize).execute()
  return { rows, total, page: shown }
}

/** Also one that was taken off the list. */
export async function findProject(db: LocalDb, id: string): Promise<ProjectRow | undefined> {
  return db.selectFrom('project').selectAll().where('id', '=', id).executeTakeFirst()
}
