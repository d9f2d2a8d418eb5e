import type { Selectable } from 'kysely'
import type { CentralDb } from '../../database/database.ts'
import type { PosterCodeTable } from './poster-code.tables.ts'

export type PosterCodeRow = Selectable<PosterCodeTable>

/** The newest code of a unit for each of these projects, revoked or not. */
export async function newestCodes(db: CentralDb, organizationId: string, projectIds: readonly string[]): Promise<Map<string, PosterCodeRow>> {
  const rows = await db.selectFrom('poster_code').selectAll().where('organization_id', '=', organizationId).where('project_id', 'in', projectIds).orderBy('issued_at').execute()
  // The live one last, whatever the clock did in between.
  const inOrder = rows.toSorted((a, b) => Number(b.revoked_at !== null) - Number(a.revoked_at !== null))
  return new Map(inOrder.map((row) => [row.project_id, row]))
}

export async function insertCodes(trx: CentralDb, rows: readonly PosterCodeRow[]): Promise<void> {
  if (rows.length > 0) await trx.insertInto('poster_code').values([...rows]).execute()
}

export async function endCodes(trx: CentralDb, codes: readonly string[], { at, accountId, stopped }: { at: string; accountId: string; stopped: boolean }): Promise<void> {
  if (codes.length === 0) return
  await trx.updateTable('poster_code').set({ revoked_at: at, revoked_by: accountId, stopped: stopped ? 1 : 0 }).where('code', 'in', codes).where('revoked_at', 'is', null).execute()
}

/** Projects of the unit's list, by id, and whether it still works on them. */
export async function projectsInList(db: CentralDb, organizationId: string, projectIds: readonly string[]): Promise<Map<string, { open: boolean }>> {
  const rows = await listed(db).where('l.organization_id', '=', organizationId).where('l.project_id', 'in', projectIds).execute()
  return new Map(rows.map((row) => [row.project_id, { open: isOpen(row) }]))
}

export interface CodeWithProject extends PosterCodeRow {
  readonly project_no: string
  readonly project_name: string
  readonly organization_name: string
  readonly open: boolean
}

export async function findCode(db: CentralDb, code: string): Promise<CodeWithProject | undefined> {
  const found = await db.selectFrom('poster_code').selectAll().where('code', '=', code).executeTakeFirst()
  if (!found) return undefined
  const project = await db.selectFrom('project').select(['project_no', 'name']).where('id', '=', found.project_id).executeTakeFirstOrThrow()
  const unit = await db.selectFrom('organization').select('name').where('id', '=', found.organization_id).executeTakeFirstOrThrow()
  const inList = await projectsInList(db, found.organization_id, [found.project_id])
  return { ...found, project_no: project.project_no, project_name: project.name, organization_name: unit.name, open: inList.get(found.project_id)?.open ?? false }
}

const listed = (db: CentralDb) =>
  db
    .selectFrom('linked_project as l')
    .innerJoin('project as p', 'p.id', 'l.project_id')
    .innerJoin('organization as o', 'o.id', 'l.organization_id')
    .where('l.archived_at', 'is', null)
    .select(['l.project_id', 'p.status', 'p.withdrawn_at', 'p.implementer_credit_code', 'o.credit_code'])
    .select((eb) =>
      eb
        .exists(eb.selectFrom('project_party as y').select('y.source_id').whereRef('y.project_no', '=', 'p.project_no').whereRef('y.credit_code', '=', 'o.credit_code').where('y.withdrawn_at', 'is', null))
        .as('takes_part'),
    )

type ListedRow = Awaited<ReturnType<ReturnType<typeof listed>['execute']>>[number]

/** In force, as the approval system tells it: neither completed nor withdrawn, and the unit not withdrawn from it. */
const isOpen = ({ status, withdrawn_at, takes_part, implementer_credit_code, credit_code }: ListedRow): boolean =>
  status === 'active' && withdrawn_at === null && (Boolean(takes_part) || implementer_credit_code === credit_code)
