import { sql, type Selectable } from 'kysely'
import type { ErrorDetails } from '../../../shared/errors/app-error.ts'
import type { ErrorCode } from '../../../shared/errors/codes.ts'
import type { ProjectOutboxTable } from './binding.tables.ts'
import type { FaceWrite } from './face-check.repository.ts'
import type { LocalDb } from './local-tables.ts'

/** A queued write of a binding or a team. */
export interface ProjectOperation extends Omit<Selectable<ProjectOutboxTable>, 'body_json'> {
  readonly body: OperationBody
}

/** Of a `bind` its project, registration and team; of the writes of teams and faces what they say. */
export interface OperationBody {
  readonly projectId?: string
  readonly registrationId?: string
  readonly teamId?: string | null
  readonly name?: string
  readonly leaderBindingId?: string | null
  readonly face?: FaceWrite
}

type NewOperation = Pick<ProjectOperation, 'op_id' | 'lane' | 'kind' | 'body' | 'base_version' | 'created_at'>

export async function enqueueProjectWrite(db: LocalDb, { body, ...columns }: NewOperation): Promise<void> {
  await db.insertInto('project_outbox').values({ ...columns, body_json: JSON.stringify(body), frozen_at: null, attempts: 0, next_at: null, problem_json: null }).execute()
}

/** Oldest first. */
export async function projectWritesOf(db: LocalDb, lanes: readonly string[]): Promise<ProjectOperation[]> {
  if (lanes.length === 0) return []
  const rows = await db.selectFrom('project_outbox').selectAll().where('lane', 'in', sql<string>`(select value from json_each(${JSON.stringify(lanes)}))`).orderBy('seq').execute()
  return rows.map(parse)
}

/**
 * Waits: for the registration of whom it is about, while that is not at the central service or has a change on its way there; a `bind`
 * for the team that it names; a `submit-binding` for the face check of its person, without which nobody is submitted.
 */
const waits = sql<boolean>`exists (
  select 1 from binding b join record r on r.id = b.record_id or (r.id_card_no = b.filed_id_card_no and r.employment_status = 'employed')
  where b.id = o.lane and (r.version is null or r.state = 'queued')
) or exists (
  select 1 from record r where r.id = o.lane and (r.version is null or r.state = 'queued')
) or exists (
  select 1 from binding b join record r on r.id = b.record_id or (r.id_card_no = b.filed_id_card_no and r.employment_status = 'employed')
  join project_outbox f on f.lane = r.id and f.kind = 'record-face-check' where o.kind = 'submit-binding' and b.id = o.lane
) or exists (
  select 1 from project_outbox t where t.kind = 'put-team' and t.base_version is null and t.seq < o.seq and t.lane = json_extract(o.body_json, '$.teamId')
) or exists (
  select 1 from project_outbox m where o.kind = 'put-team' and m.kind = 'bind' and m.lane = json_extract(o.body_json, '$.leaderBindingId')
)`

const heads = (db: LocalDb) =>
  db
    .selectFrom('project_outbox as o')
    .selectAll('o')
    .where(({ not, exists, selectFrom }) => not(exists(selectFrom('project_outbox as lane').select('lane.seq').whereRef('lane.lane', '=', 'o.lane').whereRef('lane.seq', '<', 'o.seq'))))
    .where(sql<boolean>`not (${waits})`)
    .orderBy('o.seq')

/** The next operations to send, the oldest of each lane, frozen as they are. Belongs into one transaction. @param after `seq` of the last one taken */
export async function takeProjectWrites(trx: LocalDb, limit: number, now: string, after: number): Promise<ProjectOperation[]> {
  const rows = await heads(trx).where('o.seq', '>', after).where((eb) => eb.or([eb('o.next_at', 'is', null), eb('o.next_at', '<=', now)])).limit(limit).execute()
  const ids = rows.map(({ op_id }) => op_id)
  if (ids.length > 0) {
    await trx.updateTable('project_outbox').set((eb) => ({ frozen_at: eb.fn.coalesce('frozen_at', eb.val(now)), attempts: eb('attempts', '+', 1) })).where('op_id', 'in', ids).execute()
  }
  return rows.map((row) => ({ ...parse(row), frozen_at: row.frozen_at ?? now, attempts: row.attempts + 1 }))
}

/** Made ready and never sent. */
export async function unfreezeProjectWrites(db: LocalDb, opIds: readonly string[]): Promise<void> {
  if (opIds.length > 0) await db.updateTable('project_outbox').set({ frozen_at: null, attempts: 0 }).where('op_id', 'in', opIds).where('attempts', '=', 1).execute()
}

export async function postponeProjectWrite(db: LocalDb, opId: string, nextAt: string, problem: { code: ErrorCode; details: ErrorDetails }): Promise<void> {
  await db.updateTable('project_outbox').set({ next_at: nextAt, problem_json: JSON.stringify(problem) }).where('op_id', '=', opId).execute()
}

export async function dropProjectWrite(trx: LocalDb, opId: string): Promise<void> {
  await trx.deleteFrom('project_outbox').where('op_id', '=', opId).execute()
}

export async function dropLane(trx: LocalDb, lane: string): Promise<void> {
  await trx.deleteFrom('project_outbox').where('lane', '=', lane).execute()
}

/** What waits behind was made on top of what the central service has now. */
export async function rebaseProjectLane(trx: LocalDb, lane: string, version: number): Promise<void> {
  await trx.updateTable('project_outbox').set({ base_version: version }).where('lane', '=', lane).where('frozen_at', 'is', null).execute()
}

/** Those that go by themselves: nobody is waited for who has not been submitted. */
export async function countProjectWrites(db: LocalDb): Promise<number> {
  const { n } = await db
    .selectFrom('project_outbox as o')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('binding as b').innerJoin('record as r', 'r.id', 'b.record_id').select('b.id').whereRef('b.id', '=', 'o.lane').where('r.version', 'is', null).where('r.state', '<>', 'queued'))),
    )
    .where(({ not, exists, selectFrom }) => not(exists(selectFrom('record as r').select('r.id').whereRef('r.id', '=', 'o.lane').where('r.version', 'is', null).where('r.state', '<>', 'queued'))))
    .executeTakeFirstOrThrow()
  return n
}

/** The first instant at which one that was put off may be tried again. */
export async function firstProjectWritePutOff(db: LocalDb): Promise<string | null> {
  const row = await db.selectFrom('project_outbox').select('next_at').where('next_at', 'is not', null).orderBy('next_at').executeTakeFirst()
  return row?.next_at ?? null
}

function parse({ body_json, ...row }: Selectable<ProjectOutboxTable>): ProjectOperation {
  return { ...row, body: JSON.parse(body_json) as OperationBody }
}

export async function isQueuedProjectWrite(db: LocalDb, opId: string): Promise<boolean> {
  return (await db.selectFrom('project_outbox').select('seq').where('op_id', '=', opId).executeTakeFirst()) !== undefined
}
