import * as v from 'valibot'
import { contactChanges, accountChanges, unitAccounts, unitCertificates } from '../api/unit-resources.ts'
import { accountRoleSchema } from '../domain/statuses.ts'
import { method } from '../wire/contract.ts'
import { done, idSchema, instantSchema, noInput } from './common.ts'

const version = v.pipe(v.number(), v.safeInteger(), v.minValue(1))
/** Longer than it may be: what is wrong with it is told by the rule's own sentence. */
const typed = v.pipe(v.string(), v.maxLength(400))
/** Shown once, and kept nowhere. */
const password = v.strictObject({ password: v.string() })

/** Everything but the profile goes to the central service at once, or is not done: nothing of it waits here. */
const online = [
  'not-signed-in', 'locked', 'central-needed', 'central-not-trusted', 'too-many-requests', 'session-missing', 'session-password-changed', 'session-expired', 'session-suspended',
] as const
const writing = [...online, 'forbidden', 'not-found'] as const

export const unitProfile = v.strictObject({
  /** The one that `saveContact` names. */
  version,
  name: v.string(),
  kindLabel: v.string(),
  creditCode: v.string(),
  address: v.string(),
  contactName: v.string(),
  contactPhone: v.string(),
  fetchedAt: instantSchema,
  /** Who is signed in is a 单位管理员. */
  mayEdit: v.boolean(),
})
export type UnitProfile = v.InferOutput<typeof unitProfile>

export const organizationGroup = {
  methods: {
    /** 企业基本信息, or as last known here. */
    profile: method(noInput, unitProfile, ['not-signed-in', 'locked', 'central-unreachable']),
    /** 地址, 联系人, 联系电话: those that are given. @throws unit-changed where another version stands by now, which `profile` tells */
    saveContact: method(v.strictObject({ version, changes: contactChanges }), unitProfile, [...writing, 'organization-invalid', 'unit-changed']),
    /** 账号 of the own unit. */
    accounts: method(noInput, unitAccounts, online),
    /** @returns the first password. The same wish once more, after a lost answer, is the same account with the same password */
    addAccount: method(v.strictObject({ username: typed, displayName: typed, role: accountRoleSchema }), password, [...writing, 'account-invalid', 'username-taken', 'account-too-many']),
    changeAccount: method(v.strictObject({ id: idSchema, version, changes: accountChanges }), done, [...writing, 'account-invalid', 'account-changed', 'account-own', 'account-last-admin']),
    /** 重置密码. @returns the new one; the account's sessions have ended */
    resetPassword: method(v.strictObject({ id: idSchema, version }), password, [...writing, 'account-changed', 'account-own']),
    /** CA证书 that name the own unit. */
    certificates: method(noInput, unitCertificates, online),
    /** Lets an account of the unit sign in with one of them, or no more. */
    setBound: method(v.strictObject({ bindingId: idSchema, accountId: idSchema, bound: v.boolean() }), done, [...writing, 'account-own']),
  },
  events: {
    /** What `profile` tells is other than before. */
    changed: v.strictObject({}),
  },
} as const
