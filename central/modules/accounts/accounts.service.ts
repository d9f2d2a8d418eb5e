import type * as v from 'valibot'
import type { accountCreate, accountPatch, UnitAccount, VersionReceipt } from '../../../shared/api/unit-resources.ts'
import { accountChangeRefusal, displayNameProblem, tidyNames, usernameProblem } from '../../../shared/domain/account-rules.ts'
import { newPasswordProblem, passwordLength } from '../../../shared/domain/password.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import { appendAudit } from '../../audit/audit.repository.ts'
import {
  accountsOfUnit, findAccountByUsername, findOwnAccount, insertAccount, resetPasswordOf, setAccountDisabled, setFaceSignIn, setNameAndRole, type Account,
} from '../../auth/accounts.repository.ts'
import type { Principal } from '../../auth/auth-context.ts'
import { requireStillUnitAdmin } from '../../auth/require-unit-admin.ts'
import { isUniqueViolation } from '../../database/constraint.ts'
import type { CentralDb } from '../../database/database.ts'
import type { ServiceContext, Who } from '../../service-context.ts'
import { nextSeq } from '../organization/organization.repository.ts'

/** What a 单位管理员 does with the accounts of the own unit; operator/access-operations.ts is the operator's side of it. */

/** Accounts that one unit may have: a name that everybody may take is not to be had without end. */
export const mostAccounts = 200

type Creation = v.InferOutput<typeof accountCreate>
type Changes = v.InferOutput<typeof accountPatch>['changes']

/** Everybody of a unit sees who else works in it; how somebody signs in is only for who has to look after it. */
export async function listAccounts({ db }: ServiceContext, { organizationId, role }: Principal): Promise<UnitAccount[]> {
  const isAdmin = role === 'unit-admin'
  return (await accountsOfUnit(db, organizationId)).map((account) => ({
    id: account.id,
    version: account.version,
    username: account.username,
    displayName: account.display_name,
    role: account.role,
    reviewsRegistrations: account.reviews_registrations === 1,
    faceSignIn: isAdmin ? account.face_sign_in : null,
    disabled: account.disabled_at !== null,
    passwordByOperator: isAdmin && account.password_by_operator === 1,
    lastSignInAt: isAdmin ? account.last_sign_in_at : null,
  }))
}

/** @throws AppError of `newPasswordProblems` */
export function checkNewPassword(password: string, username: string): void {
  const problem = newPasswordProblem(password, username)
  if (problem) throw new AppError(problem, { ...passwordLength })
}

/**
 * @param passwordHash of the password in it, made before the transaction: hashing takes its time
 * @throws AppError forbidden, account-invalid, username-taken, account-too-many
 */
export async function createAccount(context: ServiceContext, trx: CentralDb, who: Principal, { id, role, ...names }: Omit<Creation, 'password'>, passwordHash: string): Promise<VersionReceipt> {
  const { username, displayName } = tidyNames({ username: names.username, displayName: names.displayName })
  refuseNames([usernameProblem(username), displayNameProblem(displayName)])
  // Holds the unit's row: two that come at once are counted one after the other.
  await nextSeq(trx, who.organizationId)
  await requireStillUnitAdmin(trx, who)
  if ((await accountsOfUnit(trx, who.organizationId)).length >= mostAccounts) throw new AppError('account-too-many', { max: mostAccounts })
  if (await findAccountByUsername(trx, username)) throw new AppError('username-taken')
  const account = { id, organizationId: who.organizationId, username, displayName, role, passwordHash, passwordByOperator: true }
  await insertAccount(trx, account, context.clock.now()).catch((error: unknown) => {
    // Another unit took it between the look and now, or the id is somebody's.
    throw isUniqueViolation(error) ? new AppError('username-taken', {}, { cause: error }) : error
  })
  await audit(context, trx, who, 'account-created', id, { role })
  return { id, version: 1 }
}

/** @throws AppError forbidden, not-found, version-conflict, account-invalid, account-own, account-last-admin */
export async function patchAccount(context: ServiceContext, trx: CentralDb, who: Principal, { id, version, changes }: { id: string; version: number; changes: Changes }): Promise<VersionReceipt> {
  const now = context.clock.now()
  const account = await heldAccount(trx, who, id, version)
  // One that stands there is left as it is, whatever it is.
  const displayName = changes.displayName === undefined ? account.display_name : tidyNames({ displayName: changes.displayName }).displayName
  if (changes.displayName !== undefined) refuseNames([displayNameProblem(displayName)])
  const role = changes.role ?? account.role
  const otherActiveAdmins = (await accountsOfUnit(trx, who.organizationId)).filter((other) => other.id !== id && other.role === 'unit-admin' && other.disabled_at === null).length
  const refusal = accountChangeRefusal(changes, { role: account.role, disabled: account.disabled_at !== null, faceSignIn: account.face_sign_in, isOwn: id === who.accountId, otherActiveAdmins })
  if (refusal) throw new AppError(refusal)
  if (displayName !== account.display_name || role !== account.role) {
    await setNameAndRole(trx, id, { displayName, role })
    if (displayName !== account.display_name) await audit(context, trx, who, 'account-renamed', id)
    if (role !== account.role) await audit(context, trx, who, 'account-role-changed', id, { role })
  }
  if (changes.disabled !== undefined && changes.disabled !== (account.disabled_at !== null)) {
    await setAccountDisabled(trx, id, changes.disabled ? now : null)
    await audit(context, trx, who, changes.disabled ? 'account-disabled' : 'account-enabled', id)
  }
  const { faceSignIn = account.face_sign_in } = changes
  if (faceSignIn !== account.face_sign_in) {
    await setFaceSignIn(trx, id, faceSignIn)
    await audit(context, trx, who, 'account-face-sign-in-changed', id, { faceSignIn })
  }
  return receiptOf(trx, who, id)
}

/**
 * 重置密码: what the old one opened ends. The own password is changed by who knows it.
 * @param passwordHash as for createAccount
 * @throws AppError forbidden, not-found, version-conflict, account-own
 */
export async function resetPassword(context: ServiceContext, trx: CentralDb, who: Principal, { id, version }: { id: string; version: number }, passwordHash: string): Promise<VersionReceipt> {
  await heldAccount(trx, who, id, version)
  if (id === who.accountId) throw new AppError('account-own')
  await resetPasswordOf(trx, id, passwordHash)
  await audit(context, trx, who, 'password-reset', id)
  return receiptOf(trx, who, id)
}

/** The unit's row is held besides: of two administrators who shut each other out, the second finds the first one's change. */
async function heldAccount(trx: CentralDb, who: Principal, id: string, version: number): Promise<Account> {
  const { organizationId } = who
  await nextSeq(trx, organizationId)
  await requireStillUnitAdmin(trx, who)
  const account = await findOwnAccount(trx, organizationId, id)
  if (!account) throw new AppError('not-found')
  if (account.version !== version) throw new AppError('version-conflict')
  return account
}

async function receiptOf(trx: CentralDb, { organizationId }: Who, id: string): Promise<VersionReceipt> {
  const account = await findOwnAccount(trx, organizationId, id)
  return { id, version: account?.version ?? 1 }
}

function refuseNames(problems: readonly (string | null)[]): void {
  const count = problems.filter((problem) => problem !== null).length
  if (count > 0) throw new AppError('account-invalid', { count })
}

async function audit({ personal, clock }: ServiceContext, trx: CentralDb, who: Who, kind: string, subjectAccountId: string, details: Readonly<Record<string, string>> = {}): Promise<void> {
  const { organizationId, accountId, deviceId } = who
  await appendAudit(personal, trx, { kind, organizationId, accountId, deviceId, details: { subjectAccountId, ...details } }, clock.now())
}
