import * as v from 'valibot'
import { identityCheckMethodSchema } from '../domain/identity-check.ts'
import { bindingEndingSchema, bindingStatusSchema } from '../domain/binding.ts'
import { personTypeSchema } from '../domain/statuses.ts'
import { teamNameSchema } from '../domain/team.ts'
import { idempotencyKeySchema, idSchema, instantSchema } from './primitives.ts'

const version = v.pipe(v.number(), v.safeInteger(), v.minValue(1))

/** A binding as the unit whose person it is sees it. */
export const bindingResource = v.strictObject({
  id: idSchema,
  projectId: idSchema,
  personType: personTypeSchema,
  /** Null: a filed manager who was not submitted yet, or whose registration was taken back. */
  registrationId: v.nullable(idSchema),
  /** Whom the unit has filed; null of a worker, and where the filing is gone. */
  filed: v.nullable(v.strictObject({ name: v.string(), idCardNo: v.string() })),
  /** 项目岗位 as filed; '' of a worker. */
  post: v.string(),
  status: bindingStatusSchema,
  ending: v.nullable(bindingEndingSchema),
  /** 审核意见 where it is 审核不通过. */
  reviewComment: v.nullable(v.string()),
  teamId: v.nullable(idSchema),
  /** How the person's identity was checked, by a registration that lives in the unit; null: not yet. */
  identityCheck: v.nullable(identityCheckMethodSchema),
  version,
  createdAt: instantSchema,
  submittedAt: v.nullable(instantSchema),
  decidedAt: v.nullable(instantSchema),
  endedAt: v.nullable(instantSchema),
})
export type BindingResource = v.InferOutput<typeof bindingResource>

/** A 班组 of the own unit on a project. */
export const teamResource = v.strictObject({ id: idSchema, projectId: idSchema, name: v.string(), leaderBindingId: v.nullable(idSchema), version, removed: v.boolean() })
export type TeamResource = v.InferOutput<typeof teamResource>

/** A 现场作业人员 comes onto a project; the id is the workstation's own. */
export const newBinding = v.strictObject({ id: idSchema, projectId: idSchema, registrationId: idSchema, teamId: v.nullable(idSchema) })
export type NewBinding = v.InferOutput<typeof newBinding>

/** What a write of a binding answers: enough to go on, and nothing personal. */
export const bindingReceipt = v.strictObject({ id: idSchema, version, bindingStatus: bindingStatusSchema })
export type BindingReceipt = v.InferOutput<typeof bindingReceipt>

/** The same of a 班组. */
export const teamReceipt = v.strictObject({ id: idSchema, version, removed: v.boolean() })
export type TeamReceipt = v.InferOutput<typeof teamReceipt>

const one = { opId: idempotencyKeySchema, id: idSchema }

/** One queued write of a binding (manual 5.2, 5.3). `baseVersion`: that the clerk saw. */
export const bindingOperations = [
  v.strictObject({ kind: v.literal('bind'), opId: idempotencyKeySchema, binding: newBinding }),
  v.strictObject({ kind: v.literal('submit-binding'), ...one, baseVersion: version }),
  /** 退场. */
  v.strictObject({ kind: v.literal('leave-binding'), ...one, baseVersion: version }),
  /** 移出项目. */
  v.strictObject({ kind: v.literal('remove-binding'), ...one, baseVersion: version }),
  v.strictObject({ kind: v.literal('assign-team'), ...one, teamId: v.nullable(idSchema) }),
] as const
export type BindingOperation = v.InferOutput<(typeof bindingOperations)[number]>

/** The same of a 班组. */
export const teamOperations = [
  /** `baseVersion` null: it is made. */
  v.strictObject({ kind: v.literal('put-team'), ...one, projectId: idSchema, name: teamNameSchema, leaderBindingId: v.nullable(idSchema), baseVersion: v.nullable(version) }),
  v.strictObject({ kind: v.literal('remove-team'), ...one, baseVersion: version }),
] as const
export type TeamOperation = v.InferOutput<(typeof teamOperations)[number]>
