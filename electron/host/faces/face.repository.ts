import { sql, type Insertable } from 'kysely'
import type { FaceTemplate } from '../../../shared/domain/face/template.ts'
import type { ConsentRow, ConsentTable, EventRow, EventTable, FaceDb, JournalRow, JournalTable, TemplateRow, TemplateTable } from './face-tables.ts'
import type { EnrolledDescriptor } from './scan/scan-link.ts'

type Ids = readonly string[]
const among = (ids: Ids) => sql<string>`(select value from json_each(${JSON.stringify(ids)}))`

// Templates

/** In the place of the one that the registration had. */
export async function putTemplate(trx: FaceDb, row: Insertable<TemplateTable>): Promise<void> {
  await deleteTemplate(trx, row.registration_id)
  await trx.insertInto('template').values(row).execute()
}

export async function findTemplate(db: FaceDb, registrationId: string): Promise<TemplateRow | undefined> {
  return db.selectFrom('template').selectAll().where('registration_id', '=', registrationId).executeTakeFirst()
}

export async function templatesOf(db: FaceDb, registrationIds: Ids): Promise<TemplateRow[]> {
  return db.selectFrom('template').selectAll().where('registration_id', 'in', among(registrationIds)).execute()
}

/** That a queued write tells of; undefined where it was replaced or withdrawn since. */
export async function findTemplateOfWrite(db: FaceDb, opId: string): Promise<TemplateRow | undefined> {
  return db.selectFrom('template').selectAll().where('op_id', '=', opId).executeTakeFirst()
}

/** Of whoever has this number, under whatever registration. */
export async function templatesOfNumber(db: FaceDb, hash: string): Promise<TemplateRow[]> {
  return db.selectFrom('template').selectAll().where('id_card_no_hash', '=', hash).execute()
}

export async function deleteTemplate(trx: FaceDb, registrationId: string): Promise<void> {
  await trx.deleteFrom('template').where('registration_id', '=', registrationId).execute()
}

export async function dropPicture(trx: FaceDb, registrationId: string): Promise<void> {
  await trx.updateTable('template').set({ picture: null }).where('registration_id', '=', registrationId).execute()
}

export async function countTemplates(db: FaceDb): Promise<number> {
  const { n } = await db.selectFrom('template').select((eb) => eb.fn.countAll<number>().as('n')).executeTakeFirstOrThrow()
  return n
}

export async function enrolledIds(db: FaceDb): Promise<string[]> {
  const rows = await db.selectFrom('template').select('registration_id').execute()
  return rows.map((row) => row.registration_id)
}

/** Which of these registrations have a template. */
export async function enrolledAmong(db: FaceDb, registrationIds: Ids): Promise<Set<string>> {
  const rows = await db.selectFrom('template').select('registration_id').where('registration_id', 'in', among(registrationIds)).execute()
  return new Set(rows.map((row) => row.registration_id))
}

/** Everybody whose template was made in this way, some at a time. */
export async function* enrolledDescriptors(db: FaceDb, { modelId, cropVersion }: Pick<FaceTemplate, 'modelId' | 'cropVersion'>, atOnce: number): AsyncGenerator<EnrolledDescriptor[]> {
  for (let after = ''; ;) {
    const rows = await db
      .selectFrom('template').select(['registration_id', 'descriptor']).where('model_id', '=', modelId).where('crop_version', '=', cropVersion).where('registration_id', '>', after)
      .orderBy('registration_id').limit(atOnce).execute()
    if (rows.length > 0) yield rows.map(({ registration_id: id, descriptor }) => ({ id, descriptor: floatsOf(descriptor) }))
    if (rows.length < atOnce) return
    after = rows.at(-1)?.registration_id ?? after
  }
}

/** Little-endian, as every machine that runs this has them. */
export const floatsOf = (bytes: Uint8Array): Float32Array => new Float32Array(Uint8Array.from(bytes).buffer)
export const bytesOf = (descriptor: readonly number[]): Uint8Array => new Uint8Array(Float32Array.from(descriptor).buffer)

// Consents

export async function insertConsent(trx: FaceDb, row: Insertable<ConsentTable>): Promise<void> {
  await trx.insertInto('consent').values(row).execute()
}

/** The last one that is not withdrawn, to whatever text. */
export async function standingConsent(db: FaceDb, registrationId: string): Promise<ConsentRow | undefined> {
  return db.selectFrom('consent').selectAll().where('registration_id', '=', registrationId).where('withdrawn_at', 'is', null).orderBy('at', 'desc').orderBy('id', 'desc').executeTakeFirst()
}

/** That the template rests on; undefined without one. */
export async function consentOfTemplate(db: FaceDb, registrationId: string): Promise<ConsentRow | undefined> {
  return db.selectFrom('consent').selectAll().where('id', '=', ({ selectFrom }) => selectFrom('template').select('consent_id').where('registration_id', '=', registrationId)).executeTakeFirst()
}

/** Of all that were given until then. */
export async function withdrawConsents(trx: FaceDb, registrationId: string, until: string, at: string): Promise<void> {
  await trx.updateTable('consent').set({ withdrawn_at: at }).where('registration_id', '=', registrationId).where('withdrawn_at', 'is', null).where('at', '<=', until).execute()
}

// Events

export async function noteEvent(trx: FaceDb, row: Insertable<EventTable>): Promise<void> {
  await trx.insertInto('event').values(row).execute()
}

/** Newest first. */
export async function eventsOf(db: FaceDb, registrationId: string): Promise<EventRow[]> {
  return db.selectFrom('event').selectAll().where('registration_id', '=', registrationId).orderBy('id', 'desc').limit(100).execute()
}

// Journal

export async function noteWrite(trx: FaceDb, row: JournalTable): Promise<void> {
  await trx.insertInto('journal').values(row).execute()
}

/** In the order in which they were made. */
export async function unqueuedWrites(db: FaceDb): Promise<JournalRow[]> {
  return db.selectFrom('journal').selectAll().orderBy(sql`rowid`).execute()
}

export async function forgetWrite(db: FaceDb, opId: string): Promise<void> {
  await db.deleteFrom('journal').where('op_id', '=', opId).execute()
}
