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
    await bindAccountTo(trx, binding.id, accountId)
  })
}

async function insertBinding(db: CentralDb, { issuer, companyCode }: CertificateIdentity, organizationId: string, now: Date): Promise<CertificateBinding> {
  const binding = { id: randomUUID(), issuer, company_code: companyCode, organization_id: organizationId, created_at: now.toISOString() }
  await db.insertInto('certificate_binding').values(binding).execute()
  return binding
}

/** Holds it until the transaction ends, so that whoever releases the account comes before all of this or after it. @returns whether the account is bound to it */
export async function holdBound(trx: CentralDb, bindingId: string, accountId: string): Promise<boolean> {
  const held = await trx
    .updateTable('certificate_binding_account')
    .set((eb) => ({ account_id: eb.ref('account_id') }))
    .where('binding_id', '=', bindingId)
    .where('account_id', '=', accountId)
    .returning('account_id')
    .executeTakeFirst()
  return held !== undefined
}

/** Unbinds it from every account and ends the sessions it opened. */
export async function unbindCertificate(trx: CentralDb, identity: CertificateIdentity): Promise<void> {
  const binding = await findBinding(trx, identity)
  if (!binding) return
  // First: a sign-in that is under way is waited for, and its session ends with the others.
  await trx.deleteFrom('certificate_binding_account').where('binding_id', '=', binding.id).execute()
  const fingerprints = trx.selectFrom('bound_certificate').select('fingerprint').where('binding_id', '=', binding.id)
  await trx.deleteFrom('session').where('fingerprint', 'in', fingerprints).execute()
  await trx.deleteFrom('certificate_binding').where('id', '=', binding.id).execute()
}

/** Seconds for which a certificate's use is not written down again. */
const useSeconds = 60

/** @returns `known`, or `first` and `further` for a certificate never seen under this binding before */
export async function noteCertificate(
  db: CentralDb,
  bindingId: string,
  { fingerprint, notAfter, holder }: { fingerprint: string; notAfter: Date; holder: string | null },
  now: Date,
): Promise<'known' | 'first' | 'further'> {
  const earlier = await db.selectFrom('bound_certificate').select('fingerprint').where('binding_id', '=', bindingId).executeTakeFirst()
  const inserted = await db
    .insertInto('bound_certificate')
    .values({ binding_id: bindingId, fingerprint, not_after: notAfter.toISOString(), first_seen_at: now.toISOString(), holder, last_used_at: now.toISOString() })
    .onConflict((conflict) => conflict.doNothing())
    .returning('fingerprint')
    .executeTakeFirst()
  if (inserted) return earlier ? 'further' : 'first'
  await db
    .updateTable('bound_certificate')
    .set({ holder, last_used_at: now.toISOString() })
    .where('binding_id', '=', bindingId)
    .where('fingerprint', '=', fingerprint)
    .where((eb) => eb.or([eb('last_used_at', 'is', null), eb('last_used_at', '<', new Date(now.getTime() - useSeconds * 1_000).toISOString())]))
    .execute()
  return 'known'
}

/** Of this unit, the oldest first. */
export function bindingsOfUnit(db: CentralDb, organizationId: string): Promise<CertificateBinding[]> {
  return db.selectFrom('certificate_binding').selectAll().where('organization_id', '=', organizationId).orderBy('created_at').orderBy('id').execute()
}

/** Every certificate that came under it, the one that lasts longest first. */
export function certificatesUnder(db: CentralDb, bindingId: string): Promise<Selectable<Database['bound_certificate']>[]> {
  return db.selectFrom('bound_certificate').selectAll().where('binding_id', '=', bindingId).orderBy('not_after', 'desc').orderBy('fingerprint').execute()
}

/** @returns false where it was bound already */
export async function bindAccountTo(trx: CentralDb, bindingId: string, accountId: string): Promise<boolean> {
  const bound = await trx
    .insertInto('certificate_binding_account')
    .values({ binding_id: bindingId, account_id: accountId })
    .onConflict((conflict) => conflict.doNothing())
    .returning('account_id')
    .executeTakeFirst()
  return bound !== undefined
}

/** The account signs in with it no more: what it has open by it ends, and what its devices had proven. @returns false where it was not bound */
export async function releaseAccountFrom(trx: CentralDb, bindingId: string, accountId: string): Promise<boolean> {
  const released = await trx.deleteFrom('certificate_binding_account').where('binding_id', '=', bindingId).where('account_id', '=', accountId).returning('account_id').executeTakeFirst()
  if (!released) return false
  await trx.deleteFrom('account_proof').where('binding_id', '=', bindingId).where('account_id', '=', accountId).execute()
  const fingerprints = trx.selectFrom('bound_certificate').select('fingerprint').where('binding_id', '=', bindingId)
  await trx.deleteFrom('session').where('account_id', '=', accountId).where('fingerprint', 'in', fingerprints).execute()
  return true
}
