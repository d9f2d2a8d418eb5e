import * as v from 'valibot'
import { faceSignInSchema } from '../domain/face/sign-in.ts'
import { accountRoleSchema, organizationKindSchema } from '../domain/statuses.ts'

export const idSchema = v.pipe(v.string(), v.uuid())
export const instantSchema = v.pipe(v.string(), v.isoTimestamp())
export const noInput = v.strictObject({})
export const done = v.strictObject({})
export const countSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(0))

export const accountSchema = v.strictObject({
  id: idSchema,
  username: v.string(),
  displayName: v.string(),
  role: accountRoleSchema,
  /** 登记审核. Left by an earlier version of the program, an account has none. */
  reviewsRegistrations: v.optional(v.boolean(), false),
  /** 人脸登录. Left by an earlier version of the program, an account has none. */
  faceSignIn: v.optional(faceSignInSchema, 'off'),
})
export type Account = v.InferOutput<typeof accountSchema>

export const organizationSchema = v.strictObject({
  id: idSchema,
  name: v.string(),
  kind: organizationKindSchema,
  /** 统一社会信用代码, GB 32100. */
  creditCode: v.string(),
})
export type Organization = v.InferOutput<typeof organizationSchema>
