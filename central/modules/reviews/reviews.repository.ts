import { sql, type Insertable, type Selectable } from 'kysely'
import type { ReviewResource } from '../../../shared/api/review-resources.ts'
import { contains } from '../../database/contains.ts'
import type { CentralDb, RegistrationReviewTable } from '../../database/database.ts'
import type { RegistrationWithPerson } from '../registrations/registration.repository.ts'
import { faceCheckedAt } from '../faces/registration-face.repository.ts'
import { departureColumns } from '../transfers/departure.repository.ts'
import type { ListPlace } from './list-place.ts'

export type PendingRow = RegistrationWithPerson & { organization_name: string }

/** Spelled out: PostgreSQL would not know of a parameter in its place that the index holds these rows. */
const isPending = sql<boolean>`r.status = 'pending'`

/** What waits in the review scope of a unit. */
const pending = (db: CentralDb, reviewerOrganizationId: string) =>
  db
    .selectFrom('registration as r')
    .innerJoin('review_scope as s', 's.organization_id', 'r.organization_id')
    .innerJoin('person as p', 'p.id', 'r.person_id')
    .innerJoin('organization as o', 'o.id', 'r.organization_id')
    .leftJoin('departure as d', 'd.id', 'r.id')
    .where('s.reviewer_organization_id', '=', reviewerOrganizationId)
    .where(isPending)

export interface PendingFilter {
  readonly organizationId: string | null
  /** Part of the name, its pinyin or initials, or the keyed hash of a whole ID number; null: all. */
  readonly text: { readonly name: string; readonly idCardNoHash: string | null } | null
}

const filtered = (db: CentralDb, reviewerOrganizationId: string, { organizationId, text }: PendingFilter) =>
  pending(db, reviewerOrganizationId)
    .$if(organizationId !== null, (query) => query.where('r.organization_id', '=', organizationId ?? ''))
    .$if(text !== null, (query) =>
      query.where((eb) => {
        const named = (['r.name', 'r.pinyin', 'r.initials'] as const).map((column) => contains(eb.ref(column), text?.name ?? ''))
        return eb.or([...named, ...(text?.idCardNoHash ? [eb('r.id_card_no_hash', '=', text.idCardNoHash)] : [])])
      }),
    )

/** Longest waiting first. */
export function findPending(db: CentralDb, reviewerOrganizationId: string, filter: PendingFilter, after: ListPlace | null, limit: number): Promise<PendingRow[]> {
  return filtered(db, reviewerOrganizationId, filter)
    .selectAll('r')
    .select(['p.id_card_no_sealed', 'o.name as organization_name', faceCheckedAt, ...departureColumns])
    .$if(after !== null, (query) =>
      query.where((eb) => eb.or([eb('r.updated_at', '>', after?.at ?? ''), eb.and([eb('r.updated_at', '=', after?.at ?? ''), eb('r.id', '>', after?.id ?? '')])])),
    )
    .orderBy('r.updated_at')
    .orderBy('r.id')
    .limit(limit)
    .execute()
}

export async function countPending(db: CentralDb, reviewerOrganizationId: string, filter: PendingFilter): Promise<number> {
  const { count } = await filtered(db, reviewerOrganizationId, filter).select((eb) => eb.fn.countAll<number | string>().as('count')).executeTakeFirstOrThrow()
  return Number(count)
}

/** A registration in the review scope of a unit, whatever its status. */
export function findInScope(db: CentralDb, reviewerOrganizationId: string, id: string): Promise<PendingRow | undefined> {
  return db
    .selectFrom('registration as r')
    .innerJoin('review_scope as s', 's.organization_id', 'r.organization_id')
    .innerJoin('person as p', 'p.id', 'r.person_id')
    .innerJoin('organization as o', 'o.id', 'r.organization_id')
    .leftJoin('departure as d', 'd.id', 'r.id')
    .selectAll('r')
    .select(['p.id_card_no_sealed', 'o.name as organization_name', faceCheckedAt, ...departureColumns])
    .where('s.reviewer_organization_id', '=', reviewerOrganizationId)
    .where('r.id', '=', id)
    .executeTakeFirst()
}

export async function insertReview(trx: CentralDb, row: Insertable<RegistrationReviewTable>): Promise<void> {
  await trx.insertInto('registration_review').values(row).execute()
}

/** A decision with the names of who made it. */
type ReviewRow = Selectable<RegistrationReviewTable> & { reviewer_name: string | null; reviewer_organization_name: string | null }

const reviews = (db: CentralDb) =>
  db
    .selectFrom('registration_review as v')
    .leftJoin('account as a', 'a.id', 'v.account_id')
    .leftJoin('organization as ro', 'ro.id', 'v.reviewer_organization_id')
    .selectAll('v')
    .select(['a.display_name as reviewer_name', 'ro.name as reviewer_organization_name'])

/** Newest first. */
export function reviewsOf(db: CentralDb, registrationId: string): Promise<ReviewRow[]> {
  return reviews(db).where('v.registration_id', '=', registrationId).orderBy('v.at', 'desc').orderBy('v.id', 'desc').execute()
}

/** Which of these were decided on before. */
export async function reviewedBefore(db: CentralDb, registrationIds: readonly string[]): Promise<Set<string>> {
  if (registrationIds.length === 0) return new Set()
  const rows = await db.selectFrom('registration_review').select('registration_id').distinct().where('registration_id', 'in', registrationIds).execute()
  return new Set(rows.map(({ registration_id }) => registration_id))
}

export type DecidedRow = ReviewRow & { organization_name: string; name: string; person_id: string; id_card_no_sealed: string }

/** What a unit's reviewers decided, newest first; of units that are still in its scope. */
export function findDecided(db: CentralDb, reviewerOrganizationId: string, before: ListPlace | null, limit: number): Promise<DecidedRow[]> {
  return reviews(db)
    .innerJoin('registration as r', 'r.id', 'v.registration_id')
    .innerJoin('person as p', 'p.id', 'r.person_id')
    .innerJoin('organization as o', 'o.id', 'r.organization_id')
    .leftJoin('departure as d', 'd.id', 'r.id')
    .innerJoin('review_scope as s', (join) => join.onRef('s.organization_id', '=', 'r.organization_id').onRef('s.reviewer_organization_id', '=', 'v.reviewer_organization_id'))
    .select(['o.name as organization_name', 'r.name', 'r.person_id', 'p.id_card_no_sealed'])
    .where('v.reviewer_organization_id', '=', reviewerOrganizationId)
    .$if(before !== null, (query) => query.where((eb) => eb.or([eb('v.at', '<', before?.at ?? ''), eb.and([eb('v.at', '=', before?.at ?? ''), eb('v.id', '<', before?.id ?? '')])])))
    .orderBy('v.at', 'desc')
    .orderBy('v.id', 'desc')
    .limit(limit)
    .execute()
}

export function toReviewResource(row: ReviewRow): ReviewResource {
  const { id, at, decision, reason, reviewer_name: displayName, reviewer_organization_name: organizationName } = row
  return { id, at, decision, reason, reviewer: displayName !== null && organizationName !== null ? { displayName, organizationName } : null }
}
