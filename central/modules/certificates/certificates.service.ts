import type { UnitCertificateBinding } from '../../../shared/api/unit-resources.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import { appendAudit } from '../../audit/audit.repository.ts'
import { findOwnAccount } from '../../auth/accounts.repository.ts'
import { bindAccountTo, bindingsOfUnit, boundAccounts, certificatesUnder, findBindingById, releaseAccountFrom, type CertificateBinding } from '../../auth/certificate-bindings.repository.ts'
import type { Principal } from '../../auth/auth-context.ts'
import { requireStillUnitAdmin } from '../../auth/require-unit-admin.ts'
import type { CentralDb } from '../../database/database.ts'
import type { ServiceContext, Who } from '../../service-context.ts'
import { nextSeq } from '../organization/organization.repository.ts'

/**
 * Who of a unit signs in with the certificates that name it. Which certificates do is the operator's word alone (docs/ca-key.md): a
 * certificate proves the unit, and here nothing of that changes hands.
 */

export async function listCertificates({ db }: ServiceContext, { organizationId }: Who): Promise<UnitCertificateBinding[]> {
  return Promise.all((await bindingsOfUnit(db, organizationId)).map((binding) => toResource(db, binding)))
}

async function toResource(db: CentralDb, binding: CertificateBinding): Promise<UnitCertificateBinding> {
  const accounts = await boundAccounts(db, binding)
  const certificates = await certificatesUnder(db, binding.id)
  return {
    id: binding.id,
    issuer: binding.issuer,
    companyCode: binding.company_code,
    boundAt: binding.created_at,
    accounts: accounts.map(({ id, display_name: displayName, disabled_at }) => ({ id, displayName, disabled: disabled_at !== null })),
    certificates: certificates.map(({ fingerprint, holder, not_after: notAfter, last_used_at: lastUsedAt }) => ({ fingerprint, holder, notAfter, lastUsedAt })),
  }
}

/**
 * The account gives its password the first time on each device, as every account of a lock does. Bound already: no change.
 * @throws AppError forbidden, not-found
 */
export async function bindAccount(context: ServiceContext, trx: CentralDb, who: Principal, bindingId: string, accountId: string): Promise<{ id: string }> {
  await requireOwn(trx, who, bindingId, accountId)
  if (await bindAccountTo(trx, bindingId, accountId)) await audit(context, trx, who, 'certificate-account-bound', bindingId, accountId)
  return { id: bindingId }
}

/**
 * The binding stays, so that another account can be bound to it. Nobody shuts themselves out.
 * @throws AppError forbidden, not-found, account-own
 */
export async function releaseAccount(context: ServiceContext, trx: CentralDb, who: Principal, bindingId: string, accountId: string): Promise<{ id: string }> {
  await requireOwn(trx, who, bindingId, accountId)
  if (accountId === who.accountId) throw new AppError('account-own')
  if (await releaseAccountFrom(trx, bindingId, accountId)) await audit(context, trx, who, 'certificate-account-released', bindingId, accountId)
  return { id: bindingId }
}

/** Both of the own unit, whose row is held. */
async function requireOwn(trx: CentralDb, who: Principal, bindingId: string, accountId: string): Promise<void> {
  const { organizationId } = who
  await nextSeq(trx, organizationId)
  await requireStillUnitAdmin(trx, who)
  const binding = await findBindingById(trx, bindingId)
  if (binding?.organization_id !== organizationId || !(await findOwnAccount(trx, organizationId, accountId))) throw new AppError('not-found')
}

async function audit({ personal, clock }: ServiceContext, trx: CentralDb, who: Who, kind: string, bindingId: string, subjectAccountId: string): Promise<void> {
  const { organizationId, accountId, deviceId } = who
  await appendAudit(personal, trx, { kind, organizationId, accountId, deviceId, details: { bindingId, subjectAccountId } }, clock.now())
}
