import * as v from 'valibot'
import { personValuesSchema } from '../domain/person-schema.ts'
import { personTypeSchema, reviewDecisionSchema } from '../domain/statuses.ts'
import { attachmentResource } from './attachments.ts'
import { cursorSchema, idempotencyKeySchema, idSchema, instantSchema, pushResult, versionSchema } from './resources.ts'

/** One decision on a registration: 审核通过 or 审核不通过. */
export const reviewResource = v.strictObject({
  id: idSchema,
  at: instantSchema,
  decision: reviewDecisionSchema,
  /** The reviewer's words where refused; '' where approved. */
  reason: v.string(),
  /** Who decided, and of which unit; null: the operator of the central service. */
  reviewer: v.nullable(v.strictObject({ displayName: v.string(), organizationName: v.string() })),
})
export type ReviewResource = v.InferOutput<typeof reviewResource>

export const reviewListResource = v.strictObject({ items: v.array(reviewResource) })

export const pendingSearchRequest = v.strictObject({
  /** Name, pinyin or initials, or a whole ID number; '' for all. In the body: nothing personal stands in an address. */
  query: v.pipe(v.string(), v.maxLength(100)),
  /** Only of this unit. */
  organizationId: v.nullable(idSchema),
  /** From the previous page's `next`; null: from the first. */
  cursor: v.nullable(cursorSchema),
  limit: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(100)),
})

/** One line of what waits for a review. Masked: who decides opens it. */
export const pendingItem = v.strictObject({
  id: idSchema,
  version: versionSchema,
  organizationId: idSchema,
  organizationName: v.string(),
  personType: personTypeSchema,
  name: v.string(),
  maskedIdCardNo: v.string(),
  jobPosition: v.string(),
  submittedAt: instantSchema,
  /** Decided before, refused and handed in again: it is worth a look at why. */
  resubmitted: v.boolean(),
})

export const pendingPage = v.strictObject({
  items: v.array(pendingItem),
  /** How many there are with this query, on all pages. */
  total: v.number(),
  next: v.nullable(v.string()),
  /** The units whose registrations the caller may decide on. */
  organizations: v.array(v.strictObject({ id: idSchema, name: v.string() })),
  /** The operator lets registrations be approved by themselves: what waits is from before. */
  approvesAutomatically: v.boolean(),
})

/** A pending registration as its reviewer sees it: all of it, but nothing of anybody else. */
export const pendingResource = v.strictObject({
  ...pendingItem.entries,
  values: personValuesSchema,
  createdAt: instantSchema,
  /** Newest first. */
  reviews: v.array(reviewResource),
  /** 人员相片 and 附件, in the order they came. */
  attachments: v.array(attachmentResource),
  /** Which state of the attachments this is: they have no part in the version. Told with the decision. */
  attachmentsSeq: v.number(),
})
export type PendingResource = v.InferOutput<typeof pendingResource>

/** Of the attachments that were looked at; null: none, the decision was made from the list. */
export const attachmentsSeqSchema = v.nullable(v.pipe(v.number(), v.safeInteger(), v.minValue(0)))
const decided = { opId: idempotencyKeySchema, id: idSchema, baseVersion: versionSchema, attachmentsSeq: attachmentsSeqSchema }

/** `opId` is its idempotency key, `baseVersion` the version that was looked at. */
export const decisionRequest = v.variant('decision', [
  v.strictObject({ decision: v.literal('approved'), ...decided }),
  v.strictObject({ decision: v.literal('refused'), ...decided, reason: v.pipe(v.string(), v.maxLength(1_000)) }),
])
export type DecisionRequest = v.InferOutput<typeof decisionRequest>
export const decisionsRequest = v.strictObject({ decisions: v.pipe(v.array(decisionRequest), v.minLength(1), v.maxLength(100)) })
export const decisionsReply = v.strictObject({ results: v.array(pushResult) })

export const decidedQuery = v.strictObject({ cursor: v.optional(cursorSchema), limit: v.optional(v.pipe(v.string(), v.regex(/^[1-9]\d?$/))) })
/** What the own unit decided, newest first. */
export const decidedItem = v.strictObject({
  ...reviewResource.entries,
  organizationName: v.string(),
  name: v.string(),
  maskedIdCardNo: v.string(),
})
export const decidedPage = v.strictObject({ items: v.array(decidedItem), next: v.nullable(v.string()) })
