import type { CentralDb } from '../../database/database.ts'
import type { PersonalData } from '../../personal-data/personal-data.ts'

/** The picture that was sent for a binding, for who reviews that one: JPEG, base64; null where none was, or it has gone. Who reads it is in the unit's audit, with the record it belongs to. */
export async function facePictureOf(db: CentralDb, personal: PersonalData, bindingId: string): Promise<string | null> {
  const row = await db.selectFrom('face_data').select(['id', 'picture_sealed']).where('binding_id', '=', bindingId).executeTakeFirst()
  if (!row?.picture_sealed) return null
  return Buffer.from(personal.open(row.picture_sealed, { column: 'face_data.picture', rowId: row.id }), 'base64url').toString('base64')
}
