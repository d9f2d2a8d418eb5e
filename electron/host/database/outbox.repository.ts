import { sql } from 'kysely'
import type { PersonPatch } from '../../../shared/domain/person-schema.ts'
import type { PersonType } from '../../../shared/domain/statuses.ts'
import type { ErrorDetails } from '../../../shared/errors/app-error.ts'
import type { ErrorCode } from '../../../shared/errors/codes.ts'
import { keptQuery } from './kept-query.ts'
import type { LocalDb, OutboxRow } from './local-tables.ts'
import type { QueuedDeparture } from './record.repository.ts'

const batchBytes = 700_000
/** Nothing is put off for longer, in ms: what is due later than that was put off on a clock that was wrong. */
const longestPutOff = 3_600_000

export interface OutboxOperation extends Omit<OutboxRow, 'patch_json' | 'departure_json'> {
  /** Nothing in a `transfer-out`. */
  readonly patch: PersonPatch
  readonly departure: QueuedDeparture | null
}

/** One that may be sent. */
export interface ReadyOperation extends OutboxOperation {
  /** Of its record. */
  readonly person_type: PersonType
}

type NewOperation = Pick<OutboxRow, 'op_id' | 'record_id' | 'kind' | 'base_version' | 'created_at'>

const insertion = keptQuery<NewOperation & { patch: string; departure: string | null }, unknown>((db, value) =>
  db.insertInto('outbox').values({
    op_id: value('op_id'), record_id: value('record_id'), kind: value('kind'), base_version: value('base_version'), created_at: value('created_at'), patch_json: value('patch'), departure_json: value('departure'),
    frozen_at: null, attempts: 0, next_at: null, problem_json: null,
  }),
)

export async function enqueue(db: LocalDb, { patch, departure, ...columns }: NewOperation & { patch: PersonPatch; departure?: QueuedDeparture }): Promise<void> {
  await insertion(db, { ...columns, patch: JSON.stringify(patch), departure: departure ? JSON.stringify(departure) : null })
}

const byRecord = keptQuery<{ recordId: string }, OutboxRow>((db, value) => db.selectFrom('outbox').selectAll().where('record_id', '=', value('recordId')).orderBy('seq'))

/** Oldest first. */
export async function operationsOf(db: LocalDb, recordId: string): Promise<OutboxOperation[]> {
  const rows = await byRecord(db, { recordId })
  return rows.map(parseOperation)
}

const headsAfter = keptQuery<{ after: number; now: string; latest: string; limit: number }, OutboxRow & Pick<ReadyOperation, 'person_type'>>((db, value) =>
  db
    .selectFrom('outbox as o')
    .selectAll('o')
    .select(sql<PersonType>`(select person_type from record where record.id = o.record_id)`.as('person_type'))
    .where('o.seq', '>', value('after'))
    // Each asked for by itself: as a join SQLite goes through all that waits and sorts it, for each hundred anew.
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('outbox as lane').select('lane.seq').whereRef('lane.record_id', '=', 'o.record_id').whereRef('lane.seq', '<', 'o.seq'))),
    )
    .where(({ exists, selectFrom }) => exists(selectFrom('record as r').select('r.id').whereRef('r.id', '=', 'o.record_id').where('r.state', '=', 'queued')))
    .where((eb) => eb.or([eb('o.next_at', 'is', null), eb('o.next_at', '<=', value('now')), eb('o.next_at', '>', value('latest'))]))
    .orderBy('o.seq')
    .limit(value('limit')),
)

/** The oldest operation of each record that may be sent at `now`, from behind `after` on: one lane a record, one operation of it under way. */
export async function headsOfLanes(db: LocalDb, limit: number, now: string, after = 0): Promise<ReadyOperation[]> {
  return (await headsAfter(db, { after, now, latest: latestAfter(now), limit })).map(({ person_type, ...row }) => ({ ...parseOperation(row), person_type }))
}

const latestAfter = (now: string) => new Date(Date.parse(now) + longestPutOff).toISOString()

/**
 * The next operations to send, frozen as they are: from here on a change of the same record becomes an operation of its
 * own. Belongs into one transaction, so that none is taken back or rewritten between being read and being frozen.
 * @param after `seq` of the last one taken: those up to there may be under way
 */
export async function takeBatch(trx: LocalDb, limit: number, now: string, after: number): Promise<ReadyOperation[]> {
  const batch = fitting(await headsOfLanes(trx, limit, now, after))
  await freeze(trx, batch.map(({ op_id }) => op_id), now)
  return batch.map((operation) => ({ ...operation, frozen_at: operation.frozen_at ?? now, attempts: operation.attempts + 1 }))
}

/** The central service takes a megabyte; an operation has some hundred bytes besides its patch. */
function fitting(operations: readonly ReadyOperation[]): ReadyOperation[] {
  let bytes = 0
  return operations.filter(({ patch }, index) => {
    bytes += Buffer.byteLength(JSON.stringify(patch)) + 300
    return index === 0 || bytes <= batchBytes
  })
}

export async function freeze(db: LocalDb, opIds: readonly string[], at: string): Promise<void> {
  if (opIds.length === 0) return
  await db
    .updateTable('outbox')
    .set((eb) => ({ frozen_at: eb.fn.coalesce('frozen_at', eb.val(at)), attempts: eb('attempts', '+', 1) }))
    .where('op_id', 'in', opIds)
    .execute()
}

/**
 * Takes back the freezing of operations that never left this machine: they may be rewritten and taken back again. One that
 * another has followed in its lane, or that an earlier attempt may have sent, stays frozen.
 */
export async function unfreeze(db: LocalDb, opIds: readonly string[]): Promise<void> {
  if (opIds.length === 0) return
  await db
    .updateTable('outbox as o')
    .set({ frozen_at: null, attempts: 0 })
    .where('o.op_id', 'in', opIds)
    .where('o.attempts', '=', 1)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('outbox as lane').select('lane.seq').whereRef('lane.record_id', '=', 'o.record_id').whereRef('lane.seq', '>', 'o.seq'))),
    )
    .execute()
}

/** Puts an operation off after an attempt that failed for now; it keeps its key and its place in the lane. */
export async function postpone(db: LocalDb, opId: string, nextAt: string, problem: { code: ErrorCode; details: ErrorDetails }): Promise<void> {
  await db.updateTable('outbox').set({ next_at: nextAt, problem_json: JSON.stringify(problem) }).where('op_id', '=', opId).execute()
}

/** The put-off operation that may be tried again first, and why it was put off. */
export async function firstPutOff(db: LocalDb): Promise<{ nextAt: string; problem: { code: ErrorCode; details: ErrorDetails } } | null> {
  const row = await db
    .selectFrom('outbox')
    .innerJoin('record', 'record.id', 'outbox.record_id')
    .select(['next_at', 'problem_json'])
    .where('record.state', '=', 'queued')
    .where('next_at', 'is not', null)
    .orderBy('next_at')
    .executeTakeFirst()
  if (!row?.next_at || !row.problem_json) return null
  return { nextAt: row.next_at, problem: JSON.parse(row.problem_json) as { code: ErrorCode; details: ErrorDetails } }
}

/** Replaces what an operation not yet sent will say. */
export async function rewrite(db: LocalDb, opId: string, patch: PersonPatch): Promise<void> {
  await db.updateTable('outbox').set({ patch_json: JSON.stringify(patch) }).where('op_id', '=', opId).where('frozen_at', 'is', null).execute()
}

export async function dequeue(db: LocalDb, opId: string): Promise<void> {
  await db.deleteFrom('outbox').where('op_id', '=', opId).execute()
}

export async function dequeueMany(db: LocalDb, opIds: readonly string[]): Promise<void> {
  await db.deleteFrom('outbox').where('op_id', 'in', opIds).execute()
}

/** Which of these records have an operation waiting. */
export async function recordIdsWaiting(db: LocalDb, recordIds: readonly string[]): Promise<Set<string>> {
  const rows = await db.selectFrom('outbox').select('record_id').where('record_id', 'in', recordIds).execute()
  return new Set(rows.map(({ record_id }) => record_id))
}

/** What waits in this lane was made on top of the version that the central service has now. */
export async function rebaseLane(db: LocalDb, recordId: string, version: number): Promise<void> {
  await db.updateTable('outbox').set({ base_version: version }).where('record_id', '=', recordId).where('frozen_at', 'is', null).execute()
}

export async function dequeueAll(db: LocalDb, recordId: string): Promise<void> {
  await db.deleteFrom('outbox').where('record_id', '=', recordId).execute()
}

export async function countQueued(db: LocalDb): Promise<number> {
  const { n } = await db
    .selectFrom('outbox')
    .innerJoin('record', 'record.id', 'outbox.record_id')
    .select((eb) => eb.fn.countAll<number>().as('n'))
    .where('record.state', '=', 'queued')
    .executeTakeFirstOrThrow()
  return n
}

function parseOperation({ patch_json, departure_json, ...row }: OutboxRow): OutboxOperation {
  const departure = departure_json === null ? null : (JSON.parse(departure_json) as QueuedDeparture)
  return { ...row, patch: JSON.parse(patch_json) as PersonPatch, departure }
}
