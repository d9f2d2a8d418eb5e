import type { CentralDb } from '../../database/database.ts'
import { keptQuery } from '../../database/kept-query.ts'
import { nextSeq } from '../organization/organization.repository.ts'
import type { ApprovalFeedLogTable } from '../projects/project.tables.ts'
import type { FeedKind, FeedOutcome, StandingRecord } from './feed-record.ts'

/** A project by its own id and number, of whichever life. */
export interface TouchedProject {
  readonly id: string
  readonly project_no: string
}

const tableOf = { 'project': 'project', 'party': 'project_party', 'contract-filing': 'contract_filing', 'manager': 'filed_person', 'team-member': 'filed_person' } as const satisfies Readonly<Record<FeedKind, string>>

/** Up to where a record has been heard; held until the transaction ends. */
export async function heardOf(trx: CentralDb, sourceId: string): Promise<{ kind: FeedKind; version: number; content_hash: string } | undefined> {
  return trx.updateTable('approval_feed_record').set((eb) => ({ kind: eb.ref('kind') })).where('source_id', '=', sourceId).returning(['kind', 'version', 'content_hash']).executeTakeFirst()
}

/** @throws a unique violation where somebody else hears of it for the first time at the same moment */
export async function keepHeard(trx: CentralDb, row: { source_id: string; kind: FeedKind; version: number; content_hash: string; applied_at: string }, isFirst: boolean): Promise<void> {
  if (isFirst) await trx.insertInto('approval_feed_record').values(row).execute()
  else await trx.updateTable('approval_feed_record').set(row).where('source_id', '=', row.source_id).execute()
}

/** The number of the project that a record was about until now, and whose it was; undefined before its first standing version. */
export async function formerPlace(trx: CentralDb, kind: FeedKind, sourceId: string): Promise<{ project_no: string; credit_code: string | null } | undefined> {
  if (kind === 'project') {
    const row = await trx.selectFrom('project').select('project_no').where('source_id', '=', sourceId).executeTakeFirst()
    return row && { ...row, credit_code: null }
  }
  return trx.selectFrom(tableOf[kind]).select(['project_no', 'credit_code']).where('source_id', '=', sourceId).executeTakeFirst()
}

/** No longer there: marked, and kept. */
export async function withdraw(trx: CentralDb, kind: FeedKind, sourceId: string, at: string): Promise<void> {
  await trx.updateTable(tableOf[kind]).set({ withdrawn_at: at }).where('source_id', '=', sourceId).execute()
}

/** @throws a unique violation where another project that has not been withdrawn has the number */
export async function putProject(trx: CentralDb, id: string, { sourceId, body }: Extract<StandingRecord, { kind: 'project' }>, at: string): Promise<void> {
  const told = { project_no: body.projectNo, name: body.name, status: body.status, implementer_credit_code: body.implementerCreditCode, withdrawn_at: null, updated_at: at }
  await trx
    .insertInto('project')
    .values({ id, source_id: sourceId, created_at: at, ...told })
    .onConflict((conflict) => conflict.column('source_id').doUpdateSet(told))
    .execute()
}

export async function putParty(trx: CentralDb, { sourceId, body }: Extract<StandingRecord, { kind: 'party' }>): Promise<void> {
  const told = { project_no: body.projectNo, credit_code: body.creditCode, name: body.name, kind: body.kind, withdrawn_at: null }
  await trx.insertInto('project_party').values({ source_id: sourceId, ...told }).onConflict((conflict) => conflict.column('source_id').doUpdateSet(told)).execute()
}

export async function putFiling(trx: CentralDb, { sourceId, body }: Extract<StandingRecord, { kind: 'contract-filing' }>): Promise<void> {
  const told = {
    project_no: body.projectNo, credit_code: body.creditCode, bid_price_wan: body.bidPriceWan, area: body.area, start_date: body.startDate, completion_date: body.completionDate, withdrawn_at: null,
  }
  await trx.insertInto('contract_filing').values({ source_id: sourceId, ...told }).onConflict((conflict) => conflict.column('source_id').doUpdateSet(told)).execute()
}

/** The id under which somebody's number and name are sealed. */
export async function filedPersonId(trx: CentralDb, sourceId: string): Promise<string | undefined> {
  return (await trx.selectFrom('filed_person').select('id').where('source_id', '=', sourceId).executeTakeFirst())?.id
}

export async function putFiledPerson(
  trx: CentralDb,
  { sourceId, kind, body }: Extract<StandingRecord, { kind: 'manager' | 'team-member' }>,
  sealed: { id: string; id_card_no_hash: string; id_card_no_sealed: string; name_sealed: string },
): Promise<void> {
  const { id, ...columns } = sealed
  const told = { project_no: body.projectNo, credit_code: body.creditCode, kind, post: body.post, team: 'team' in body ? body.team : '', withdrawn_at: null, ...columns }
  await trx.insertInto('filed_person').values({ id, source_id: sourceId, ...told }).onConflict((conflict) => conflict.column('source_id').doUpdateSet(told)).execute()
}

/** Every project that has or had one of these numbers, held as `holdProject` does. */
export async function holdProjectsOf(trx: CentralDb, projectNos: readonly string[]): Promise<TouchedProject[]> {
  const held: TouchedProject[] = []
  // One order for all who hold several.
  for (const projectNo of [...new Set(projectNos)].sort()) {
    held.push(...(await trx.updateTable('project').set((eb) => ({ name: eb.ref('name') })).where('project_no', '=', projectNo).returning(['id', 'project_no']).execute()))
  }
  return held
}

/** A project in a unit's list. */
export interface ConcernedLink {
  readonly organization_id: string
  readonly project_id: string
}

/**
 * Where one of these projects stands in a unit's list, in the order in which every writer that takes numbers of several units goes through them.
 * @param creditCodes of the units that it concerns; null: all
 */
export async function concernedLinks(trx: CentralDb, projectIds: readonly string[], creditCodes: readonly string[] | null): Promise<ConcernedLink[]> {
  if (projectIds.length === 0) return []
  return trx
    .selectFrom('linked_project as l')
    .innerJoin('organization as o', 'o.id', 'l.organization_id')
    .select(['l.organization_id', 'l.project_id'])
    .where('l.project_id', 'in', projectIds)
    .where('l.archived_at', 'is', null)
    .$if(creditCodes !== null, (query) => query.where('o.credit_code', 'in', creditCodes ?? []))
    .orderBy('l.organization_id')
    .execute()
}

/** The unit hears of its project with its next pull. */
export async function tellLink(trx: CentralDb, { organization_id, project_id }: ConcernedLink): Promise<void> {
  const seq = await nextSeq(trx, organization_id)
  await trx.updateTable('linked_project').set({ seq }).where('organization_id', '=', organization_id).where('project_id', '=', project_id).execute()
}

export async function noteOutcome(db: CentralDb, line: ApprovalFeedLogTable): Promise<void> {
  await db.insertInto('approval_feed_log').values(line).execute()
}

/** Newest first. @param outcome null: of every outcome */
export function newestOutcomes(db: CentralDb, outcome: FeedOutcome | null, limit: number): Promise<ApprovalFeedLogTable[]> {
  return db.selectFrom('approval_feed_log').selectAll().$if(outcome !== null, (query) => query.where('outcome', '=', outcome ?? 'applied')).orderBy('at', 'desc').orderBy('id', 'desc').limit(limit).execute()
}

const cursorOf = keptQuery<{ source: string }, { cursor: string }>((db, value) => db.selectFrom('approval_feed_cursor').select('cursor').where('source', '=', value('source')))

export async function readCursor(db: CentralDb, source: string): Promise<string | null> {
  const [row] = await cursorOf(db, { source })
  return row?.cursor ?? null
}

export async function keepCursor(db: CentralDb, source: string, cursor: string, at: string): Promise<void> {
  await db.insertInto('approval_feed_cursor').values({ source, cursor, at }).onConflict((conflict) => conflict.column('source').doUpdateSet({ cursor, at })).execute()
}
