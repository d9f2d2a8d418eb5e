import type * as v from 'valibot'
import type { Selectable } from 'kysely'
import type { organizationResource } from '../../../shared/api/resources.ts'
import type { CentralDb, OrganizationTable } from '../../database/database.ts'
import type { PersonalData } from '../../personal-data/personal-data.ts'

export type OrganizationResource = v.InferOutput<typeof organizationResource>
export type OrganizationRow = Selectable<OrganizationTable>

export async function findOrganization(db: CentralDb, id: string): Promise<OrganizationRow | undefined> {
  return db.selectFrom('organization').selectAll().where('id', '=', id).executeTakeFirst()
}

/**
 * The next number in the unit's sequence of changes. Taken first in a transaction: it holds the unit's row, so that
 * numbers follow the order of commits and two writers of one unit never deadlock.
 * @param count so many of them, of which the last one is returned
 */
export async function nextSeq(trx: CentralDb, organizationId: string, count = 1): Promise<number> {
  const { seq } = await trx
    .updateTable('organization')
    .set((eb) => ({ seq: eb('seq', '+', count) }))
    .where('id', '=', organizationId)
    .returning('seq')
    .executeTakeFirstOrThrow()
  return seq
}

export function toOrganizationResource(row: OrganizationRow, personal: PersonalData): OrganizationResource {
  return {
    id: row.id,
    version: row.version,
    name: row.name,
    kind: row.kind,
    creditCode: row.credit_code,
    address: row.address,
    contactName: row.contact_name,
    contactPhone: personal.open(row.contact_phone_sealed, { column: 'organization.contact_phone', rowId: row.id }),
    recoveryPublicKey: row.recovery_public_key,
  }
}
