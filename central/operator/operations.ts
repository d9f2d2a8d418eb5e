import { randomUUID } from 'node:crypto'
import { isCreditCode, normalizeCreditCode } from '../../shared/domain/credit-code.ts'
import type { AccountRole, OrganizationKind } from '../../shared/domain/statuses.ts'
import { AppError } from '../../shared/errors/app-error.ts'
import { appendAudit } from '../audit/audit.repository.ts'
import { insertAccount } from '../auth/accounts.repository.ts'
import { nextSeq } from '../modules/organization/organization.repository.ts'
import type { ServiceContext } from '../service-context.ts'

/**
 * What the operator of the central service does on its own machine. There is no route for any of it: nobody gets here
 * over the network.
 */

export interface NewOrganization {
  readonly name: string
  readonly kind: OrganizationKind
  /** 统一社会信用代码 */
  readonly creditCode: string
  readonly address: string
  readonly contactName: string
  readonly contactPhone: string
  /** SPKI PEM; its private half stays with the unit, offline. */
  readonly recoveryPublicKey: string
}

/** @throws AppError credit-code-invalid (GB 32100) */
export async function createOrganization({ db, clock, personal }: ServiceContext, organization: NewOrganization): Promise<string> {
  const creditCode = normalizeCreditCode(organization.creditCode)
  if (!isCreditCode(creditCode)) throw new AppError('credit-code-invalid')
  const id = randomUUID()
  const now = clock.now().toISOString()
  await db
    .insertInto('organization')
    .values({
      id, version: 1, seq: 1, changed_seq: 1, name: organization.name, kind: organization.kind, credit_code: creditCode, address: organization.address,
      contact_name: organization.contactName, recovery_public_key: organization.recoveryPublicKey, created_at: now, updated_at: now,
      contact_phone_sealed: personal.seal(organization.contactPhone, { column: 'organization.contact_phone', rowId: id }),
    })
    .execute()
  return id
}

export async function createAccount(
  { db, clock }: ServiceContext,
  account: { organizationId: string; username: string; displayName: string; role: AccountRole; password: string },
): Promise<string> {
  const id = randomUUID()
  await insertAccount(db, { id, ...account }, clock.now())
  return id
}

/**
 * Decides on a registration, until the review screens exist. The unit sees the decision with its next pull.
 * @throws AppError not-found, forbidden where it is not pending
 */
export async function reviewRegistration(context: ServiceContext, id: string, decision: { approve: true } | { approve: false; comment: string }): Promise<void> {
  await context.db.transaction().execute(async (trx) => {
    const row = await trx.selectFrom('registration').select(['organization_id', 'status']).where('id', '=', id).executeTakeFirst()
    if (!row) throw new AppError('not-found')
    if (row.status !== 'pending') throw new AppError('forbidden')
    const seq = await nextSeq(trx, row.organization_id)
    const now = context.clock.now()
    await trx
      .updateTable('registration')
      .set((eb) => ({
        status: decision.approve ? 'active' : 'refused',
        review_comment: decision.approve ? null : decision.comment,
        version: eb('version', '+', 1),
        seq,
        updated_at: now.toISOString(),
      }))
      .where('id', '=', id)
      .execute()
    const kind = decision.approve ? 'registration-approved' : 'registration-refused'
    await appendAudit(trx, { kind, organizationId: row.organization_id, accountId: null, deviceId: null, details: { registrationId: id } }, now)
  })
}
