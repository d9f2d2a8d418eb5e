import { randomUUID } from 'node:crypto'
import type { Selectable } from 'kysely'
import type { CentralDb, Database } from '../database/database.ts'
import { inTransaction } from '../database/transaction.ts'
import type { Account } from './accounts.repository.ts'

export type CertificateBinding = Selectable<Database['certificate_binding']>

/** What a certificate is bound by. The same code from another CA is another key: numberings of CAs may collide. */
export interface CertificateIdentity {
  /** As `Certificate.issuerText`. */
  issuer: string
  companyCode: string
}

export function findBinding(db: CentralDb, { issuer, companyCode }: CertificateIdentity): Promise<CertificateBinding | undefined> {
  return db.selectFrom('certificate_binding').selectAll().where('issuer', '=', issuer).where('company_code', '=', companyCode).executeTakeFirst()
}

export function findBindingById(db: CentralDb, id: string): Promise<CertificateBinding | undefined> {
  return db.selectFrom('certificate_binding').selectAll().where('id', '=', id).executeTakeFirst()
}

/** Disabled ones included, in the order of their user names. */
export function boundAccounts(db: CentralDb, binding: CertificateBinding): Promise<Account[]> {
  return db
    .selectFrom('account')
    .innerJoin('certificate_binding_account as bound', 'bound.account_id', 'account.id')
    .selectAll('account')
    .where('bound.binding_id', '=', binding.id)
    // A binding never reaches into another unit, whatever its rows say.
    .where('account.organization_id', '=', binding.organization_id)
    .orderBy('account.username_key')
    .execute()
}

/**
 * Binds a certificate's identity to an account, and thereby to the account's unit. Bound already to this account: no change.
 * @throws RangeError where it names another unit already, or there is no such account
 */
export async function bindCertificate(db: CentralDb, identity: CertificateIdentity, accountId: string, now: Date): Promise<void> {
  await inTransaction(db, async (trx) => {
    const account = await trx.selectFrom('account').selectAll().where('id', '=', accountId).executeTakeFirst()
    if (!account) throw new RangeError('no such account')
    const binding = (await findBinding(trx, identity)) ?? (await insertBinding(trx, identity, account.organization_id, now))
    if (binding.organization_id !== account.organization_id) throw new RangeError('this certificate names another unit already')
    await trx
      .insertInto('certificate_binding_account')
      .values({ binding_id: binding.id, account_id: accountId })
      .onConflict((conflict) => conflict.doNothing())
      .execute()
  })
}

async function insertBinding(db: CentralDb, { issuer, companyCode }: CertificateIdentity, organizationId: string, now: Date): Promise<CertificateBinding> {
  const binding = { id: randomUUID(), issuer, company_code: companyCode, organization_id: organizationId, created_at: now.toISOString() }
  await db.insertInto('certificate_binding').values(binding).execute()
  return binding
}

/** Unbinds it from every account and ends the sessions it opened. */
export async function unbindCertificate(trx: CentralDb, identity: CertificateIdentity): Promise<void> {
  const binding = await findBinding(trx, identity)
  if (!binding) return
  const fingerprints = trx.selectFrom('bound_certificate').select('fingerprint').where('binding_id', '=', binding.id)
  await trx.deleteFrom('session').where('fingerprint', 'in', fingerprints).execute()
  await trx.deleteFrom('certificate_binding').where('id', '=', binding.id).execute()
}

/** @returns `known`, or `first` and `further` for a certificate never seen under this binding before */
export async function noteCertificate(
  db: CentralDb,
  bindingId: string,
  { fingerprint, notAfter }: { fingerprint: string; notAfter: Date },
  now: Date,
): Promise<'known' | 'first' | 'further'> {
  const earlier = await db.selectFrom('bound_certificate').select('fingerprint').where('binding_id', '=', bindingId).executeTakeFirst()
  const inserted = await db
    .insertInto('bound_certificate')
    .values({ binding_id: bindingId, fingerprint, not_after: notAfter.toISOString(), first_seen_at: now.toISOString() })
    .onConflict((conflict) => conflict.doNothing())
    .returning('fingerprint')
    .executeTakeFirst()
  if (!inserted) return 'known'
  return earlier ? 'further' : 'first'
}
