import * as v from 'valibot'
import { faceSignInSchema } from '../domain/face/sign-in.ts'
import { personPatchSchema, personValuesSchema } from '../domain/person-schema.ts'
import { accountRoleSchema, organizationKindSchema, personTypeSchema, registrationStatusSchema, reviewStatusSchema, signInWaySchema } from '../domain/statuses.ts'
import { errorCodes } from '../errors/codes.ts'
import { attachmentsOfOne } from './attachments.ts'
import { bindingOperations, bindingReceipt, bindingResource, teamOperations, teamReceipt, teamResource } from './bindings.ts'
import { faceCheckReceipt, faceOperations, faceWithdrawalReceipt, registrationFaceResource } from './faces.ts'
import { idempotencyKeySchema, idSchema, instantSchema } from './primitives.ts'
import { linkedProjectResource } from './projects.ts'
import { departureResource, transferOutBody } from './transfers.ts'

export { idempotencyKeySchema, idSchema, instantSchema }

export const versionSchema = v.pipe(v.number(), v.safeInteger(), v.minValue(1))

/** Made once by each workstation; part of what a CA lock signs. */
export const deviceIdSchema = v.pipe(v.string(), v.regex(/^[\w-]{16,64}$/))
const base64urlOf = (min: number, max: number) => v.pipe(v.string(), v.minLength(min), v.maxLength(max), v.regex(/^[A-Za-z0-9_-]+$/))

export const accountResource = v.strictObject({
  id: idSchema,
  username: v.string(),
  displayName: v.string(),
  role: accountRoleSchema,
  /** 登记审核: may decide on the registrations of the units in the review scope of the own one. */
  reviewsRegistrations: v.boolean(),
  /** 人脸登录. */
  faceSignIn: faceSignInSchema,
})

export const organizationResource = v.strictObject({
  id: idSchema,
  version: versionSchema,
  name: v.string(),
  kind: organizationKindSchema,
  creditCode: v.string(),
  address: v.string(),
  contactName: v.string(),
  contactPhone: v.string(),
  /** SPKI PEM of the unit's recovery key (RSA-OAEP, SHA-256); the private half is kept offline by the unit. */
  recoveryPublicKey: v.string(),
})

/** A live session. `token` goes into `Authorization: Bearer`. */
export const sessionResource = v.strictObject({
  outcome: v.literal('signed-in'),
  token: v.string(),
  way: signInWaySchema,
  account: accountResource,
  /** The operator has reset the password and the clerk has not changed it since. */
  passwordByOperator: v.boolean(),
  organization: organizationResource,
  idleExpiresInSeconds: v.number(),
  expiresAt: instantSchema,
  /** The server's clock, so that a workstation notices its own being set back. */
  serverTime: instantSchema,
  /** Which life of the database this is; new after a restore from backup. */
  epoch: v.string(),
  /** Operator switch: nobody is submitted to a project before an identity check has passed. */
  identityCheckRequired: v.boolean(),
})

export const challengeRequest = v.strictObject({ deviceId: deviceIdSchema })
export const challengeResource = v.strictObject({
  cid: v.string(),
  nonce: v.string(),
  expiresInSeconds: v.number(),
})

/** A statement signed by a CA lock; the device is known otherwise. */
export const caProof = v.strictObject({
  fmt: v.pipe(v.string(), v.maxLength(40)),
  cid: base64urlOf(8, 64),
  /** base64url of the DER; unverified until every check has passed. */
  unverifiedCertificate: base64urlOf(100, 12_000),
  alg: v.pipe(v.string(), v.maxLength(20)),
  /** base64url; RS256: PKCS#1 v1.5; ES256: raw r‖s. */
  signature: base64urlOf(16, 2_000),
})

export const caSignInRequest = v.strictObject({ ...caProof.entries, deviceId: deviceIdSchema })

export const accountChoiceResource = v.strictObject({
  outcome: v.literal('choose-account'),
  ticket: v.string(),
  expiresInSeconds: v.number(),
  organizationName: v.string(),
  accounts: v.array(v.strictObject({ id: idSchema, displayName: v.string(), needsPassword: v.boolean() })),
})

export const accountChoiceRequest = v.strictObject({
  ticket: base64urlOf(16, 100),
  accountId: idSchema,
  password: v.nullable(v.pipe(v.string(), v.maxLength(200))),
  deviceId: deviceIdSchema,
})

export const passwordSignInRequest = v.strictObject({
  /** PostgreSQL stores no NUL, and no name has a control character. */
  username: v.pipe(v.string(), v.minLength(1), v.maxLength(64), v.regex(/^\P{Cc}*$/u)),
  password: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  deviceId: deviceIdSchema,
})

export const passwordChangeRequest = v.strictObject({
  password: v.pipe(v.string(), v.minLength(1), v.maxLength(200)),
  /** Too short or too long is told by the rule's own code. */
  newPassword: v.pipe(v.string(), v.maxLength(1_000)),
})

/** A registration as its own organisation sees it. */
export const registrationResource = v.strictObject({
  id: idSchema,
  version: versionSchema,
  personType: personTypeSchema,
  status: registrationStatusSchema,
  reviewStatus: reviewStatusSchema,
  /** The reviewer's words when refused. */
  reviewComment: v.nullable(v.string()),
  faceEnrolled: v.boolean(),
  /** How it ended, where its status is `left`. */
  departure: v.nullable(departureResource),
  values: personValuesSchema,
  createdAt: instantSchema,
  updatedAt: instantSchema,
})
export type RegistrationResource = v.InferOutput<typeof registrationResource>

/** What every write of a registration answers: enough to go on, and nothing personal, so that it can be stored for a replay. */
export const writeReceipt = v.strictObject({ id: idSchema, version: versionSchema, status: registrationStatusSchema })
export type WriteReceipt = v.InferOutput<typeof writeReceipt>

/** The id is made by the client, so that a draft keeps it for life. */
export const registrationCreate = v.strictObject({ id: idSchema, personType: personTypeSchema, values: personValuesSchema })
export const registrationPatch = v.strictObject({ changes: personPatchSchema })

export const cursorSchema = v.pipe(v.string(), v.maxLength(200))
export const pageQuery = v.strictObject({
  /** From the previous page's `next`. */
  cursor: v.optional(cursorSchema),
  limit: v.optional(v.pipe(v.string(), v.regex(/^[1-9]\d{0,2}$/))),
})

export const registrationListPage = v.strictObject({ items: v.array(registrationResource), next: v.nullable(v.string()) })

export const idCardNoCheckRequest = v.strictObject({ idCardNo: v.pipe(v.string(), v.maxLength(40)) })
export const idCardNoCheckResource = v.variant('outcome', [
  /** `transferIn`: they were registered and have left, so something can be carried over (`transferIn` of the API). */
  v.strictObject({ outcome: v.literal('free'), transferIn: v.boolean() }),
  v.strictObject({ outcome: v.literal('here'), registrationId: idSchema }),
  v.strictObject({ outcome: v.literal('elsewhere') }),
])

export const changesQuery = v.strictObject({
  /** Last `seq` seen; absent or 0 from the beginning. */
  after: v.optional(v.pipe(v.string(), v.regex(/^\d{1,15}$/))),
  /** The epoch the cursor belongs to; a foreign one answers `cursor-expired`. */
  epoch: v.optional(v.pipe(v.string(), v.maxLength(64))),
  limit: v.optional(v.pipe(v.string(), v.regex(/^[1-9]\d{0,2}$/))),
})
export const changeItem = v.variant('kind', [
  v.strictObject({ kind: v.literal('registration'), seq: v.number(), registration: registrationResource }),
  /** A tombstone: the registration was withdrawn. */
  v.strictObject({ kind: v.literal('registration-removed'), seq: v.number(), id: idSchema }),
  v.strictObject({ kind: v.literal('organization'), seq: v.number(), organization: organizationResource }),
  /** A project of the unit's list, whole, with its counts. */
  v.strictObject({ kind: v.literal('project'), seq: v.number(), project: linkedProjectResource }),
  v.strictObject({ kind: v.literal('binding'), seq: v.number(), binding: bindingResource }),
  v.strictObject({ kind: v.literal('team'), seq: v.number(), team: teamResource }),
  /** A face was checked, a consent withdrawn, or what the central service holds of the face has gone. */
  v.strictObject({ kind: v.literal('face'), seq: v.number(), face: registrationFaceResource }),
  /** Those of one registration, or of the unit itself, all of them anew. */
  v.strictObject({ kind: v.literal('attachments'), seq: v.number(), ...attachmentsOfOne.entries }),
])
export const changesPage = v.strictObject({
  epoch: v.string(),
  organizationId: idSchema,
  items: v.array(changeItem),
  /** Cursor for the next call. */
  next: v.number(),
  hasMore: v.boolean(),
})

/** What a write answers, by what was written. */
export const anyReceipt = v.union([writeReceipt, bindingReceipt, teamReceipt, faceCheckReceipt, faceWithdrawalReceipt])
export type AnyReceipt = v.InferOutput<typeof anyReceipt>

/** Seconds that a question for news may be kept open: less than proxies keep a silent connection. */
export const longestNewsWait = 25
export const newsQuery = v.strictObject({
  /** The cursor that was reached: news is whatever is not at it any more. */
  after: v.pipe(v.string(), v.regex(/^\d{1,15}$/)),
  /** What the last answer said of the bindings that the unit reviews; absent: it is not asked. */
  bindings: v.optional(v.pipe(v.string(), v.maxLength(40), v.regex(/^[\w:.-]*$/))),
  /** Seconds to wait where there is no news; absent: none. */
  wait: v.optional(v.pipe(v.string(), v.regex(/^\d{1,2}$/), v.check((seconds) => Number(seconds) <= longestNewsWait))),
})
export const newsResource = v.strictObject({
  /** Where the unit's changes end now. */
  seq: v.number(),
  /** Another text whenever something happened to a binding on a project that the unit reviews; '' where it reviews none. */
  bindings: v.string(),
})

/** One queued write. `opId` is its idempotency key. */
export const pushOperation = v.variant('kind', [
  v.strictObject({ kind: v.literal('create'), opId: idempotencyKeySchema, registration: registrationCreate }),
  v.strictObject({ kind: v.literal('patch'), opId: idempotencyKeySchema, id: idSchema, baseVersion: versionSchema, changes: personPatchSchema }),
  v.strictObject({ kind: v.literal('withdraw'), opId: idempotencyKeySchema, id: idSchema, baseVersion: versionSchema }),
  v.strictObject({ kind: v.literal('transfer-out'), opId: idempotencyKeySchema, id: idSchema, baseVersion: versionSchema, departure: transferOutBody }),
  ...bindingOperations,
  ...teamOperations,
  ...faceOperations,
])
export type PushOperation = v.InferOutput<typeof pushOperation>
export const pushRequest = v.strictObject({
  operations: v.pipe(v.array(pushOperation), v.minLength(1), v.maxLength(100)),
  /** Of the unit's CA lock over these operations, where the operator wants one (docs/ca-key.md, Signed submissions). */
  proof: v.optional(caProof),
})
export const pushResult = v.variant('outcome', [
  v.strictObject({ opId: v.string(), outcome: v.literal('applied'), receipt: anyReceipt }),
  v.strictObject({
    opId: v.string(),
    outcome: v.literal('refused'),
    problem: v.strictObject({ code: v.picklist(errorCodes), retriable: v.boolean(), details: v.record(v.string(), v.unknown()) }),
  }),
])
export const pushReply = v.strictObject({ epoch: v.string(), results: v.array(pushResult) })
