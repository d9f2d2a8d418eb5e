import type * as v from 'valibot'
import type { ReviewedProject, reviewedProjectsRequest } from '../../../shared/api/binding-reviews.ts'
import { contains } from '../../database/contains.ts'
import type { CentralDb } from '../../database/database.ts'

type Filter = Pick<v.InferOutput<typeof reviewedProjectsRequest>, 'projectNo' | 'name' | 'status'>

/** Those of which the unit is the 实施单位, by its code; one that was withdrawn is nobody's. */
const implemented = (db: CentralDb, organizationId: string) =>
  db
    .selectFrom('project as p')
    .innerJoin('organization as o', 'o.credit_code', 'p.implementer_credit_code')
    .where('o.id', '=', organizationId)
    .where('p.withdrawn_at', 'is', null)

const filtered = (db: CentralDb, organizationId: string, { projectNo, name, status }: Filter) =>
  implemented(db, organizationId)
    .$if(projectNo.trim() !== '', (query) => query.where((eb) => contains(eb.ref('p.project_no'), projectNo.trim())))
    .$if(name.trim() !== '', (query) => query.where((eb) => contains(eb.ref('p.name'), name.trim())))
    .$if(status !== null, (query) => query.where('p.status', '=', status ?? 'active'))

export async function countReviewedProjects(db: CentralDb, organizationId: string, filter: Filter): Promise<number> {
  const { count } = await filtered(db, organizationId, filter).select((eb) => eb.fn.countAll<number | string>().as('count')).executeTakeFirstOrThrow()
  return Number(count)
}

type ProjectRow = Omit<ReviewedProject, 'counts' | 'projectNo'> & { project_no: string }
const columns = ['p.id', 'p.project_no', 'p.name', 'p.status'] as const

/** Newest number first, as the list of projects (manual 5.1). */
export async function findReviewedProjects(db: CentralDb, organizationId: string, filter: Filter, { offset, limit }: { offset: number; limit: number }): Promise<ReviewedProject[]> {
  const rows = await filtered(db, organizationId, filter).select(columns).orderBy('p.project_no', 'desc').offset(offset).limit(limit).execute()
  return withCounts(db, rows)
}

export async function findReviewedProject(db: CentralDb, organizationId: string, projectId: string): Promise<ReviewedProject | undefined> {
  const rows = await implemented(db, organizationId).select(columns).where('p.id', '=', projectId).execute()
  return (await withCounts(db, rows))[0]
}

/** Counted for the projects of one page, in an index that holds nothing else: a binding more elsewhere costs nothing here. */
async function withCounts(db: CentralDb, rows: readonly ProjectRow[]): Promise<ReviewedProject[]> {
  if (rows.length === 0) return []
  const counted = await db
    .selectFrom('binding')
    .select((eb) => ['project_id', 'status', eb.fn.countAll<number | string>().as('count')])
    .where('project_id', 'in', rows.map(({ id }) => id))
    .where('status', 'in', ['unsubmitted', 'pending', 'refused', 'approved'])
    .groupBy(['project_id', 'status'])
    .execute()
  const counts = new Map(counted.map(({ project_id, status, count }) => [`${project_id} ${status}`, Number(count)]))
  return rows.map(({ project_no, ...row }) => {
    const of = (status: string) => counts.get(`${row.id} ${status}`) ?? 0
    return { ...row, projectNo: project_no, counts: { unsubmitted: of('unsubmitted'), pending: of('pending'), refused: of('refused'), approved: of('approved') } }
  })
}
