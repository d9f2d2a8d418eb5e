import { sql, type Updateable } from 'kysely'
import { photoTypes } from '../../../shared/domain/attachments.ts'
import type { ErrorDetails } from '../../../shared/errors/app-error.ts'
import type { ErrorCode } from '../../../shared/errors/codes.ts'
import type { AttachmentRow, AttachmentTable, LocalDb, NewAttachmentRow } from './local-tables.ts'

/** Nothing is put off for longer, in ms: what is due later than that was put off on a clock that was wrong. */
const longestPutOff = 3_600_000

export interface AttachmentProblem {
  readonly code: ErrorCode
  readonly details: ErrorDetails
}

type NewAttachment = Omit<NewAttachmentRow, 'next_at' | 'problem_json' | 'removed_at' | 'uploaded_at' | 'uploaded_by' | 'epoch'> & Partial<Pick<NewAttachmentRow, 'uploaded_at' | 'uploaded_by' | 'epoch'>>
export type AttachmentChange = Omit<Updateable<AttachmentTable>, 'id' | 'problem_json'> & { problem?: AttachmentProblem | null }

export async function insertAttachment(db: LocalDb, row: NewAttachment): Promise<void> {
  await db.insertInto('attachment').values({ next_at: null, problem_json: null, removed_at: null, uploaded_at: null, uploaded_by: null, epoch: null, ...row }).execute()
}

export async function findAttachment(db: LocalDb, id: string): Promise<AttachmentRow | undefined> {
  return db.selectFrom('attachment').selectAll().where('id', '=', id).executeTakeFirst()
}

/**
 * What the clerk sees of a registration, in the order it was added.
 * @param recordId null: the unit's own
 */
export async function attachmentsOf(db: LocalDb, recordId: string | null): Promise<AttachmentRow[]> {
  return db.selectFrom('attachment').selectAll().where('record_id', 'is', recordId).where('removed_at', 'is', null).orderBy('added_at').orderBy('id').execute()
}

/** All of a registration, those too that the clerk has just deleted. */
export async function allAttachmentsOf(db: LocalDb, recordId: string | null): Promise<AttachmentRow[]> {
  return db.selectFrom('attachment').selectAll().where('record_id', 'is', recordId).execute()
}

/** Which 人员相片 these registrations have, each as `id/type`. */
export async function photoTypesOf(db: LocalDb, recordIds: readonly string[]): Promise<Set<string>> {
  const rows = await db
    .selectFrom('attachment')
    .select(['record_id', 'type'])
    .where('record_id', 'in', sql<string>`(select value from json_each(${JSON.stringify(recordIds)}))`)
    .where('type', 'in', [...photoTypes])
    .where('removed_at', 'is', null)
    .execute()
  return new Set(rows.map(({ record_id: recordId, type }) => `${recordId ?? ''}/${type}`))
}

/** The same content under the same type, not deleted: adding it again would add nothing. */
export async function findSameContent(db: LocalDb, { recordId, type, sha256 }: { recordId: string | null; type: string; sha256: string }): Promise<AttachmentRow | undefined> {
  return db
    .selectFrom('attachment')
    .selectAll()
    .where('record_id', 'is', recordId)
    .where('type', '=', type)
    .where('sha256', '=', sha256)
    .where('removed_at', 'is', null)
    .executeTakeFirst()
}

/** @returns whether it is still there */
export async function updateAttachment(db: LocalDb, id: string, { problem, ...change }: AttachmentChange): Promise<boolean> {
  const problem_json = problem === undefined ? {} : { problem_json: problem === null ? null : JSON.stringify(problem) }
  const { numUpdatedRows } = await db.updateTable('attachment').set({ ...change, ...problem_json }).where('id', '=', id).executeTakeFirst()
  return numUpdatedRows > 0n
}

export async function deleteAttachments(db: LocalDb, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await db.deleteFrom('attachment').where('id', 'in', ids).execute()
}

export function problemOf({ problem_json }: Pick<AttachmentRow, 'problem_json'>): AttachmentProblem | null {
  return problem_json === null ? null : (JSON.parse(problem_json) as AttachmentProblem)
}

// Uploads

/** @param ofUnit the unit's own among them */
const toSend = (db: LocalDb, ofUnit: boolean) =>
  db
    .selectFrom('attachment as a')
    // What it belongs to must be at the central service first.
    .leftJoin('record as r', 'r.id', 'a.record_id')
    .where((eb) => eb.or([...(ofUnit ? [eb('a.record_id', 'is', null)] : []), eb.and([eb('r.version', 'is not', null), eb('r.remote_removed', '=', 0)])]))
    .where('a.state', 'in', ['waiting', 'uploading'])
    .where('a.kept', '=', 1)
    .where('a.removed_at', 'is', null)

/** Those that may be sent at `now`, the longest waiting first. */
export async function dueUploads(db: LocalDb, now: string, ofUnit: boolean): Promise<AttachmentRow[]> {
  const latest = new Date(Date.parse(now) + longestPutOff).toISOString()
  return toSend(db, ofUnit)
    .selectAll('a')
    .where((eb) => eb.or([eb('a.next_at', 'is', null), eb('a.next_at', '<=', now), eb('a.next_at', '>', latest)]))
    .orderBy('a.added_at')
    .orderBy('a.id')
    .execute()
}

/** When the first of those that were put off may be tried again. */
export async function nextUploadAt(db: LocalDb, ofUnit: boolean): Promise<string | null> {
  const row = await toSend(db, ofUnit).select('a.next_at').where('a.next_at', 'is not', null).orderBy('a.next_at').executeTakeFirst()
  return row?.next_at ?? null
}

/** @returns false where it is not to be sent any more: paused or deleted a moment ago */
export async function beginSending(db: LocalDb, id: string): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('attachment')
    .set({ state: 'uploading', next_at: null })
    .where('id', '=', id)
    .where('state', 'in', ['waiting', 'uploading'])
    .where('removed_at', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Of one that is being sent. Where the clerk has paused it meanwhile, that stays. */
export async function endSending(db: LocalDb, id: string, { problem, ...change }: AttachmentChange): Promise<void> {
  const problem_json = problem === undefined ? {} : { problem_json: problem === null ? null : JSON.stringify(problem) }
  await db.updateTable('attachment').set({ ...change, ...problem_json }).where('id', '=', id).where('state', '=', 'uploading').execute()
}

/** Deleted by the clerk, the longest ago first. */
export async function removedAttachments(db: LocalDb): Promise<AttachmentRow[]> {
  return db.selectFrom('attachment').selectAll().where('removed_at', 'is not', null).orderBy('removed_at').execute()
}

const afresh = { state: 'waiting', sent: 0, attempts: 0, next_at: null, problem_json: null, uploaded_at: null, uploaded_by: null, epoch: null } as const

/**
 * A registration that goes lives on under another id: what was added to it goes along, and up anew. What lies nowhere but at
 * the central service goes with the old one.
 */
export async function moveAttachments(db: LocalDb, from: string, to: string): Promise<void> {
  await db.updateTable('attachment').set({ record_id: to, ...afresh }).where('record_id', '=', from).where('kept', '=', 1).where('removed_at', 'is', null).execute()
}

/** The central service, restored from a backup, has told everything and these not: what is here goes up once more, of the rest nothing is left. */
export async function resendForgotten(db: LocalDb, life: string): Promise<void> {
  const forgotten = () => db.selectFrom('attachment').select('id').where('state', '=', 'uploaded').where((eb) => eb.or([eb('epoch', 'is', null), eb('epoch', '<>', life)]))
  await db.deleteFrom('attachment').where('kept', '=', 0).where('id', 'in', forgotten()).execute()
  await db.updateTable('attachment').set(afresh).where('id', 'in', forgotten()).execute()
}

// Files

export async function keptAttachments(db: LocalDb): Promise<Pick<AttachmentRow, 'id' | 'state'>[]> {
  return db.selectFrom('attachment').select(['id', 'state']).where('kept', '=', 1).execute()
}

/** Files to be taken away. */
export async function leftovers(db: LocalDb): Promise<string[]> {
  // A row that came again under the same id has its file back.
  const rows = await db.selectFrom('attachment_leftover').select('id').where('id', 'not in', db.selectFrom('attachment').select('id')).execute()
  return rows.map(({ id }) => id)
}

export async function forgetLeftovers(db: LocalDb, ids: readonly string[]): Promise<void> {
  if (ids.length > 0) await db.deleteFrom('attachment_leftover').where('id', 'in', ids).execute()
}

// Proofs of insurance

/** The newest of this type of each person who has not left. */
export async function newestProofs(db: LocalDb, type: string): Promise<{ recordId: string; proofDate: string }[]> {
  const rows = await db
    .selectFrom('attachment as a')
    .innerJoin('record as r', 'r.id', 'a.record_id')
    .select((eb) => ['r.id', eb.fn.max('a.proof_date').as('proof_date')])
    .where('a.type', '=', type)
    .where('a.removed_at', 'is', null)
    .where('a.state', '<>', 'refused')
    .where('r.employment_status', '=', 'employed')
    .groupBy('r.id')
    .execute()
  return rows.flatMap(({ id, proof_date }) => (proof_date === null ? [] : [{ recordId: id, proofDate: proof_date }]))
}
