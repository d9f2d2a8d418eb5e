import type { Notice } from '../../../../shared/contract/notices.contract.ts'
import type { LocalDb } from '../../database/local-tables.ts'
import { findRecords } from '../../database/record.repository.ts'
import { shownName } from '../../database/search-line.ts'
import { newestValues } from '../registrations/registration-view.ts'

export type NoticeRow = Omit<Notice, 'isNew'>

/** Registrations that a reviewer has decided on after `since`, and that nobody has changed here afterwards; newest first. */
export async function decidedRegistrations(db: LocalDb, since: string, limit: number): Promise<NoticeRow[]> {
  const rows = await db
    .selectFrom('search as s')
    .innerJoin('record as r', 'r.id', 's.record_id')
    .select(['r.id', 'r.review_status', 's.updated_at'])
    .where('s.updated_at', '>', since)
    .where('r.review_status', 'in', ['approved', 'refused'])
    .where('r.state', 'in', ['uploaded', 'returned'])
    .where('r.return_code', 'is', null)
    .where('r.employment_status', '=', 'employed')
    .orderBy('s.updated_at', 'desc')
    .limit(limit)
    .execute()
  const people = await peopleOf(db, rows.map(({ id }) => id))
  return rows.map(({ id, review_status, updated_at }) => ({
    kind: review_status === 'approved' ? 'registration-approved' : 'registration-refused', at: updated_at, name: people.get(id)?.name ?? '', recordId: id, personType: people.get(id)?.personType ?? null, project: null,
  }))
}

/**
 * Bindings that the 实施单位 has decided on, or that the approval system has ended, after `since`; newest first. What the own unit does is no news to it, and
 * 竣工 ends those of everybody on a project, which is one thing to be told.
 */
export async function movedBindings(db: LocalDb, since: string, limit: number): Promise<NoticeRow[]> {
  const decided = await movedBy(db, 'decided_at', since, limit)
  const ended = await movedBy(db, 'ended_at', since, limit)
  const people = await peopleOf(db, [...decided, ...ended].flatMap(({ record_id }) => (record_id === null ? [] : [record_id])))
  const toRow = (kind: NoticeRow['kind'], { at, record_id, filed_name, person_type, project_id, project_name }: (typeof decided)[number]): NoticeRow => ({
    kind, at: at ?? '', name: people.get(record_id ?? '')?.name ?? filed_name ?? '', recordId: people.has(record_id ?? '') ? record_id : null, personType: person_type, project: { id: project_id, name: project_name },
  })
  return [
    ...decided.map((row) => toRow(row.status === 'refused' ? 'binding-refused' : 'binding-approved', row)),
    ...ended.map((row) => toRow('binding-ended', row)),
    ...(await completedProjects(db, since, limit)),
  ]
}

async function completedProjects(db: LocalDb, since: string, limit: number): Promise<NoticeRow[]> {
  const rows = await db
    .selectFrom('binding as b')
    .innerJoin('project as p', 'p.id', 'b.project_id')
    .select(({ fn }) => ['p.id', 'p.name', fn.max('b.ended_at').as('at')])
    .where('b.ended_at', '>', since)
    .where('b.ending', '=', 'project-completed')
    .groupBy(['p.id', 'p.name'])
    .orderBy('at', 'desc')
    .limit(limit)
    .execute()
  return rows.map(({ id, name, at }) => ({ kind: 'project-completed', at: at ?? '', name: '', recordId: null, personType: null, project: { id, name } }))
}

function movedBy(db: LocalDb, column: 'decided_at' | 'ended_at', since: string, limit: number) {
  return db
    .selectFrom('binding as b')
    .innerJoin('project as p', 'p.id', 'b.project_id')
    .select(['b.record_id', 'b.filed_name', 'b.person_type', 'b.project_id', 'b.status', 'p.name as project_name', `b.${column} as at`])
    .where(`b.${column}`, '>', since)
    .$if(column === 'decided_at', (query) => query.where('b.status', 'in', ['approved', 'refused']))
    .$if(column === 'ended_at', (query) => query.where('b.ending', '=', 'filing-withdrawn'))
    .orderBy(`b.${column}`, 'desc')
    .limit(limit)
    .execute()
}

async function peopleOf(db: LocalDb, ids: readonly string[]): Promise<ReadonlyMap<string, { name: string; personType: 'manager' | 'worker' }>> {
  const records = await findRecords(db, [...new Set(ids)])
  return new Map(records.map((record) => [record.id, { name: shownName(newestValues(record).name, record), personType: record.person_type }]))
}
