import * as v from 'valibot'
import { faceSignInSchema } from '../domain/face/sign-in.ts'
import type { ContactField } from '../domain/unit-contact.ts'
import { accountRoleSchema } from '../domain/statuses.ts'
import { idSchema, instantSchema } from './primitives.ts'

/** 企业基本信息 on the wire: what a unit changes of itself, its accounts, and who of them uses which certificate. */

const version = v.pipe(v.number(), v.safeInteger(), v.minValue(1))
/** Longer than it may be: what is wrong with it is told by the rule's own sentence. */
const typed = v.pipe(v.string(), v.maxLength(400))
const changesOf = <T extends v.ObjectEntries>(entries: T) => v.pipe(v.strictObject(entries), v.check((changes) => Object.values(changes).some((value) => value !== undefined)))

export const contactChanges = changesOf({ address: v.optional(typed), contactName: v.optional(typed), contactPhone: v.optional(typed) } satisfies Record<ContactField, v.GenericSchema>)
export const organizationPatch = v.strictObject({ changes: contactChanges })

/** What a write of any of this answers. */
export const versionReceipt = v.strictObject({ id: idSchema, version })
export type VersionReceipt = v.InferOutput<typeof versionReceipt>

export const unitAccount = v.strictObject({
  id: idSchema,
  version,
  username: v.string(),
  displayName: v.string(),
  role: accountRoleSchema,
  /** 登记审核: given by the operator. */
  reviewsRegistrations: v.boolean(),
  /** 人脸登录. Told to a 单位管理员; null to others. */
  faceSignIn: v.nullable(faceSignInSchema),
  disabled: v.boolean(),
  /** Somebody else has set the password, and the clerk has not changed it since. Told to a 单位管理员; false to others. */
  passwordByOperator: v.boolean(),
  /** Told to a 单位管理员; null to others, and for who has not signed in since this is written down. */
  lastSignInAt: v.nullable(instantSchema),
})
export type UnitAccount = v.InferOutput<typeof unitAccount>

/** In the order of their user names; `mayChange`: who asks is a 单位管理员. */
export const unitAccounts = v.strictObject({ items: v.array(unitAccount), mayChange: v.boolean() })
export type UnitAccounts = v.InferOutput<typeof unitAccounts>

/** The id and the first password are made by the workstation, so that a repeated request is the same account with the same password. */
export const accountCreate = v.strictObject({ id: idSchema, username: typed, displayName: typed, role: accountRoleSchema, password: v.pipe(v.string(), v.maxLength(1_000)) })
export const accountChanges = changesOf({ displayName: v.optional(typed), role: v.optional(accountRoleSchema), disabled: v.optional(v.boolean()), faceSignIn: v.optional(faceSignInSchema) })
export const accountPatch = v.strictObject({ changes: accountChanges })
export const accountPassword = v.strictObject({ password: v.pipe(v.string(), v.maxLength(1_000)) })

/** One (issuer, company code) that names the unit, the certificates that came under it, and the accounts that may sign in with them. */
export const unitCertificateBinding = v.strictObject({
  id: idSchema,
  issuer: v.string(),
  companyCode: v.string(),
  boundAt: instantSchema,
  accounts: v.array(v.strictObject({ id: idSchema, displayName: v.string(), disabled: v.boolean() })),
  certificates: v.array(
    v.strictObject({
      fingerprint: v.string(),
      /** Whom the certificate names; null where it was last used before this was written down. */
      holder: v.nullable(v.string()),
      notAfter: instantSchema,
      lastUsedAt: v.nullable(instantSchema),
    }),
  ),
})
export type UnitCertificateBinding = v.InferOutput<typeof unitCertificateBinding>
export const unitCertificates = v.strictObject({ items: v.array(unitCertificateBinding), mayChange: v.boolean() })
export type UnitCertificates = v.InferOutput<typeof unitCertificates>

export const boundAccount = v.strictObject({ accountId: idSchema })
export const bindingReceipt = v.strictObject({ id: idSchema })
