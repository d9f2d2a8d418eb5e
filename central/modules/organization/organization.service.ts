import type * as v from 'valibot'
import type { organizationPatch, VersionReceipt } from '../../../shared/api/unit-resources.ts'
import { contactProblems, tidyContact } from '../../../shared/domain/unit-contact.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import { appendAudit } from '../../audit/audit.repository.ts'
import type { Principal } from '../../auth/auth-context.ts'
import { requireStillUnitAdmin } from '../../auth/require-unit-admin.ts'
import type { CentralDb } from '../../database/database.ts'
import type { ServiceContext } from '../../service-context.ts'
import { nextSeq, updateContact, type ContactColumns } from './organization.repository.ts'

type Changes = v.InferOutput<typeof organizationPatch>['changes']

/**
 * What a 单位管理员 changes of the own unit. It comes to the unit's workstations with the feed of changes.
 * @throws AppError forbidden, organization-invalid, version-conflict
 */
export async function patchOrganization(context: ServiceContext, trx: CentralDb, who: Principal, { version, changes }: { version: number; changes: Changes }): Promise<VersionReceipt> {
  const { personal, clock } = context
  const { organizationId, accountId, deviceId } = who
  const contact = tidyContact(changes)
  const count = Object.keys(contactProblems(contact)).length
  if (count > 0) throw new AppError('organization-invalid', { count })
  const { address, contactName, contactPhone } = contact
  const columns: ContactColumns = {
    ...(address === undefined ? {} : { address }),
    ...(contactName === undefined ? {} : { contact_name: contactName }),
    ...(contactPhone === undefined ? {} : { contact_phone_sealed: personal.seal(contactPhone, { column: 'organization.contact_phone', rowId: organizationId }) }),
  }
  const seq = await nextSeq(trx, organizationId)
  await requireStillUnitAdmin(trx, who)
  const now = clock.now()
  const written = await updateContact(trx, { id: organizationId, version, seq }, columns, now.toISOString())
  if (written === undefined) throw new AppError('version-conflict')
  // Which of them, and never what they say.
  await appendAudit(personal, trx, { kind: 'organization-changed', organizationId, accountId, deviceId, details: { fields: Object.keys(contact).sort().join() } }, now)
  return { id: organizationId, version: written }
}
