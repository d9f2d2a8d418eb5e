import type { Selectable } from 'kysely'
import type { AccountRole } from '../../shared/domain/statuses.ts'
import type { CentralDb, Database } from '../database/database.ts'
import { hashPassword } from './passwords.ts'

export type Account = Selectable<Database['account']>

/** Two names that look alike are one name: full-width letters and capitals make no difference. */
export function usernameKey(username: string): string {
  return username.normalize('NFKC').trim().toLowerCase()
}

export function findAccountByUsername(db: CentralDb, username: string): Promise<Account | undefined> {
  return db.selectFrom('account').selectAll().where('username_key', '=', usernameKey(username)).executeTakeFirst()
}

export function findAccount(db: CentralDb, id: string): Promise<Account | undefined> {
  return db.selectFrom('account').selectAll().where('id', '=', id).executeTakeFirst()
}

export interface NewAccount {
  id: string
  organizationId: string
  username: string
  displayName: string
  role: AccountRole
  password: string
}

/** @throws the database's error where the user name is taken or the organisation is unknown */
export async function insertAccount(db: CentralDb, account: NewAccount, now: Date): Promise<void> {
  await db
    .insertInto('account')
    .values({
      id: account.id,
      organization_id: account.organizationId,
      username: account.username,
      username_key: usernameKey(account.username),
      display_name: account.displayName,
      role: account.role,
      password_hash: await hashPassword(account.password),
      disabled_at: null,
      created_at: now.toISOString(),
    })
    .execute()
}

/** A new password ends what the old one opened: sessions, and the devices that need no password any more. */
export async function setPassword(trx: CentralDb, accountId: string, password: string): Promise<void> {
  const passwordHash = await hashPassword(password)
  await trx.updateTable('account').set({ password_hash: passwordHash }).where('id', '=', accountId).execute()
  await trx.deleteFrom('account_proof').where('account_id', '=', accountId).execute()
  await trx.deleteFrom('session').where('account_id', '=', accountId).execute()
}

/** Disabling ends the account's sessions at once. */
export async function setAccountDisabled(trx: CentralDb, accountId: string, disabledAt: Date | null): Promise<void> {
  await trx.updateTable('account').set({ disabled_at: disabledAt?.toISOString() ?? null }).where('id', '=', accountId).execute()
  if (disabledAt) await trx.deleteFrom('session').where('account_id', '=', accountId).execute()
}
