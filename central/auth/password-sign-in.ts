import type * as v from 'valibot'
import type { passwordSignInRequest } from '../../shared/api/resources.ts'
import { AppError } from '../../shared/errors/app-error.ts'
import { findAccountByUsername, type Account } from './accounts.repository.ts'
import type { AuthContext } from './auth-context.ts'
import { countTry, forgiveTries, subjectsOf } from './back-off.ts'
import { verifyPassword } from './passwords.ts'
import { openSession, type SessionResource } from './session.ts'
import { auditRefusal } from './sign-in-refusal.ts'

/** @param address of the caller, for the back-off */
export async function signInWithPassword(
  context: AuthContext,
  { username, password, deviceId }: v.InferOutput<typeof passwordSignInRequest>,
  address: string,
): Promise<SessionResource> {
  const account = await auditRefusal(context, { way: 'password', deviceId }, async () => {
    if (context.auth.caNeedsPassword) throw new AppError('password-needs-ca')
    const found = await findAccountByUsername(context.db, username)
    return provePassword(context, { username, account: found, password, deviceId, address })
  })
  return openSession(context, { account, deviceId, way: 'password', certificate: null })
}

export interface PasswordProof {
  /** As typed: the back-off counts names that no account has as well. */
  username: string
  account: Account | undefined
  password: string
  deviceId: string
  address: string
}

/**
 * One try at a password. An unknown name and a wrong password give the same answer after the same work; that an account
 * is disabled learns only who knows its password.
 * @throws AppError `sign-in-too-often`, `sign-in-failed`, `account-disabled`
 */
export async function provePassword(context: AuthContext, { username, account, password, deviceId, address }: PasswordProof): Promise<Account> {
  const subjects = subjectsOf(username, deviceId, address)
  await countTry(context.db, subjects, context.clock.now())
  const isRight = await verifyPassword(account?.password_hash, password)
  if (!account || !isRight) throw new AppError('sign-in-failed')
  await forgiveTries(context.db, subjects)
  if (account.disabled_at !== null) throw new AppError('account-disabled')
  return account
}
