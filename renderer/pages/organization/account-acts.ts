import type { AccountChange } from '../../../shared/domain/account-rules.ts'

/** What a 单位管理员 does with an account of the unit, and what is said before it. */
export interface ActTexts {
  readonly label: string
  readonly title: string
  readonly confirm: string
  /** Of the account's clerk, by name. */
  readonly says: (name: string) => string
  readonly done: (name: string) => string
  /** Absent: a new password is set instead. */
  readonly changes?: AccountChange
}

export type AccountAct = 'make-admin' | 'make-clerk' | 'reset' | 'disable' | 'enable'

export const accountActs: Readonly<Record<AccountAct, ActTexts>> = {
  'make-admin': {
    label: '设为管理员', title: '设为单位管理员', confirm: '确认设为管理员', changes: { role: 'unit-admin' },
    says: (name) => `将“${name}”设为单位管理员后，可以修改企业信息、管理本单位账号和证书绑定、查看号码的查看记录。对方重新登录后即可使用。`,
    done: (name) => `“${name}”已设为单位管理员。`,
  },
  'make-clerk': {
    label: '改为经办人', title: '改为经办人', confirm: '确认改为经办人', changes: { role: 'clerk' },
    says: (name) => `将“${name}”改为经办人后，不能再修改企业信息和管理账号，立即生效。`,
    done: (name) => `“${name}”已改为经办人。`,
  },
  'reset': {
    label: '重置密码', title: '重置密码', confirm: '确认重置',
    says: (name) => `将为“${name}”生成新的初始密码，只显示一次。原密码立即失效，对方在各电脑上须用新密码重新验证，登录后请自行修改。`,
    done: (name) => `“${name}”的密码已重置。`,
  },
  'disable': {
    label: '停用', title: '停用账号', confirm: '确认停用', changes: { disabled: true },
    says: (name) => `停用“${name}”的账号后，对方立即退出登录，不能再登录。办理过的记录保留，可以随时启用。`,
    done: (name) => `“${name}”的账号已停用。`,
  },
  'enable': {
    label: '启用', title: '启用账号', confirm: '确认启用', changes: { disabled: false },
    says: (name) => `启用“${name}”的账号后，对方可以用原来的密码或CA锁登录。`,
    done: (name) => `“${name}”的账号已启用。`,
  },
}
