import * as v from 'valibot'
import { faceNotKeptReasonSchema, faceOutcomeSchema, faceReasonLength, largestFacePicture } from '../domain/face/check.ts'
import { consentChannelSchema } from '../domain/face/consent.ts'
import { descriptorLength } from '../domain/face/template.ts'
import { idempotencyKeySchema, idSchema, instantSchema } from './primitives.ts'

const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1))
const words = v.pipe(v.string(), v.maxLength(faceReasonLength))
const base64url = /^[A-Za-z0-9_-]+$/
const lengthOf = (bytes: number) => Math.ceil((bytes * 4) / 3)

/** 单独同意 to the check, as it was given. Who agreed for a child stays at the workstation. */
export const faceConsentFacts = v.strictObject({
  /** `faceConsentVersion` of the text that was shown. */
  version: v.pipe(v.string(), v.minLength(1), v.maxLength(20), v.regex(/^[\w.-]+$/)),
  at: instantSchema,
  channel: consentChannelSchema,
  /** A guardian has agreed: wanted under 14. */
  guardian: v.boolean(),
})

/** 人脸数据 that leaves the workstation: only where the person has agreed to that as well, and the project's switch allows it. */
export const sentFaceData = v.strictObject({
  /** For which project. The person is on it, and it goes with that. */
  projectId: idSchema,
  /** 128 float32, little-endian, base64url without padding; null: not sent. */
  template: v.nullable(v.pipe(v.string(), v.length(lengthOf(descriptorLength * 4)), v.regex(base64url))),
  /** JPEG, base64url without padding; null: not sent. */
  picture: v.nullable(v.pipe(v.string(), v.minLength(4), v.maxLength(lengthOf(largestFacePicture)), v.regex(base64url))),
})

export type SentFaceData = v.InferOutput<typeof sentFaceData>

/** One queued write of what was done with somebody's face at a workstation. Some pictures fill a push: at most 20 that carry one go together. */
export const faceOperations = [
  v.strictObject({
    kind: v.literal('record-face-check'),
    opId: idempotencyKeySchema,
    registrationId: idSchema,
    /** At whose account it was made: another one's session may be the one that tells it. */
    accountId: idSchema,
    /** When it was made, by the workstation's clock. */
    at: instantSchema,
    /** 相似度 with the picture on the document, `similarityOf`; null where there was none to compare with, and the clerk has decided. */
    score: v.nullable(share),
    outcome: faceOutcomeSchema,
    /** Of 'decided-by-clerk', and only of that. Reviewers read it. */
    decisionReason: v.nullable(words),
    liveness: v.literal('passed'),
    modelId: v.pipe(v.string(), v.minLength(1), v.maxLength(60), v.regex(/^[\w./-]+$/)),
    cropVersion: v.pipe(v.number(), v.safeInteger(), v.minValue(1), v.maxValue(10_000)),
    consent: faceConsentFacts,
    /** Null, and that is usual: nothing of the face leaves the workstation. */
    sent: v.nullable(sentFaceData),
  }),
  /** 撤回同意: whatever the central service holds of the face goes, and the unit's other workstations hear of it. Nobody has to say why: `reason` may be ''. */
  v.strictObject({ kind: v.literal('withdraw-face-consent'), opId: idempotencyKeySchema, registrationId: idSchema, accountId: idSchema, at: instantSchema, reason: words }),
] as const
export type FaceOperation = v.InferOutput<(typeof faceOperations)[number]>
export type RecordFaceCheck = Extract<FaceOperation, { kind: 'record-face-check' }>
export type WithdrawFaceConsent = Extract<FaceOperation, { kind: 'withdraw-face-consent' }>

/** The check is in the books; of 人脸数据 that came along, what was kept and why the rest was not. */
export const faceCheckReceipt = v.strictObject({
  /** Of the 身份核验. */
  id: idSchema,
  registrationId: idSchema,
  keptTemplate: v.boolean(),
  keptPicture: v.boolean(),
  /** Null: nothing was sent, or all of it was kept. */
  notKept: v.nullable(faceNotKeptReasonSchema),
})
export type FaceCheckReceipt = v.InferOutput<typeof faceCheckReceipt>

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0))
/** How much of the face was deleted at the central service. */
export const faceWithdrawalReceipt = v.strictObject({ registrationId: idSchema, consentWithdrawnAt: instantSchema, deletedTemplates: count, deletedPictures: count })
export type FaceWithdrawalReceipt = v.InferOutput<typeof faceWithdrawalReceipt>

/** What a unit's workstations are told of one registration's face: never anything of the face itself. */
export const registrationFaceResource = v.strictObject({
  registrationId: idSchema,
  /** When the last face check was made that counts for the registration's ID number; null: none does. */
  checkedAt: v.nullable(instantSchema),
  /** Consents given until then are withdrawn: template and picture that rest on one of them are to go, wherever they are. */
  consentWithdrawnAt: v.nullable(instantSchema),
  /** What the central service holds now. */
  keptTemplate: v.boolean(),
  keptPicture: v.boolean(),
})
export type RegistrationFaceResource = v.InferOutput<typeof registrationFaceResource>
