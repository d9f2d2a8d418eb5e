import { createPublicKey, randomUUID } from 'node:crypto'
import * as v from 'valibot'
import { isCreditCode, normalizeCreditCode } from '../../shared/domain/credit-code.ts'
import { newPasswordProblem, passwordLength } from '../../shared/domain/password.ts'
import type { AccountRole, OrganizationKind } from '../../shared/domain/statuses.ts'
import { AppError } from '../../shared/errors/app-error.ts'
import { appendAudit } from '../audit/audit.repository.ts'
import { insertAccount } from '../auth/accounts.repository.ts'
import { hashPassword } from '../auth/passwords.ts'
import { isForeignKeyViolation, isUniqueViolation } from '../database/constraint.ts'
import { inTransaction } from '../database/transaction.ts'
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

/** @throws AppError credit-code-invalid (GB 32100); Error of one line for anything else that is wrong */
export async function createOrganization({ db, clock, personal }: ServiceContext, organization: NewOrganization): Promise<string> {
  const creditCode = normalizeCreditCode(organization.creditCode)
  if (!isCreditCode(creditCode)) throw new AppError('credit-code-invalid')
  if (organization.name.trim() === '') throw new Error('单位名称不能为空。')
  const recoveryPublicKey = checkedRecoveryKey(organization.recoveryPublicKey)
  const id = randomUUID()
  const now = clock.now()
  const at = now.toISOString()
  await explained({ unique: '该统一社会信用代码的单位已存在。' }, () =>
    inTransaction(db, async (trx) => {
      await trx
        .insertInto('organization')
        .values({
          // Its first change is itself, so that a workstation's first pull brings it along.
          id, version: 1, seq: 1, changed_seq: 1, name: organization.name.trim(), kind: organization.kind, credit_code: creditCode, address: organization.address,
          contact_name: organization.contactName, recovery_public_key: recoveryPublicKey, created_at: at, updated_at: at,
          contact_phone_sealed: personal.seal(organization.contactPhone, { column: 'organization.contact_phone', rowId: id }),
        })
        .execute()
      await appendAudit(personal, trx, { kind: 'organization-created', organizationId: id, accountId: null, deviceId: null, details: {} }, now)
    }),
  )
  return id
}

/** Workstations seal the key of their local data with it, so one that does not work would be noticed too late. */
function checkedRecoveryKey(pem: string): string {
  const key = v.safeParse(v.pipe(v.string(), v.rawTransform(({ dataset, addIssue, NEVER }) => {
    try {
      return createPublicKey(dataset.value)
    } catch {
      addIssue({ message: 'PEM' })
      return NEVER
    }
  })), pem)
  const bits = key.success && key.output.asymmetricKeyType === 'rsa' ? (key.output.asymmetricKeyDetails?.modulusLength ?? 0) : 0
  if (!key.success || bits < 2048) throw new Error('恢复公钥应为至少2048位的RSA公钥（PEM）。')
  if (pem.includes('PRIVATE KEY')) throw new Error('这是恢复密钥的私钥，应由单位离线保管；请提供公钥。')
  return String(key.output.export({ type: 'spki', format: 'pem' }))
}

export interface NewAccount {
  readonly organizationId: string
  readonly username: string
  readonly displayName: string
  readonly role: AccountRole
  readonly password: string
}

/** @throws Error of one line where a clerk could not set it either */
export function checkedPassword(password: string, username: string): string {
  const problem = newPasswordProblem(password, username)
  if (problem) throw new Error(new AppError(problem, passwordLength).sentence)
  return password
}

/** @throws Error of one line where the name is taken, the unit unknown, or the password refused */
export async function createAccount({ db, clock, personal }: ServiceContext, account: NewAccount): Promise<string> {
  if (!/^[^\p{Cc}]{1,64}$/u.test(account.username.trim())) throw new Error('用户名应为1至64个字。')
  checkedPassword(account.password, account.username)
  const id = randomUUID()
  const { password, ...named } = account
  const row = { ...named, id, username: account.username.trim(), passwordHash: await hashPassword(password), passwordByOperator: false }
  await explained({ unique: '该用户名已被使用。', foreign: '没有这个单位。' }, () => insertAccount(db, row, clock.now()))
  await appendAudit(personal, db, { kind: 'account-created', organizationId: account.organizationId, accountId: id, deviceId: null, details: { role: account.role } }, clock.now())
  return id
}

/** Says in a line what a constraint of the database refused. */
async function explained(sentences: { unique: string; foreign?: string }, write: () => Promise<unknown>): Promise<void> {
  try {
    await write()
  } catch (error) {
    if (isUniqueViolation(error)) throw new Error(sentences.unique, { cause: error })
    if (isForeignKeyViolation(error) && sentences.foreign) throw new Error(sentences.foreign, { cause: error })
    throw error
  }
}
