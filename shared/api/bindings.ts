import * as v from 'valibot'
import { bindingStatusSchema } from '../domain/binding.ts'
import { teamNameSchema } from '../domain/team.ts'
import { idempotencyKeySchema, idSchema } from './primitives.ts'

const version = v.pipe(v.number(), v.safeInteger(), v.minValue(1))

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
