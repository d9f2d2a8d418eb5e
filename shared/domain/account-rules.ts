import type { FaceSignIn } from './face/sign-in.ts'
import type { AccountRole } from './statuses.ts'
import { missingText, textProblem } from './text-validation.ts'
import { tidyText } from './tidy-values.ts'

/** Rules of a unit's accounts. The page, the workstation and the central service ask the same ones. */

export const accountRoleLabels: Readonly<Record<AccountRole, string>> = { 'clerk': '经办人', 'unit-admin': '单位管理员' }

export const usernameMaxLength = 64
export const displayNameMaxLength = 50

export interface NamesOfAccount {
  readonly username: string
  readonly displayName: string
}

/** As typed → as stored. */
export const tidyNames = <T extends Partial<NamesOfAccount>>(names: T): T => Object.fromEntries(Object.entries(names).map(([key, text]) => [key, tidyText(text)])) as T

/** The first thing wrong with 用户名, as a sentence; null where nothing is. */
export function usernameProblem(username: string): string | null {
  if (username === '') return missingText('用户名')
  if (/\s/u.test(username)) return '用户名中不能有空格，请去掉后再试。'
  return textProblem('用户名', username, { maxLength: usernameMaxLength })
}

/** The same of 姓名. */
export function displayNameProblem(displayName: string): string | null {
  if (displayName === '') return missingText('姓名')
  return textProblem('姓名', displayName, { maxLength: displayNameMaxLength, spelling: 'person-name' })
}

/** What a 单位管理员 may change of an account. */
export interface AccountChange {
  readonly displayName?: string | undefined
  readonly role?: AccountRole | undefined
  readonly disabled?: boolean | undefined
  readonly faceSignIn?: FaceSignIn | undefined
}

export interface AccountToChange {
  readonly role: AccountRole
  readonly disabled: boolean
  readonly faceSignIn: FaceSignIn
  /** Of whoever asks. */
  readonly isOwn: boolean
  /** Of its unit, none of them disabled. */
  readonly otherActiveAdmins: number
}

/**
 * Why a 单位管理员 may not do this to an account of the own unit; null where they may. Nobody shuts themselves out by accident, and a
 * unit keeps somebody who can let others in: the operator would have to, and nobody else. 人脸登录 of the own account is somebody else's word too.
 */
export function accountChangeRefusal({ role, disabled, faceSignIn }: AccountChange, account: AccountToChange): 'account-own' | 'account-last-admin' | null {
  if (account.isOwn && faceSignIn !== undefined && faceSignIn !== account.faceSignIn) return 'account-own'
  const losesRole = account.role === 'unit-admin' && role === 'clerk'
  const shutOut = disabled === true && !account.disabled
  if (!losesRole && !shutOut) return null
  if (account.isOwn) return 'account-own'
  const isActiveAdmin = account.role === 'unit-admin' && !account.disabled
  return isActiveAdmin && account.otherActiveAdmins === 0 ? 'account-last-admin' : null
}
