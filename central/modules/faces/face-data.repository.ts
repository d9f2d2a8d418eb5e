import { sql, type Selectable } from 'kysely'
import type { CentralDb } from '../../database/database.ts'
import type { FaceDataTable } from './face.tables.ts'
import { tellFace } from './registration-face.repository.ts'

export async function putFaceData(trx: CentralDb, row: FaceDataTable): Promise<void> {
  const { id: _id, ...columns } = row
  await trx.insertInto('face_data').values(row).onConflict((conflict) => conflict.column('id').doUpdateSet(columns)).execute()
}

export async function findFaceData(db: CentralDb, registrationId: string): Promise<Selectable<FaceDataTable> | undefined> {
  return db.selectFrom('face_data').selectAll().where('id', '=', registrationId).executeTakeFirst()
}

/** How much of it there was. */
export interface ForgottenFaceData {
  readonly templates: number
  readonly pictures: number
}

type Whose = { readonly registrationId: string } | { readonly bindingId: string } | { readonly projectId: string }

/**
 * Deletes 人脸数据 of a unit's people, and tells the unit's workstations of each whose it was. The unit's row is held.
 * @param whose one registration's; what was sent for one binding; all that the unit has sent for a project
 */
export async function forgetFaceData(trx: CentralDb, organizationId: string, whose: Whose): Promise<ForgottenFaceData> {
  const rows = await trx
    .deleteFrom('face_data')
    .where((eb) => {
      if ('registrationId' in whose) return eb('id', '=', whose.registrationId)
      if ('bindingId' in whose) return eb('binding_id', '=', whose.bindingId)
      return eb('binding_id', 'in', eb.selectFrom('binding').select('binding.id').where('project_id', '=', whose.projectId).where('organization_id', '=', organizationId))
    })
    .returning(['id', sql<number>`case when template_sealed is null then 0 else 1 end`.as('templates'), sql<number>`case when picture_sealed is null then 0 else 1 end`.as('pictures')])
    .execute()
  for (const { id } of rows) await tellFace(trx, organizationId, id)
  return { templates: rows.reduce((sum, { templates }) => sum + Number(templates), 0), pictures: rows.reduce((sum, { pictures }) => sum + Number(pictures), 0) }
}

/** A picture was sent for who reviews: once they have approved, it goes, and the template stays. The unit's row is held. */
export async function forgetPictureOf(trx: CentralDb, organizationId: string, bindingId: string): Promise<void> {
  const rows = await trx.updateTable('face_data').set({ picture_sealed: null }).where('binding_id', '=', bindingId).where('picture_sealed', 'is not', null).returning('id').execute()
  await trx.deleteFrom('face_data').where('binding_id', '=', bindingId).where('template_sealed', 'is', null).where('picture_sealed', 'is', null).execute()
  for (const { id } of rows) await tellFace(trx, organizationId, id)
}

/** How many people's templates and pictures the central service holds, of all units. */
export async function countFaceData(db: CentralDb): Promise<ForgottenFaceData> {
  const { templates, pictures } = await db
    .selectFrom('face_data')
    .select((eb) => [eb.fn.count<number | string>('template_sealed').as('templates'), eb.fn.count<number | string>('picture_sealed').as('pictures')])
    .executeTakeFirstOrThrow()
  return { templates: Number(templates), pictures: Number(pictures) }
}
