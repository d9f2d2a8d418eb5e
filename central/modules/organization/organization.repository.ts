import type * as v from 'valibot'
import type { Selectable, Updateable } from 'kysely'
import type { organizationResource } from '../../../shared/api/resources.ts'
import type { CentralDb, OrganizationTable } from '../../database/database.ts'
import { keptQuery } from '../../database/kept-query.ts'
import type { PersonalData } from '../../personal-data/personal-data.ts'

export type OrganizationResource = v.InferOutput<typeof organizationResource>
export type OrganizationRow = Selectable<OrganizationTable>
export type ContactColumns = Pick<Updateable<OrganizationTable>, 'address' | 'contact_name' | 'contact_phone_sealed'>

const byId = keptQuery<{ id: string }, OrganizationRow>((db, value) => db.selectFrom('organization').selectAll().where('id', '=', value('id')))

export async function findOrganization(db: CentralDb, id: string): Promise<OrganizationRow | undefined> {
  const [row] = await byId(db, { id })
  return row
}

const counting = keptQuery<{ id: string; count: number }, Pick<OrganizationRow, 'seq'>>((db, value) =>
  db
    .updateTable('organization')
    .set((eb) => ({ seq: eb('seq', '+', value('count')) }))
    .where('id', '=', value('id'))
    .returning('seq'),
)

/**
 * The next number in the unit's sequence of changes. Taken first in a transaction: it holds the unit's row, so that
 * numbers follow the order of commits and two writers of one unit never deadlock.
 * @param count so many of them, of which the last one is returned
 */
export async function nextSeq(trx: CentralDb, organizationId: string, count = 1): Promise<number> {
  const [row] = await counting(trx, { id: organizationId, count })
  if (!row) throw new Error('no such unit')
  return row.seq
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

/** @returns the new version; undefined where it is not at `version` any more */
export async function updateContact(trx: CentralDb, { id, version, seq }: { id: string; version: number; seq: number }, contact: ContactColumns, at: string): Promise<number | undefined> {
  const updated = await trx
    .updateTable('organization')
    .set({ ...contact, version: version + 1, changed_seq: seq, updated_at: at })
    .where('id', '=', id)
    .where('version', '=', version)
    .returning('version')
    .executeTakeFirst()
  return updated?.version
}
