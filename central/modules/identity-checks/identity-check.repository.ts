import { sql } from 'kysely'
import type { CentralDb } from '../../database/database.ts'
import type { IdentityCheckTable } from '../bindings/binding.tables.ts'

/** How somebody's identity was checked: 人脸识别, or 非人脸核验 where the face never was. */
export type IdentityCheckMethod = IdentityCheckTable['method']

/** Whether it has been checked that the person of this registration is who the ID card says: by the face, or by two managers. */
export async function hasPassedIdentityCheck(db: CentralDb, registrationId: string): Promise<boolean> {
  return (await passedIdentityChecks(db, [registrationId])).has(registrationId)
}

/**
 * The same for many. A face that the attendance system has enrolled counts as 人脸识别, whether or not a record of it came.
 * @returns by the registration's id, of those who passed
 */
export async function passedIdentityChecks(db: CentralDb, registrationIds: readonly string[]): Promise<ReadonlyMap<string, IdentityCheckMethod>> {
  if (registrationIds.length === 0) return new Map()
  const enrolled = db
    .selectFrom('registration')
    .select(['id', sql<IdentityCheckMethod>`'face'`.as('method')])
    .where('id', 'in', registrationIds)
    .where('face_enrolled', '=', 1)
  const checked = db
    .selectFrom('identity_check')
    .select(['registration_id as id', 'method'])
    .where('registration_id', 'in', registrationIds)
    .where('result', '=', 'passed')
  const passed = new Map<string, IdentityCheckMethod>()
  for (const { id, method } of [...(await checked.execute()), ...(await enrolled.execute())]) if (passed.get(id) !== 'face') passed.set(id, method)
  return passed
}
