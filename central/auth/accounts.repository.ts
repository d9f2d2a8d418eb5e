import type { Selectable, Updateable } from 'kysely'
import type { FaceSignIn } from '../../shared/domain/face/sign-in.ts'
import type { AccountRole } from '../../shared/domain/statuses.ts'
import type { CentralDb, Database } from '../database/database.ts'
import { endByPassword } from './sessions.repository.ts'

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
  /** Of `hashPassword`. */
  passwordHash: string
  /** Whoever set it is not the clerk, who is to change it. */
  passwordByOperator: boolean
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
      reviews_registrations: 0,
      password_hash: account.passwordHash,
      password_by_operator: account.passwordByOperator ? 1 : 0,
      disabled_at: null,
      created_at: now.toISOString(),
      version: 1,
      last_sign_in_at: null,
    })
    .execute()
}

/** Who an account is to those that may know. */
export const toAccountResource = (account: Account) => ({
  id: account.id, username: account.username, displayName: account.display_name, role: account.role, reviewsRegistrations: account.reviews_registrations === 1, faceSignIn: account.face_sign_in,
})

/** From the account's next request on. */
export async function setReviewsRegistrations(trx: CentralDb, accountId: string, reviews: boolean): Promise<void> {
  await update(trx, accountId, { reviews_registrations: reviews ? 1 : 0 })
}

/** From the account's next sign-in on. */
export async function setFaceSignIn(trx: CentralDb, accountId: string, faceSignIn: FaceSignIn): Promise<void> {
  await update(trx, accountId, { face_sign_in: faceSignIn })
}

/** What others change of an account; whoever has seen it before is told so. */
async function update(trx: CentralDb, accountId: string, columns: Updateable<Database['account']>): Promise<void> {
  await trx
    .updateTable('account')
    .set((eb) => ({ ...columns, version: eb('version', '+', 1) }))
    .where('id', '=', accountId)
    .execute()
}

/** Name and role, from the account's next request on. */
export async function setNameAndRole(trx: CentralDb, accountId: string, { displayName, role }: Pick<NewAccount, 'displayName' | 'role'>): Promise<void> {
  await update(trx, accountId, { display_name: displayName, role })
}

/** A new password ends what the old one opened: sessions, and the devices that need no password any more. @param passwordHash of `hashPassword` */
export async function resetPasswordOf(trx: CentralDb, accountId: string, passwordHash: string): Promise<void> {
  await update(trx, accountId, { password_hash: passwordHash, password_by_operator: 1 })
  await trx.deleteFrom('account_proof').where('account_id', '=', accountId).execute()
  await endByPassword(trx, accountId)
}

/** The same by the clerk, whose session goes on, on a device that has just been given both. @returns how many others ended; undefined where the password is no longer the one in `account` */
export async function replacePassword(trx: CentralDb, account: Account, passwordHash: string, asker: { sessionId: string; deviceId: string }): Promise<number | undefined> {
  const replaced = await trx
    .updateTable('account')
    .set({ password_hash: passwordHash, password_by_operator: 0 })
    .where('id', '=', account.id)
    .where('password_hash', '=', account.password_hash)
    .returning('id')
    .executeTakeFirst()
  if (!replaced) return undefined
  await trx.deleteFrom('account_proof').where('account_id', '=', account.id).where('device_id', '!=', asker.deviceId).execute()
  return endByPassword(trx, account.id, asker.sessionId)
}

/** Holds the account until the transaction ends. @returns whether it still has the password it had when it was looked up, and is not disabled */
export async function holdAccount(trx: CentralDb, account: Account): Promise<boolean> {
  const held = await trx
    .updateTable('account')
    .set((eb) => ({ password_hash: eb.ref('password_hash') }))
    .where('id', '=', account.id)
    .where('password_hash', '=', account.password_hash)
    .where('disabled_at', 'is', null)
    .returning('id')
    .executeTakeFirst()
  return held !== undefined
}

/** Disabling ends the account's sessions at once. */
export async function setAccountDisabled(trx: CentralDb, accountId: string, disabledAt: Date | null): Promise<void> {
  await update(trx, accountId, { disabled_at: disabledAt?.toISOString() ?? null })
  if (disabledAt) await trx.deleteFrom('session').where('account_id', '=', accountId).execute()
}

/** All of a unit, disabled ones included, in the order of their user names. */
export function accountsOfUnit(db: CentralDb, organizationId: string): Promise<Account[]> {
  return db.selectFrom('account').selectAll().where('organization_id', '=', organizationId).orderBy('username_key').execute()
}

/** Of this unit: another one's is not there. */
export function findOwnAccount(db: CentralDb, organizationId: string, id: string): Promise<Account | undefined> {
  return db.selectFrom('account').selectAll().where('organization_id', '=', organizationId).where('id', '=', id).executeTakeFirst()
}

export async function noteSignIn(trx: CentralDb, accountId: string, at: Date): Promise<void> {
  await trx.updateTable('account').set({ last_sign_in_at: at.toISOString() }).where('id', '=', accountId).execute()
}
