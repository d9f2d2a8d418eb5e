import { sql, type Insertable, type Selectable, type Updateable } from 'kysely'
import type { RegistrationResource } from '../../../shared/api/resources.ts'
import type { PersonValues } from '../../../shared/domain/person-fields.ts'
import { completeValues } from '../../../shared/domain/person-schema.ts'
import type { RegistrationStatus, ReviewStatus } from '../../../shared/domain/statuses.ts'
import type { CentralDb, RegistrationTable, RemovedRegistrationTable } from '../../database/database.ts'
import { keptQuery, type RowOf } from '../../database/kept-query.ts'
import type { PersonalData } from '../../personal-data/personal-data.ts'
import { faceCheckedAt } from '../faces/registration-face.repository.ts'
import { departureColumns, departureOf, type DepartureColumns } from '../transfers/departure.repository.ts'
import { indexName } from './names.ts'

export type RegistrationRow = Selectable<RegistrationTable>
/** A registration with the sealed number of its person, when its face was checked, and how it ended where it has. */
export type RegistrationWithPerson = RegistrationRow & { id_card_no_sealed: string; face_checked_at: string | null } & DepartureColumns

const withPerson = (db: CentralDb) =>
  db
    .selectFrom('registration as r')
    .innerJoin('person as p', 'p.id', 'r.person_id')
    .leftJoin('departure as d', 'd.id', 'r.id')
    .selectAll('r')
    .select(['p.id_card_no_sealed', faceCheckedAt, ...departureColumns])

const ownById = keptQuery<{ organizationId: string; id: string }, RegistrationWithPerson>((db, value) =>
  withPerson(db).where('r.organization_id', '=', value('organizationId')).where('r.id', '=', value('id')),
)

export async function findOwnRegistration(db: CentralDb, organizationId: string, id: string): Promise<RegistrationWithPerson | undefined> {
  const [row] = await ownById(db, { organizationId, id })
  return row
}

/** Spelled out: PostgreSQL would not know of parameters in its place that the index holds these rows. */
const isLive = sql<boolean>`status in ('pending', 'active')`

type Live = Pick<RegistrationRow, 'id' | 'organization_id'>

const liveByHash = keptQuery<{ hash: string }, Live>((db, value) =>
  db.selectFrom('registration').select(['id', 'organization_id']).where('id_card_no_hash', '=', value('hash')).where(isLive),
)

/** Whose live registration this person is, in any unit: the one look across units, and only its caller's side of the answer is told. */
export async function findLive(db: CentralDb, idCardNoHash: string): Promise<Live | undefined> {
  const [row] = await liveByHash(db, { hash: idCardNoHash })
  return row
}

export async function isIdTaken(db: CentralDb, id: string): Promise<boolean> {
  return (await db.selectFrom('registration').select('id').where('id', '=', id).executeTakeFirst()) !== undefined
}

/** Which of these cannot be made: the id is used, or the person has a live registration, in any unit. */
export async function findTaken(db: CentralDb, ids: readonly string[], idCardNoHashes: readonly string[]): Promise<{ ids: Set<string>; hashes: Set<string> }> {
  const used = await db.selectFrom('registration').select('id').where('id', 'in', ids).execute()
  const live = await db.selectFrom('registration').select('id_card_no_hash').where('id_card_no_hash', 'in', idCardNoHashes).where(isLive).execute()
  return { ids: new Set(used.map(({ id }) => id)), hashes: new Set(live.map(({ id_card_no_hash }) => id_card_no_hash)) }
}

const ownAfterId = keptQuery<{ organizationId: string; afterId: string; limit: number }, RegistrationWithPerson>((db, value) =>
  withPerson(db).where('r.organization_id', '=', value('organizationId')).where('r.id', '>', value('afterId')).orderBy('r.id').limit(value('limit')),
)

export function listOwnRegistrations(db: CentralDb, organizationId: string, afterId: string, limit: number): Promise<RegistrationWithPerson[]> {
  return ownAfterId(db, { organizationId, afterId, limit })
}

const ownAfterSeq = keptQuery<{ organizationId: string; afterSeq: number; limit: number }, RegistrationWithPerson>((db, value) =>
  withPerson(db).where('r.organization_id', '=', value('organizationId')).where('r.seq', '>', value('afterSeq')).orderBy('r.seq').limit(value('limit')),
)

export function changedRegistrations(db: CentralDb, organizationId: string, afterSeq: number, limit: number): Promise<RegistrationWithPerson[]> {
  return ownAfterSeq(db, { organizationId, afterSeq, limit })
}

const removedAfterSeq = keptQuery<{ organizationId: string; afterSeq: number; limit: number }, Selectable<RemovedRegistrationTable>>((db, value) =>
  db.selectFrom('removed_registration').selectAll().where('organization_id', '=', value('organizationId')).where('seq', '>', value('afterSeq')).orderBy('seq').limit(value('limit')),
)

export function removedRegistrations(db: CentralDb, organizationId: string, afterSeq: number, limit: number): Promise<Selectable<RemovedRegistrationTable>[]> {
  return removedAfterSeq(db, { organizationId, afterSeq, limit })
}

const insertion = keptQuery<RowOf<RegistrationTable>, unknown>((db, value) =>
  db.insertInto('registration').values({
    id: value('id'), organization_id: value('organization_id'), person_id: value('person_id'), id_card_no_hash: value('id_card_no_hash'), person_type: value('person_type'),
    status: value('status'), review_comment: value('review_comment'), face_enrolled: value('face_enrolled'), version: value('version'), seq: value('seq'), name: value('name'),
    pinyin: value('pinyin'), initials: value('initials'), mobile_sealed: value('mobile_sealed'), mobile_hash: value('mobile_hash'),
    residence_detail_sealed: value('residence_detail_sealed'), values_sealed: value('values_sealed'), created_at: value('created_at'), updated_at: value('updated_at'),
  }),
)

export async function insertRegistration(db: CentralDb, row: RegistrationTable): Promise<void> {
  await insertion(db, row)
}

export async function insertRegistrations(db: CentralDb, rows: readonly Insertable<RegistrationTable>[]): Promise<void> {
  await db.insertInto('registration').values(rows).execute()
}

/** @returns false where the version was no longer the expected one */
export async function updateOwnRegistration(
  db: CentralDb,
  { organizationId, id, version }: { organizationId: string; id: string; version: number },
  change: Updateable<RegistrationTable>,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('registration')
    .set(change)
    .where('organization_id', '=', organizationId)
    .where('id', '=', id)
    .where('version', '=', version)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export async function removeOwnRegistration(db: CentralDb, organizationId: string, id: string, seq: number, at: string): Promise<void> {
  await db.deleteFrom('registration').where('organization_id', '=', organizationId).where('id', '=', id).execute()
  await db.insertInto('removed_registration').values({ organization_id: organizationId, seq, registration_id: id, removed_at: at }).execute()
}

/** A person to be made where there is none with this number yet. */
export interface NewPerson {
  readonly id: string
  readonly hash: string
  readonly sealed: string
}

const personInsertion = keptQuery<{ id: string; hash: string; sealed: string; at: string }, { id: string }>((db, value) =>
  db
    .insertInto('person')
    .values({ id: value('id'), id_card_no_hash: value('hash'), id_card_no_sealed: value('sealed'), created_at: value('at') })
    // An update that changes nothing: it returns the row, and keeps whoever would drop it waiting.
    .onConflict((conflict) => conflict.column('id_card_no_hash').doUpdateSet((row) => ({ id_card_no_hash: row.ref('excluded.id_card_no_hash') })))
    .returning('id'),
)

/** The person with this number, made at the first registration anywhere; held until the transaction ends. */
export async function findOrInsertPerson(db: CentralDb, person: NewPerson, at: string): Promise<string> {
  const [found] = await personInsertion(db, { ...person, at })
  return found?.id ?? person.id
}

/** The same for several numbers, none of them twice. @returns ids by hash */
export async function findOrInsertPersons(db: CentralDb, persons: readonly NewPerson[], at: string): Promise<Map<string, string>> {
  const rows = await db
    .insertInto('person')
    // In one order for all, so that two units with the same people do not wait for one another in a circle.
    .values(persons.toSorted((a, b) => (a.hash < b.hash ? -1 : 1)).map(({ id, hash, sealed }) => ({ id, id_card_no_hash: hash, id_card_no_sealed: sealed, created_at: at })))
    .onConflict((conflict) => conflict.column('id_card_no_hash').doUpdateSet((row) => ({ id_card_no_hash: row.ref('excluded.id_card_no_hash') })))
    .returning(['id', 'id_card_no_hash'])
    .execute()
  return new Map(rows.map(({ id, id_card_no_hash }) => [id_card_no_hash, id]))
}

/** Forgets the number of somebody who is registered nowhere any more: personal data is kept for as long as it serves something (PIPL 19, 47). */
export async function dropUnregisteredPerson(db: CentralDb, id: string): Promise<void> {
  // Waits for a registration of the same person that is being made, so that the next statement sees it.
  await db.updateTable('person').set((row) => ({ created_at: row.ref('created_at') })).where('id', '=', id).execute()
  await db
    .deleteFrom('person')
    .where('id', '=', id)
    .where(({ not, exists, selectFrom }) => not(exists(selectFrom('registration').select('registration.id').where('person_id', '=', id))))
    .execute()
}

/** The columns that hold a form's values: all sealed but what searches read. */
export function valueColumns(id: string, values: PersonValues, personal: PersonalData) {
  const { idCardNo, mobile, residenceDetail, ...others } = values
  const { pinyin, initials } = indexName(values.name)
  return {
    id_card_no_hash: personal.hashIdCardNo(idCardNo),
    name: values.name,
    pinyin,
    initials,
    mobile_sealed: personal.seal(mobile, { column: 'registration.mobile', rowId: id }),
    mobile_hash: personal.hashMobile(mobile),
    residence_detail_sealed: personal.seal(residenceDetail, { column: 'registration.residence_detail', rowId: id }),
    values_sealed: personal.seal(JSON.stringify(others), { column: 'registration.values', rowId: id }),
  }
}

export function valuesOf(row: RegistrationWithPerson, personal: PersonalData): PersonValues {
  return {
    ...completeValues(JSON.parse(personal.open(row.values_sealed, { column: 'registration.values', rowId: row.id })) as Partial<PersonValues>),
    idCardNo: personal.open(row.id_card_no_sealed, { column: 'person.id_card_no', rowId: row.person_id }),
    mobile: personal.open(row.mobile_sealed, { column: 'registration.mobile', rowId: row.id }),
    residenceDetail: personal.open(row.residence_detail_sealed, { column: 'registration.residence_detail', rowId: row.id }),
  }
}

/** What the review has said of a registration that lives; one that has ended keeps what was said of it. */
export const reviewOf: Readonly<Record<RegistrationStatus, Exclude<ReviewStatus, 'unsubmitted'>>> = {
  pending: 'pending',
  active: 'approved',
  refused: 'refused',
  left: 'approved',
}

export function toRegistrationResource(row: RegistrationWithPerson, personal: PersonalData): RegistrationResource {
  return {
    id: row.id,
    version: row.version,
    personType: row.person_type,
    status: row.status,
    reviewStatus: row.departure_review_status ?? reviewOf[row.status],
    reviewComment: row.review_comment,
    faceEnrolled: row.face_enrolled === 1 || row.face_checked_at !== null,
    departure: departureOf(row, personal),
    values: valuesOf(row, personal),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
