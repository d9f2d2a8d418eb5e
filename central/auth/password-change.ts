import type * as v from 'valibot'
import type { passwordChangeRequest } from '../../shared/api/resources.ts'
import { newPasswordProblem, passwordLength } from '../../shared/domain/password.ts'
import { AppError } from '../../shared/errors/app-error.ts'
import { appendAudit } from '../audit/audit.repository.ts'
import { inTransaction } from '../database/transaction.ts'
import { findAccount, replacePassword, type Account } from './accounts.repository.ts'
import type { AuthContext, Principal } from './auth-context.ts'
import { provePassword } from './password-sign-in.ts'
import { hashPassword } from './passwords.ts'

type PasswordChange = v.InferOutput<typeof passwordChangeRequest>

/**
 * A clerk's own new password. It ends every other session of the account; the one that asks goes on under its token, which
 * has never left the memory of its workstation and is worth nothing on another. A wrong present password counts as a
 * failed sign-in: who finds a window open may guess no faster than who stands before it.
 * @throws AppError of `newPasswordProblems`; `password-unchanged`, `password-wrong`, `sign-in-too-often`
 */
export async function changePassword(context: AuthContext, who: Principal, { password, newPassword }: PasswordChange, address: string): Promise<void> {
  if (newPassword.normalize('NFC') === password.normalize('NFC')) throw new AppError('password-unchanged')
  const own = await ownAccount(context, who)
  const problem = newPasswordProblem(newPassword, own.username)
  if (problem) throw new AppError(problem, { ...passwordLength })
  const account = await auditFailedTry(context, who, () => proveOwn(context, who, own, password, address))
  const passwordHash = await hashPassword(newPassword)
  await inTransaction(context.db, async (trx) => {
    const endedSessions = await replacePassword(trx, account, passwordHash, who)
    // Somebody else has changed or reset it since it was proven.
    if (endedSessions === undefined) throw new AppError('password-wrong')
    await appendAudit(context.personal, trx, { kind: 'password-changed', ...whose(who), details: { endedSessions } }, context.clock.now())
  })
}

async function ownAccount({ db }: AuthContext, { accountId }: Principal): Promise<Account> {
  const account = await findAccount(db, accountId)
  if (!account) throw new AppError('session-missing')
  return account
}

async function proveOwn(context: AuthContext, { deviceId }: Principal, account: Account, password: string, address: string): Promise<Account> {
  try {
    return await provePassword(context, { username: account.username, account, password, deviceId, address })
  } catch (error) {
    if (AppError.is(error, 'sign-in-failed')) throw new AppError('password-wrong')
    // Disabled this moment: its sessions are gone.
    if (AppError.is(error, 'account-disabled')) throw new AppError('session-missing')
    throw error
  }
}

async function auditFailedTry<T>(context: AuthContext, who: Principal, attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt()
  } catch (error) {
    if (error instanceof AppError) {
      await appendAudit(context.personal, context.db, { kind: 'password-change-refused', ...whose(who), details: { code: error.code } }, context.clock.now())
    }
    throw error
  }
}

const whose = ({ organizationId, accountId, deviceId }: Principal) => ({ organizationId, accountId, deviceId })
