import { sql } from 'kysely'
import type { BindingEventResource, ReviewedStatus } from '../../../shared/api/binding-reviews.ts'
import type { PersonType } from '../../../shared/domain/statuses.ts'
import { contains } from '../../database/contains.ts'
import type { CentralDb } from '../../database/database.ts'
import type { PersonalData } from '../../personal-data/personal-data.ts'
import { indexName } from '../registrations/names.ts'
import type { ListPlace } from '../reviews/list-place.ts'

export interface PeopleFilter {
  readonly projectId: string
  readonly status: ReviewedStatus
  readonly personType: PersonType | null
  /** Part of the name, its pinyin or initials, as `asSearched`; '' for all. */
  readonly name: string
  /** Bindings of people who are registered nowhere in the unit and are found by their names: those lie sealed. */
  readonly foundUnregistered: readonly string[]
}

/** Before it was ever submitted, a binding waits since it was made; in that order `binding_project` holds the others. */
const since = (status: ReviewedStatus) => (status === 'unsubmitted' ? ('b.created_at' as const) : ('b.submitted_at' as const))

const people = (db: CentralDb) =>
  db
    .selectFrom('binding as b')
    .innerJoin('organization as o', 'o.id', 'b.organization_id')
    .leftJoin('registration as r', 'r.id', 'b.registration_id')
    .leftJoin('filed_person as f', 'f.id', 'b.filed_person_id')

const filtered = (db: CentralDb, { projectId, status, personType, name, foundUnregistered }: PeopleFilter) =>
  people(db)
    .where('b.project_id', '=', projectId)
    .where('b.status', '=', status)
    .$if(personType !== null, (query) => query.where('b.person_type', '=', personType ?? 'worker'))
    .$if(name !== '', (query) =>
      query.where((eb) => {
        const named = (['r.name', 'r.pinyin', 'r.initials'] as const).map((column) => contains(eb.ref(column), name))
        return eb.or([...named, ...(foundUnregistered.length > 0 ? [eb('b.id', 'in', foundUnregistered)] : [])])
      }),
    )

export interface PersonRow {
  readonly id: string
  readonly version: number
  readonly person_type: PersonType
  readonly organization_id: string
  readonly organization_name: string
  readonly registration_id: string | null
  readonly registration_version: number | null
  readonly registered_name: string | null
  readonly filed_id: string | null
  readonly filed_name_sealed: string | null
  readonly review_comment: string | null
  readonly since: string
}

const personColumns = [
  'b.id', 'b.version', 'b.person_type', 'b.organization_id', 'o.name as organization_name', 'b.registration_id', 'r.version as registration_version', 'r.name as registered_name',
  'f.id as filed_id', 'f.name_sealed as filed_name_sealed', 'b.review_comment',
] as const

/** Longest waiting first. */
export function findPeople(db: CentralDb, filter: PeopleFilter, after: ListPlace | null, limit: number): Promise<PersonRow[]> {
  const key = since(filter.status)
  return filtered(db, filter)
    .select(personColumns)
    .select((eb) => eb.ref(key).$castTo<string>().as('since'))
    // One comparison of both: the index is entered where the page begins.
    .$if(after !== null, (query) => query.where((eb) => sql<boolean>`(${eb.ref(key)}, ${eb.ref('b.id')}) > (${after?.at ?? ''}, ${after?.id ?? ''})`))
    .orderBy(key)
    .orderBy('b.id')
    .limit(limit)
    .execute()
}

/** Joined only where the name is asked for: without it the index alone tells. */
export async function countPeople(db: CentralDb, filter: PeopleFilter): Promise<number> {
  const { projectId, status, personType, name } = filter
  const counting =
    name === ''
      ? db.selectFrom('binding as b').where('b.project_id', '=', projectId).where('b.status', '=', status).$if(personType !== null, (query) => query.where('b.person_type', '=', personType ?? 'worker'))
      : filtered(db, filter)
  const { count } = await counting.select((eb) => eb.fn.countAll<number | string>().as('count')).executeTakeFirstOrThrow()
  return Number(count)
}

/** Who is not registered has a name in the filing alone, where it lies sealed. */
export async function findUnregistered(db: CentralDb, personal: PersonalData, { projectId, status }: Pick<PeopleFilter, 'projectId' | 'status'>, name: string): Promise<string[]> {
  const rows = await people(db).select(personColumns).select(sql<string>`''`.as('since')).where('b.project_id', '=', projectId).where('b.status', '=', status).where('b.registration_id', 'is', null).execute()
  return rows.filter((row) => {
    const filed = nameOf(row, personal)
    const { pinyin, initials } = indexName(filed)
    return [filed, pinyin, initials].some((text) => text.toLowerCase().includes(name))
  }).map(({ id }) => id)
}

export function nameOf({ registered_name, filed_id, filed_name_sealed }: PersonRow, personal: PersonalData): string {
  if (registered_name !== null) return registered_name
  return filed_id !== null && filed_name_sealed !== null ? personal.open(filed_name_sealed, { column: 'filed_person.name', rowId: filed_id }) : ''
}

/** A binding to a project of which the unit is the 实施单位, whatever its status. */
export async function findReviewedBinding(db: CentralDb, implementerId: string, id: string) {
  return people(db)
    .innerJoin('project as p', 'p.id', 'b.project_id')
    .innerJoin('organization as i', 'i.credit_code', 'p.implementer_credit_code')
    .leftJoin('team as t', 't.id', 'b.team_id')
    .select(personColumns)
    .select((eb) => eb.fn.coalesce('b.submitted_at', 'b.created_at').as('since'))
    .select(['b.status', 'b.project_id', 'p.project_no', 'p.name as project_name', 't.name as team_name'])
    .where('b.id', '=', id)
    .where('i.id', '=', implementerId)
    .where('p.withdrawn_at', 'is', null)
    .executeTakeFirst()
}
export type ReviewedBindingRow = NonNullable<Awaited<ReturnType<typeof findReviewedBinding>>>

/** Newest first. */
export async function historyOf(db: CentralDb, bindingId: string): Promise<BindingEventResource[]> {
  const rows = await db
    .selectFrom('binding_event as e')
    .leftJoin('account as a', 'a.id', 'e.account_id')
    .leftJoin('organization as o', 'o.id', 'e.organization_id')
    .select(['e.id', 'e.at', 'e.action', 'e.status', 'e.comment', 'a.display_name', 'o.name'])
    .where('e.binding_id', '=', bindingId)
    .orderBy('e.at', 'desc')
    .orderBy('e.id', 'desc')
    .execute()
  return rows.map(({ display_name: displayName, name, ...event }) => ({ ...event, by: displayName !== null && name !== null ? { displayName, organizationName: name } : null }))
}
