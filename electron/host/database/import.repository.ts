import type { ReadyRow } from '../../../shared/contract/roster-reader.contract.ts'
import { readPlan } from '../roster/plan-text.ts'
import { keptQuery } from './kept-query.ts'
import type { LocalDb, RosterImportTable } from './local-tables.ts'

export type RosterImport = RosterImportTable

/** A group of rows that is to be written; the rows as `packPlan` has them. */
export interface GroupPlan {
  readonly rows: number
  readonly plan: string
}

/** What became of a row, for 撤销导入. */
export type RowOutcome =
  | { readonly did: 'created'; readonly sheetRow: number; readonly id: string; readonly revision: number }
  | {
      readonly did: 'updated'
      readonly sheetRow: number
      readonly id: string
      readonly revision: number
      /** Whether it was queued: once nothing waits any more, it was sent. */
      readonly queued: boolean
      /** What the columns said before. */
      readonly before: Readonly<Record<string, string>>
      readonly stateBefore: string
    }
  | { readonly did: 'passed-over'; readonly sheetRow: number; readonly id: string | null }

/** Imports whose rows are kept apart for taking them back. */
const keptImports = 50

/** Notes the whole plan of an import before its first row is written: a kill in the middle loses nothing of it. */
export async function planImport(trx: LocalDb, planned: Pick<RosterImport, 'id' | 'source' | 'mode' | 'at'>, groups: readonly GroupPlan[]): Promise<void> {
  const total = groups.reduce((sum, { rows }) => sum + rows, 0)
  await trx.insertInto('roster_import').values({ ...planned, total, created: 0, updated: 0, passed_over: 0, state: 'unfinished' }).execute()
  for (const [seq, { rows, plan }] of groups.entries()) {
    await trx.insertInto('roster_import_group').values({ import_id: planned.id, seq, rows, plan_json: plan, outcome_json: null }).execute()
  }
  const old = trx.selectFrom('roster_import').select('id').where('state', '<>', 'unfinished').orderBy('at', 'desc').offset(keptImports).limit(1_000_000)
  await trx.deleteFrom('roster_import_group').where('import_id', 'in', old).execute()
  await trx.deleteFrom('roster_import').where('id', 'in', old).execute()
}

/** Newest first. */
export async function listImports(db: LocalDb): Promise<RosterImport[]> {
  return db.selectFrom('roster_import').selectAll().orderBy('at', 'desc').orderBy('id', 'desc').limit(keptImports).execute()
}

export async function findImport(db: LocalDb, id: string): Promise<RosterImport | undefined> {
  return db.selectFrom('roster_import').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Rows before this group of its import, to keep the order of the sheet. */
export interface PlannedGroup {
  readonly seq: number
  readonly before: number
  readonly rows: readonly ReadyRow[]
}

/** The first group that is not written yet. */
export async function nextGroup(db: LocalDb, importId: string): Promise<PlannedGroup | undefined> {
  const group = await db.selectFrom('roster_import_group').selectAll().where('import_id', '=', importId).where('plan_json', 'is not', null).orderBy('seq').executeTakeFirst()
  if (!group?.plan_json) return undefined
  const { before } = await db.selectFrom('roster_import_group').select((eb) => eb.fn.coalesce(eb.fn.sum<number>('rows'), eb.lit(0)).as('before')).where('import_id', '=', importId).where('seq', '<', group.seq).executeTakeFirstOrThrow()
  return { seq: group.seq, before, rows: readPlan(group.plan_json) }
}

const closing = keptQuery<{ importId: string; seq: number; outcome: string }, unknown>((db, value) =>
  db.updateTable('roster_import_group').set({ plan_json: null, outcome_json: value('outcome') }).where('import_id', '=', value('importId')).where('seq', '=', value('seq')),
)

/** In the transaction that has written the group's rows. */
export async function closeGroup(trx: LocalDb, importId: string, seq: number, outcomes: readonly RowOutcome[]): Promise<void> {
  await closing(trx, { importId, seq, outcome: JSON.stringify(outcomes) })
  const count = (did: RowOutcome['did']) => outcomes.filter((outcome) => outcome.did === did).length
  await trx
    .updateTable('roster_import')
    .set((eb) => ({ created: eb('created', '+', count('created')), updated: eb('updated', '+', count('updated')), passed_over: eb('passed_over', '+', count('passed-over')) }))
    .where('id', '=', importId)
    .execute()
}

export async function setImportState(db: LocalDb, id: string, state: RosterImport['state']): Promise<void> {
  await db.updateTable('roster_import').set({ state }).where('id', '=', id).execute()
}

/** What was written, last first. */
export async function outcomesOf(db: LocalDb, importId: string): Promise<{ seq: number; outcomes: RowOutcome[] }[]> {
  const groups = await db.selectFrom('roster_import_group').selectAll().where('import_id', '=', importId).where('outcome_json', 'is not', null).orderBy('seq', 'desc').execute()
  return groups.map(({ seq, outcome_json }) => ({ seq, outcomes: JSON.parse(outcome_json ?? '[]') as RowOutcome[] }))
}

/** A group that was taken back, and what was planned and is not to be written any more, leave no trace of anybody. */
export async function forgetGroup(trx: LocalDb, importId: string, seq: number): Promise<void> {
  await trx.deleteFrom('roster_import_group').where('import_id', '=', importId).where('seq', '=', seq).execute()
}

export async function forgetPlans(trx: LocalDb, importId: string): Promise<void> {
  await trx.deleteFrom('roster_import_group').where('import_id', '=', importId).where('plan_json', 'is not', null).execute()
}
