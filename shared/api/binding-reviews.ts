import * as v from 'valibot'
import { bindingActions, bindingStatusSchema } from '../domain/binding.ts'
import { identityCheckMethodSchema } from '../domain/identity-check.ts'
import { personValuesSchema } from '../domain/person-schema.ts'
import { projectNoLength, projectStatusSchema } from '../domain/project.ts'
import { personTypeSchema } from '../domain/statuses.ts'
import { errorCodes } from '../errors/codes.ts'
import { attachmentResource } from './attachments.ts'
import { bindingReceipt } from './bindings.ts'
import { identityCheckResource } from './identity-checks.ts'
import { cursorSchema, idempotencyKeySchema, idSchema, instantSchema, versionSchema } from './resources.ts'
import { attachmentsSeqSchema } from './review-resources.ts'
import { route } from './route.ts'

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
const limitUpTo = (most: number) => v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(most))
/** NUL is no part of it: PostgreSQL stores none. */
const partOf = (length: number) => v.pipe(v.string(), v.maxLength(length), v.regex(/^\P{Cc}*$/u))

/** 待提交人员, 实施单位待审核人员, 审核不通过人员, 审核通过人员 (manual 5.4, step one). */
export const reviewedStatuses = ['unsubmitted', 'pending', 'refused', 'approved'] as const
export const reviewedStatusSchema = v.picklist(reviewedStatuses)
export type ReviewedStatus = v.InferOutput<typeof reviewedStatusSchema>

export const reviewedProject = v.strictObject({
  id: idSchema,
  /** 报建编号. */
  projectNo: v.string(),
  name: v.string(),
  status: projectStatusSchema,
  /** People of every unit on it, by status. */
  counts: v.strictObject({ unsubmitted: count, pending: count, refused: count, approved: count }),
})
export type ReviewedProject = v.InferOutput<typeof reviewedProject>

export const reviewedProjectsRequest = v.strictObject({
  /** Parts of 报建编号 and 项目名称; '' for all. */
  projectNo: partOf(projectNoLength),
  name: partOf(100),
  status: v.nullable(projectStatusSchema),
  page: limitUpTo(100_000),
  pageSize: limitUpTo(50),
})
export const reviewedProjectsPage = v.strictObject({
  items: v.array(reviewedProject),
  total: count,
  /** 1-based; the last page where the asked-for one lies beyond. */
  page: count,
})

/** Somebody of a unit on a project, as its 实施单位 sees them in a list. */
export const reviewedPerson = v.strictObject({
  id: idSchema,
  version: versionSchema,
  organizationName: v.string(),
  personType: personTypeSchema,
  name: v.string(),
  /** Of the registration, as it was listed: who decides from the list decides on that. Null: not registered there yet. */
  registrationVersion: v.nullable(versionSchema),
  /** 是否完成人脸识别; null: nobody has checked who it is. */
  identityCheck: v.nullable(identityCheckMethodSchema),
  /** When it was submitted; before that, when it came into the unit's list. */
  since: instantSchema,
  /** 审核意见 where refused. */
  comment: v.nullable(v.string()),
})
export type ReviewedPerson = v.InferOutput<typeof reviewedPerson>

export const reviewedPeopleRequest = v.strictObject({
  projectId: idSchema,
  status: reviewedStatusSchema,
  /** A part of the name, its pinyin or initials; '' for all. In the body: nothing personal stands in an address. */
  query: partOf(100),
  personType: v.nullable(personTypeSchema),
  /** From the previous page's `next`; null: from the first. */
  cursor: v.nullable(cursorSchema),
  limit: limitUpTo(100),
})
export const reviewedPeoplePage = v.strictObject({
  project: reviewedProject,
  /** Longest waiting first. */
  items: v.array(reviewedPerson),
  /** How many there are with this query, on all pages. */
  total: count,
  next: v.nullable(v.string()),
})
export type ReviewedPeoplePage = v.InferOutput<typeof reviewedPeoplePage>

/** 谁在何时做了什么: one thing done to a binding. */
export const bindingEventResource = v.strictObject({
  id: idSchema,
  at: instantSchema,
  action: v.picklist([...bindingActions, 'create']),
  status: bindingStatusSchema,
  /** 审核意见, or ''. */
  comment: v.string(),
  /** Null: the approval system, or the operator of the central service. */
  by: v.nullable(v.strictObject({ displayName: v.string(), organizationName: v.string() })),
})
export type BindingEventResource = v.InferOutput<typeof bindingEventResource>

export const reviewedBinding = v.strictObject({
  ...reviewedPerson.entries,
  projectId: idSchema,
  projectNo: v.string(),
  projectName: v.string(),
  status: bindingStatusSchema,
  /** '' of a filed manager who is not registered there yet. */
  maskedIdCardNo: v.string(),
  /** 班组; '' without one. */
  team: v.string(),
  /** Newest first. */
  history: v.array(bindingEventResource),
  /** Of the registration, newest first. */
  identityChecks: v.array(identityCheckResource),
  /** All of the registration, while it waits for the decision; null: it does not. */
  registration: v.nullable(
    v.strictObject({
      values: personValuesSchema,
      /** The registration itself is 待审核: 审核通过 approves it too, where the reviewer's unit may. */
      pending: v.boolean(),
      attachments: v.array(attachmentResource),
      /** Which state of the attachments this is: they have no part in the version. Told with the decision. */
      attachmentsSeq: v.number(),
      /** JPEG taken at the check, base64; null: none was sent, which is usual. */
      facePicture: v.nullable(v.pipe(v.string(), v.base64())),
    }),
  ),
})
export type ReviewedBinding = v.InferOutput<typeof reviewedBinding>

const decided = { opId: idempotencyKeySchema, id: idSchema, baseVersion: versionSchema, registrationVersion: versionSchema, attachmentsSeq: attachmentsSeqSchema }
/** `opId` is its idempotency key; the rest says what was looked at. */
export const bindingDecision = v.variant('decision', [
  v.strictObject({ decision: v.literal('approved'), ...decided }),
  v.strictObject({ decision: v.literal('refused'), ...decided, reason: v.pipe(v.string(), v.maxLength(1_000)) }),
])
export type BindingDecision = v.InferOutput<typeof bindingDecision>

/** So many people are decided on at once: in one transaction, so that a batch costs one wait for the disk. */
export const mostBindingDecisions = 500
export const bindingDecisionsRequest = v.strictObject({ decisions: v.pipe(v.array(bindingDecision), v.minLength(1), v.maxLength(mostBindingDecisions)) })
export const bindingDecisionResult = v.variant('outcome', [
  v.strictObject({ opId: v.string(), outcome: v.literal('applied'), receipt: bindingReceipt }),
  v.strictObject({
    opId: v.string(),
    outcome: v.literal('refused'),
    problem: v.strictObject({ code: v.picklist(errorCodes), retriable: v.boolean(), details: v.record(v.string(), v.unknown()) }),
  }),
])
export type BindingDecisionResult = v.InferOutput<typeof bindingDecisionResult>

const idParams = v.strictObject({ id: idSchema })

/** 项目人员登记绑定审核 (manual 5.4): for accounts with 登记审核 of the unit that is the project's 实施单位; to anybody else the project is not there. */
export const bindingReviewRoutes = {
  searchReviewedProjects: route({
    method: 'POST', path: '/v1/binding-review-project-searches', tag: 'binding-reviews', summary: 'Projects of which the own unit is the 实施单位, with their people by status',
    auth: 'session', idempotent: false, ifMatch: false, body: reviewedProjectsRequest,
    replies: { 200: reviewedProjectsPage }, problems: ['forbidden'],
  }),
  searchReviewedPeople: route({
    method: 'POST', path: '/v1/binding-review-searches', tag: 'binding-reviews', summary: 'People on such a project with one status, longest waiting first, by cursor',
    auth: 'session', idempotent: false, ifMatch: false, body: reviewedPeopleRequest,
    replies: { 200: reviewedPeoplePage }, problems: ['forbidden', 'not-found', 'cursor-expired'],
  }),
  readReviewedBinding: route({
    method: 'GET', path: '/v1/binding-reviews/{id}', tag: 'binding-reviews', summary: 'One of them with its history, and whole while it waits; that it was read is in the audit',
    auth: 'session', idempotent: false, ifMatch: false, params: idParams,
    replies: { 200: reviewedBinding }, problems: ['forbidden', 'not-found'],
  }),
  readReviewedBindingAttachment: route({
    method: 'GET', path: '/v1/binding-reviews/{id}/attachments/{attachmentId}/content', tag: 'binding-reviews', summary: 'A photo or attachment of somebody who waits; that it was read is in the audit',
    auth: 'session', idempotent: false, ifMatch: false, params: v.strictObject({ id: idSchema, attachmentId: idSchema }), sendsBytes: true,
    replies: { 200: null }, problems: ['forbidden', 'not-found', 'binding-decided', 'attachment-damaged'],
  }),
  decideBindings: route({
    method: 'POST', path: '/v1/binding-decisions', tag: 'binding-reviews', summary: `Up to ${mostBindingDecisions} decisions in one transaction, each applied once under its own key, or refused by itself`,
    // Each decision carries its own idempotency key and the versions it is about, so the request as a whole needs neither.
    auth: 'session', idempotent: false, ifMatch: false, body: bindingDecisionsRequest,
    replies: { 200: v.strictObject({ results: v.array(bindingDecisionResult) }) }, problems: ['forbidden'],
  }),
} as const
