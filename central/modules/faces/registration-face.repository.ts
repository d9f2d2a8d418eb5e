import { sql } from 'kysely'
import type { RegistrationFaceResource } from '../../../shared/api/faces.ts'
import type { CentralDb } from '../../database/database.ts'
import { keptQuery } from '../../database/kept-query.ts'
import { nextSeq } from '../organization/organization.repository.ts'
import type { RegistrationFaceTable } from './face.tables.ts'

type Told = Partial<Pick<RegistrationFaceTable, 'consent_withdrawn_at' | 'withdrawal_reason_sealed'>>

/** Something about the face of a registration is other than before: the unit's workstations hear it with their next pull. The unit's row is held. */
export async function tellFace(trx: CentralDb, organizationId: string, registrationId: string, change: Told = {}): Promise<void> {
  const seq = await nextSeq(trx, organizationId)
  await trx
    .insertInto('registration_face')
    .values({ id: registrationId, organization_id: organizationId, seq, consent_withdrawn_at: null, withdrawal_reason_sealed: null, ...change })
    .onConflict((conflict) => conflict.column('id').doUpdateSet({ seq, ...change }))
    .execute()
}

/** Another ID number: checks of the one before count no more. Of a registration of whose face nothing was ever told, nothing is. The unit's row is held. */
export async function tellFaceWhereKnown(trx: CentralDb, organizationId: string, registrationId: string): Promise<void> {
  const known = await trx.selectFrom('registration_face').select('id').where('id', '=', registrationId).executeTakeFirst()
  if (known) await tellFace(trx, organizationId, registrationId)
}

/** Until when consents of this registration are withdrawn; null: none was. */
export async function consentWithdrawnAt(db: CentralDb, registrationId: string): Promise<string | null> {
  const row = await db.selectFrom('registration_face').select('consent_withdrawn_at').where('id', '=', registrationId).executeTakeFirst()
  return row?.consent_withdrawn_at ?? null
}

/** Of a registration as `r`: when its person last passed a face check that counts for the number that it bears. */
export const faceCheckedAt = sql<string | null>`(
  select max(c.at) from identity_check c
  where c.registration_id = r.id and c.method = 'face' and c.result = 'passed' and (c.id_card_no_hash is null or c.id_card_no_hash = r.id_card_no_hash))`.as('face_checked_at')

interface ChangedFace {
  id: string
  seq: number
  face_checked_at: string | null
  consent_withdrawn_at: string | null
  templates: number
  pictures: number
}

const changedAfter = keptQuery<{ organizationId: string; afterSeq: number; limit: number }, ChangedFace>((db, value) =>
  db
    .selectFrom('registration_face as f')
    .innerJoin('registration as r', 'r.id', 'f.id')
    .leftJoin('face_data as d', 'd.id', 'f.id')
    .select(['f.id', 'f.seq', 'f.consent_withdrawn_at'])
    .select(faceCheckedAt)
    .select([sql<number>`case when d.template_sealed is null then 0 else 1 end`.as('templates'), sql<number>`case when d.picture_sealed is null then 0 else 1 end`.as('pictures')])
    .where('f.organization_id', '=', value('organizationId'))
    .where('f.seq', '>', value('afterSeq'))
    .orderBy('f.seq')
    .limit(value('limit')),
)

/** For the feed of changes. */
export async function changedFaces(db: CentralDb, organizationId: string, afterSeq: number, limit: number): Promise<{ seq: number; face: RegistrationFaceResource }[]> {
  const rows = await changedAfter(db, { organizationId, afterSeq, limit })
  return rows.map(({ id, seq, face_checked_at: checkedAt, consent_withdrawn_at, templates, pictures }) => ({
    seq, face: { registrationId: id, checkedAt, consentWithdrawnAt: consent_withdrawn_at, keptTemplate: Number(templates) === 1, keptPicture: Number(pictures) === 1 },
  }))
}
