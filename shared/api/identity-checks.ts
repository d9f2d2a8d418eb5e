import * as v from 'valibot'
import { faceDataStateSchema, faceOutcomeSchema } from '../domain/face/check.ts'
import { identityCheckMethodSchema, identityCheckResultSchema } from '../domain/identity-check.ts'
import { personTypeSchema } from '../domain/statuses.ts'
import { idSchema, instantSchema } from './primitives.ts'
import { route } from './route.ts'

/** Of a face check that a workstation made, what who reviews is told beside the score. */
const faceOfCheck = v.strictObject({
  outcome: faceOutcomeSchema,
  /** The clerk's words where the clerk has decided. */
  decisionReason: v.nullable(v.string()),
  template: faceDataStateSchema,
  picture: faceDataStateSchema,
  /** The person has withdrawn the consent since; the check stays. */
  consentWithdrawn: v.boolean(),
})

/** 身份核验 of a registration: how, who, when, with what result. A face that is enrolled leaves one too. */
export const identityCheckResource = v.strictObject({
  id: idSchema,
  method: identityCheckMethodSchema,
  result: identityCheckResultSchema,
  /** How alike, 0 to 1, where a face was compared. */
  score: v.nullable(v.number()),
  at: instantSchema,
  /** Display name of the account; null: the attendance system. */
  by: v.nullable(v.string()),
  /** 复核人, where there was one. */
  secondAt: v.nullable(instantSchema),
  secondBy: v.nullable(v.string()),
  /** The pictures that were compared are no longer those of the registration. */
  picturesReplaced: v.boolean(),
  /** Null where no face was compared, or the attendance system did it. */
  face: v.nullable(faceOfCheck),
})
export type IdentityCheckResource = v.InferOutput<typeof identityCheckResource>

/** One of the own unit that waits for a second person. Masked. */
export const waitingIdentityCheck = v.strictObject({
  id: idSchema,
  registrationId: idSchema,
  name: v.string(),
  maskedIdCardNo: v.string(),
  personType: personTypeSchema,
  at: instantSchema,
  /** 核验人. */
  by: v.string(),
  /** The caller has made the first comparison: somebody else has to confirm it. */
  own: v.boolean(),
})
export type WaitingIdentityCheck = v.InferOutput<typeof waitingIdentityCheck>
export const waitingIdentityChecks = v.strictObject({ items: v.array(waitingIdentityCheck) })

export const identityChecksOfOne = v.strictObject({
  name: v.string(),
  maskedIdCardNo: v.string(),
  /** Newest first. */
  items: v.array(identityCheckResource),
  /** How the person has passed; null: not yet. Counts also where the attendance system has enrolled the face and left no record here. */
  passed: v.nullable(identityCheckMethodSchema),
  /** The two that are compared; null: not uploaded yet. */
  pictures: v.nullable(v.strictObject({ documentId: idSchema, portraitId: idSchema })),
  /** Of those that wait: whether the caller has made the first comparison. */
  ownWaits: v.boolean(),
})
export type IdentityChecksOfOne = v.InferOutput<typeof identityChecksOfOne>

/** Which two pictures were looked at: 身份证人像面 and 正面照. With others by now it is refused. */
export const comparedPictures = v.strictObject({ documentId: idSchema, portraitId: idSchema })
export type ComparedPictures = v.InferOutput<typeof comparedPictures>
export const secondLook = v.strictObject({ result: v.picklist(['passed', 'refused']), ...comparedPictures.entries })
export type SecondLook = v.InferOutput<typeof secondLook>
/** Nothing personal: it is kept for a replay. */
export const identityCheckReceipt = v.strictObject({ id: idSchema, result: identityCheckResultSchema })
export type IdentityCheckReceipt = v.InferOutput<typeof identityCheckReceipt>

const idParams = v.strictObject({ id: idSchema })
const writeProblems = ['idempotency-key-missing', 'idempotency-key-reused', 'idempotency-in-flight'] as const
const ofCheck = ['not-found', 'identity-check-own', 'identity-check-changed'] as const

/** 非人脸核验: a manager of the person's unit compares ID document and photo, another one confirms (domain.md d: the face is never the only way). */
export const identityCheckRoutes = {
  listWaitingIdentityChecks: route({
    method: 'GET', path: '/v1/identity-checks', tag: 'identity-checks', summary: 'Those of the own unit that wait for a second person, longest waiting first',
    auth: 'session', idempotent: false, ifMatch: false, replies: { 200: waitingIdentityChecks }, problems: [],
  }),
  listIdentityChecksOfRegistration: route({
    method: 'GET', path: '/v1/registrations/{id}/identity-checks', tag: 'identity-checks', summary: 'Those of one of the own registrations, newest first, and which pictures are to be compared',
    auth: 'session', idempotent: false, ifMatch: false, params: idParams, replies: { 200: identityChecksOfOne }, problems: ['not-found'],
  }),
  // What says that nothing changed since it was looked at are the pictures: a registration may change its phone number meanwhile.
  beginIdentityCheck: route({
    method: 'POST', path: '/v1/registrations/{id}/identity-checks', tag: 'identity-checks', summary: 'ID document and photo of a person of the own unit show the same one, as the caller has seen; it waits for a second person',
    auth: 'session', idempotent: true, ifMatch: false, params: idParams, body: comparedPictures, replies: { 201: identityCheckReceipt },
    problems: [...writeProblems, ...ofCheck, 'registration-left', 'identity-check-passed', 'identity-check-waits'],
  }),
  finishIdentityCheck: route({
    method: 'POST', path: '/v1/identity-checks/{id}/second-look', tag: 'identity-checks', summary: 'Another account of the unit confirms what the first has seen, or refuses it',
    auth: 'session', idempotent: true, ifMatch: false, params: idParams, body: secondLook, replies: { 200: identityCheckReceipt },
    problems: [...writeProblems, ...ofCheck, 'identity-check-same-account', 'identity-check-closed'],
  }),
} as const
