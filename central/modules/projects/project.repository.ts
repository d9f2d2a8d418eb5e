import type { Selectable } from 'kysely'
import type { LinkedProjectResource, ProjectContract } from '../../../shared/api/projects.ts'
import type { CentralDb } from '../../database/database.ts'
import type { BoundPeople } from './bound-people.ts'
import type { ProjectTable } from './project.tables.ts'

export type ProjectRow = Selectable<ProjectTable>

/** Of those withdrawn none. */
export async function findProjectByNo(db: CentralDb, projectNo: string): Promise<ProjectRow | undefined> {
  return db.selectFrom('project').selectAll().where('project_no', '=', projectNo).where('withdrawn_at', 'is', null).executeTakeFirst()
}

/**
 * Held until the transaction ends, as by everything that the feed changes about a project: what a unit is told once it has the
 * project in its list is then either what it saw or has a later number.
 */
export async function holdProject(trx: CentralDb, id: string): Promise<ProjectRow | undefined> {
  return trx.updateTable('project').set((eb) => ({ name: eb.ref('name') })).where('id', '=', id).returningAll().executeTakeFirst()
}

/** Whether the unit with this code takes part: as the implementer, or by a filing that has not been withdrawn. */
export async function isParty(db: CentralDb, { project_no, implementer_credit_code }: Pick<ProjectRow, 'project_no' | 'implementer_credit_code'>, creditCode: string): Promise<boolean> {
  if (implementer_credit_code === creditCode) return true
  const found = await db
    .selectFrom('project_party').select('source_id').where('project_no', '=', project_no).where('credit_code', '=', creditCode).where('withdrawn_at', 'is', null).executeTakeFirst()
  return found !== undefined
}

export async function findLink(db: CentralDb, organizationId: string, projectId: string): Promise<{ archived_at: string | null } | undefined> {
  return db.selectFrom('linked_project').select('archived_at').where('organization_id', '=', organizationId).where('project_id', '=', projectId).executeTakeFirst()
}

export async function putLink(trx: CentralDb, { organizationId, projectId, seq, at }: { organizationId: string; projectId: string; seq: number; at: string }): Promise<void> {
  await trx
    .insertInto('linked_project')
    .values({ organization_id: organizationId, project_id: projectId, seq, linked_at: at, archived_at: null })
    .onConflict((conflict) => conflict.columns(['organization_id', 'project_id']).doUpdateSet({ seq, linked_at: at, archived_at: null }))
    .execute()
}

export async function archiveLink(trx: CentralDb, { organizationId, projectId, seq, at }: { organizationId: string; projectId: string; seq: number; at: string }): Promise<void> {
  await trx.updateTable('linked_project').set({ seq, archived_at: at }).where('organization_id', '=', organizationId).where('project_id', '=', projectId).execute()
}

const linked = (db: CentralDb, organizationId: string) =>
  db
    .selectFrom('linked_project as l')
    .innerJoin('project as p', 'p.id', 'l.project_id')
    .innerJoin('organization as o', 'o.id', 'l.organization_id')
    .where('l.organization_id', '=', organizationId)
    .selectAll('p')
    .select(['l.seq', 'l.archived_at', 'o.credit_code'])
    .select((eb) =>
      eb
        .selectFrom('filed_person as f')
        .select((count) => count.fn.countAll<number | string>().as('count'))
        .whereRef('f.project_no', '=', 'p.project_no')
        .whereRef('f.credit_code', '=', 'o.credit_code')
        .where('f.kind', '=', 'manager')
        .where('f.withdrawn_at', 'is', null)
        .as('managers'),
    )
    .select((eb) =>
      eb
        .selectFrom('project_party as y')
        .select((count) => count.fn.countAll<number | string>().as('count'))
        .whereRef('y.project_no', '=', 'p.project_no')
        .whereRef('y.credit_code', '=', 'o.credit_code')
        .where('y.withdrawn_at', 'is', null)
        .as('parties'),
    )

type LinkedRow = Awaited<ReturnType<ReturnType<typeof linked>['execute']>>[number]

/** The list of a unit, without what was taken off it; newest number first, as the manual shows it. */
export async function linkedProjects(db: CentralDb, people: BoundPeople, organizationId: string): Promise<LinkedProjectResource[]> {
  const rows = await linked(db, organizationId).where('l.archived_at', 'is', null).orderBy('p.project_no', 'desc').execute()
  return toResources(db, people, organizationId, rows)
}

/** For the feed of changes: what was taken off the list too. */
export async function changedProjects(db: CentralDb, people: BoundPeople, organizationId: string, afterSeq: number, limit: number): Promise<{ seq: number; project: LinkedProjectResource }[]> {
  const rows = await linked(db, organizationId).where('l.seq', '>', afterSeq).orderBy('l.seq').limit(limit).execute()
  const resources = await toResources(db, people, organizationId, rows)
  return resources.map((project, index) => ({ seq: rows[index]?.seq ?? 0, project }))
}

async function toResources(db: CentralDb, people: BoundPeople, organizationId: string, rows: readonly LinkedRow[]): Promise<LinkedProjectResource[]> {
  const workers = rows.length === 0 ? new Map<string, number>() : await people.workersOf(db, organizationId, rows.map(({ id }) => id))
  const contracts = await contractsOf(db, rows)
  return rows.map((row) => ({
    id: row.id,
    projectNo: row.project_no,
    name: row.name,
    status: row.status,
    closure: row.withdrawn_at !== null ? 'project-withdrawn' : Number(row.parties) === 0 && row.implementer_credit_code !== row.credit_code ? 'party-withdrawn' : null,
    managerCount: Number(row.managers),
    workerCount: workers.get(row.id) ?? 0,
    contract: contracts.get(row.project_no) ?? null,
    archived: row.archived_at !== null,
    facesMayBeSent: row.faces_may_be_sent === 1,
  }))
}

/** By 报建编号: what the unit has filed of its contract; of several filings the last one that came. */
async function contractsOf(db: CentralDb, rows: readonly LinkedRow[]): Promise<Map<string, ProjectContract>> {
  const [first] = rows
  if (!first) return new Map()
  const filings = await db
    .selectFrom('contract_filing')
    .select(['project_no', 'bid_price_wan', 'area', 'start_date', 'completion_date'])
    .where('credit_code', '=', first.credit_code)
    .where('project_no', 'in', rows.map(({ project_no }) => project_no))
    .where('withdrawn_at', 'is', null)
    .orderBy('source_id')
    .execute()
  return new Map(filings.map((row) => [row.project_no, { bidPriceWan: row.bid_price_wan, area: row.area, startDate: row.start_date, completionDate: row.completion_date }]))
}
