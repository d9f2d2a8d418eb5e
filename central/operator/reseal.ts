import { sql, type Kysely } from 'kysely'
import type { Database } from '../database/database.ts'
import type { PersonalData, Place } from '../personal-data/personal-data.ts'
import type { ServiceContext } from '../service-context.ts'

/** Every sealed column there is, by its place. */
const sealedColumns: Readonly<Record<Place['column'], readonly [table: 'person' | 'registration' | 'organization' | 'reveal' | 'attachment_content' | 'attachment' | 'attachment_upload' | 'departure' | 'transfer_request' | 'filed_person' | 'self_registration' | 'face_check' | 'registration_face' | 'face_data', column: string]>> = {
  'person.id_card_no': ['person', 'id_card_no_sealed'],
  'registration.mobile': ['registration', 'mobile_sealed'],
  'registration.residence_detail': ['registration', 'residence_detail_sealed'],
  'registration.values': ['registration', 'values_sealed'],
  'organization.contact_phone': ['organization', 'contact_phone_sealed'],
  // Files are sealed with a key of their own, and only that one is sealed anew.
  'attachment_content.key': ['attachment_content', 'key_sealed'],
  'attachment.details': ['attachment', 'details_sealed'],
  'attachment_upload.details': ['attachment_upload', 'details_sealed'],
  'departure.note': ['departure', 'note_sealed'],
  'transfer_request.id_card_no': ['transfer_request', 'id_card_no_sealed'],
  'transfer_request.name': ['transfer_request', 'name_sealed'],
  'transfer_request.refusal': ['transfer_request', 'refusal_sealed'],
  'reveal.words': ['reveal', 'words_sealed'],
  'filed_person.id_card_no': ['filed_person', 'id_card_no_sealed'],
  'filed_person.name': ['filed_person', 'name_sealed'],
  'self_registration.values': ['self_registration', 'values_sealed'],
  'self_registration.reason': ['self_registration', 'reason_sealed'],
  'face_check.decision_reason': ['face_check', 'decision_reason_sealed'],
  'registration_face.withdrawal_reason': ['registration_face', 'withdrawal_reason_sealed'],
  'face_data.template': ['face_data', 'template_sealed'],
  'face_data.picture': ['face_data', 'picture_sealed'],
}

const pageSize = 200

/**
 * Seals anew, with today's key, whatever another one has sealed. The service may run meanwhile: a value that somebody
 * has changed in between is left to them. Broken off, it goes on where it was.
 * @returns how many values
 */
export async function resealAll({ db, personal }: ServiceContext): Promise<number> {
  let count = 0
  for (const place of Object.keys(sealedColumns) as Place['column'][]) count += await resealColumn(db, personal, place)
  return count
}

async function resealColumn(db: Kysely<Database>, personal: PersonalData, place: Place['column']): Promise<number> {
  const [table, name] = sealedColumns[place]
  const column = sql.ref(name)
  let count = 0
  for (let after = ''; ; ) {
    const { rows } = await sql<{ id: string; sealed: string }>`
      select id, ${column} as sealed from ${sql.table(table)}
      where id > ${after} and ${column} not like ${`${personal.current}.%`} order by id limit ${pageSize}`.execute(db)
    for (const { id, sealed } of rows) {
      const anew = personal.seal(personal.open(sealed, { column: place, rowId: id }), { column: place, rowId: id })
      const { numAffectedRows } = await sql`update ${sql.table(table)} set ${column} = ${anew} where id = ${id} and ${column} = ${sealed}`.execute(db)
      count += Number(numAffectedRows)
      after = id
    }
    if (rows.length < pageSize) return count
  }
}
