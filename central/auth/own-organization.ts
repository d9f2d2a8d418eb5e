import type { CentralDb } from '../database/database.ts'
import { findOrganization, type OrganizationRow } from '../modules/organization/organization.repository.ts'

/** The unit of an account or binding; the database's foreign keys promise that it exists. */
export async function ownOrganization(db: CentralDb, id: string): Promise<OrganizationRow> {
  const organization = await findOrganization(db, id)
  if (!organization) throw new Error('an account or binding without its organisation')
  return organization
}
