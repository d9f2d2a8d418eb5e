import { sql, type Selectable, type Updateable } from 'kysely'
import type { SelfPhoto } from '../../../shared/domain/self-registration.ts'
import type { CentralDb } from '../../database/database.ts'
import type { SelfRegistrationTable } from './self-registration.tables.ts'

export type SelfRegistrationRow = Selectable<SelfRegistrationTable>

export async function findSelfRegistration(db: CentralDb, id: string): Promise<SelfRegistrationRow | undefined> {
  return db.selectFrom('self_registration').selectAll().where('id', '=', id).executeTakeFirst()
}

/** @returns false where the id is taken */
export async function insertSelfRegistration(trx: CentralDb, row: SelfRegistrationTable): Promise<boolean> {
  const rows = await trx.insertInto('self_registration').values(row).onConflict((conflict) => conflict.column('id').doNothing()).returning('id').execute()
  return rows.length > 0
}

export async function updateSelfRegistration(trx: CentralDb, id: string, change: Updateable<SelfRegistrationTable>): Promise<void> {
  await trx.updateTable('self_registration').set(change).where('id', '=', id).execute()
}

/** How many of a unit's project nobody has decided on. */
export async function countOpen(db: CentralDb, organizationId: string, projectId: string): Promise<number> {
  const { count } = await db
    .selectFrom('self_registration')
    .select((eb) => eb.fn.countAll<number | string>().as('count'))
    .where('project_id', '=', projectId)
    .where('organization_id', '=', organizationId)
    .where('state', 'in', ['incomplete', 'waiting', 'set-aside'])
    .executeTakeFirstOrThrow()
  return Number(count)
}

type Person = Pick<SelfRegistrationRow, 'organization_id' | 'project_id' | 'id_card_no_hash'>

const ofPerson = (db: CentralDb, { organization_id, project_id, id_card_no_hash }: Person) =>
  db.selectFrom('self_registration').selectAll().where('organization_id', '=', organization_id).where('project_id', '=', project_id).where('id_card_no_hash', '=', id_card_no_hash)

export async function findWaiting(db: CentralDb, person: Person): Promise<SelfRegistrationRow | undefined> {
  return ofPerson(db, person).where('state', '=', 'waiting').executeTakeFirst()
}

/** All that wait for a unit of the people with these numbers. */
export async function waitingOf(db: CentralDb, organizationId: string, idCardNoHashes: readonly string[]): Promise<SelfRegistrationRow[]> {
  return db.selectFrom('self_registration').selectAll().where('id_card_no_hash', 'in', idCardNoHashes).where('organization_id', '=', organizationId).where('state', '=', 'waiting').orderBy('id').execute()
}

export interface WaitingRow extends SelfRegistrationRow {
  /** Of the same person with the same unit. */
  live_registration_id: string | null
}

/** Longest waiting first. */
export async function waitingOn(db: CentralDb, organizationId: string, of: { readonly projectId: string } | { readonly id: string }): Promise<WaitingRow[]> {
  const live = sql<boolean>`r.status in ('pending', 'active')`
  const waiting = db
    .selectFrom('self_registration as s')
    .leftJoin('registration as r', (join) => join.onRef('r.id_card_no_hash', '=', 's.id_card_no_hash').onRef('r.organization_id', '=', 's.organization_id').on(live))
    .selectAll('s')
    .select('r.id as live_registration_id')
    .where('s.organization_id', '=', organizationId)
    .where('s.state', '=', 'waiting')
    .orderBy('s.submitted_at')
    .orderBy('s.id')
  return ('id' in of ? waiting.where('s.id', '=', of.id) : waiting.where('s.project_id', '=', of.projectId)).execute()
}

export async function oldestSetAside(db: CentralDb, person: Person): Promise<SelfRegistrationRow | undefined> {
  return ofPerson(db, person).where('state', '=', 'set-aside').orderBy('submitted_at').orderBy('id').limit(1).executeTakeFirst()
}

export async function photosOf(db: CentralDb, id: string): Promise<{ photo: SelfPhoto; content_id: string }[]> {
  return db.selectFrom('self_registration_photo').select(['photo', 'content_id']).where('self_registration_id', '=', id).orderBy('photo').execute()
}

export async function putPhoto(trx: CentralDb, id: string, photo: SelfPhoto, contentId: string): Promise<void> {
  await trx
    .insertInto('self_registration_photo')
    .values({ self_registration_id: id, photo, content_id: contentId })
    .onConflict((conflict) => conflict.columns(['self_registration_id', 'photo']).doUpdateSet({ content_id: contentId }))
    .execute()
}

/** The row and its photos; contents are the caller's to let go. @returns their ids */
export async function deleteSelfRegistration(trx: CentralDb, id: string): Promise<string[]> {
  const photos = await photosOf(trx, id)
  await trx.deleteFrom('self_registration_photo').where('self_registration_id', '=', id).execute()
  await trx.deleteFrom('self_registration').where('id', '=', id).execute()
  return photos.map(({ content_id }) => content_id)
}
