import * as v from 'valibot'
import { selfPhotos, selfPhotoSchema, selfRegistrationStateSchema, selfRegistrationTextsSchema } from '../domain/self-registration.ts'
import { idSchema, instantSchema } from './primitives.ts'
import { route } from './route.ts'

/**
 * 扫码登记. What a worker's phone asks comes without any session. The phone makes id and token of its submission, sends the form, then
 * its two photos; the same ones again change nothing, so after a lost answer it simply sends again. With the last photo the
 * submission is whole and the unit sees it. Only who has the token hears what becomes of it.
 *
 * Whoever asks learns nothing of others: a submission for somebody who is registered, here or elsewhere, or whose form waits
 * already, is answered like every other one.
 */

/** As it stands on the poster, or as somebody has copied it from there. */
export const typedCodeSchema = v.pipe(v.string(), v.regex(/^[0-9A-Za-z]{6,16}$/))
/** 256 random bits as base64url; stands in no address. */
export const submissionTokenSchema = v.pipe(v.string(), v.regex(/^[\w-]{43}$/))
const hexOf = (length: number) => v.pipe(v.string(), v.length(length), v.regex(/^[0-9a-f]+$/))
const text = (max: number) => v.pipe(v.string(), v.maxLength(max))

/** What the poster says too. */
export const posterProjectResource = v.strictObject({
  organizationName: v.string(),
  projectNo: v.string(),
  projectName: v.string(),
  expiresAt: instantSchema,
})
export type PosterProject = v.InferOutput<typeof posterProjectResource>

/** Proof of work: SHA-256 of the salt followed by which number, at most `maxnumber`, is the challenge? (altcha, version 1.) */
export const workChallengeResource = v.strictObject({
  algorithm: v.literal('SHA-256'),
  challenge: hexOf(64),
  salt: text(200),
  signature: hexOf(64),
  maxnumber: v.pipe(v.number(), v.safeInteger(), v.minValue(1)),
})
export type WorkChallenge = v.InferOutput<typeof workChallengeResource>

const { maxnumber: _, ...solved } = workChallengeResource.entries
export const workSolutionSchema = v.strictObject({ ...solved, number: v.pipe(v.number(), v.safeInteger(), v.minValue(0)) })
export type WorkSolution = v.InferOutput<typeof workSolutionSchema>

export const selfRegistrationRequest = v.strictObject({
  /** Made by the phone; the same one again is the same submission. */
  id: idSchema,
  token: submissionTokenSchema,
  code: typedCodeSchema,
  values: selfRegistrationTextsSchema,
  /** The separate consent to what is sensitive in it (个人信息保护法 art. 29): which text was shown, and when it was agreed to by the phone's clock. */
  consent: v.strictObject({ noticeVersion: text(20), at: instantSchema }),
  work: workSolutionSchema,
})
export type SelfRegistrationRequest = v.InferOutput<typeof selfRegistrationRequest>

export const selfRegistrationReceipt = v.strictObject({
  id: idSchema,
  state: selfRegistrationStateSchema,
  /** Photos that are not here yet. */
  missing: v.pipe(v.array(selfPhotoSchema), v.maxLength(selfPhotos.length)),
})
export type SelfRegistrationReceipt = v.InferOutput<typeof selfRegistrationReceipt>

export const ownSelfRegistrationResource = v.strictObject({
  ...selfRegistrationReceipt.entries,
  submittedAt: instantSchema,
  settledAt: v.nullable(instantSchema),
  /** Of one that was returned, in the clerk's words. */
  reason: v.nullable(v.string()),
  /** Of one that was returned: what was sent, to be corrected. */
  values: v.nullable(selfRegistrationTextsSchema),
})
export type OwnSelfRegistration = v.InferOutput<typeof ownSelfRegistrationResource>

/** A form that waits, as the unit's list shows it. */
export const waitingSelfRegistration = v.strictObject({
  id: idSchema,
  projectId: idSchema,
  name: v.string(),
  /** `310***********1234`. */
  idCardNoMasked: v.string(),
  /** Code of 工种. */
  workType: v.string(),
  submittedAt: instantSchema,
  /** Of the same person with the own unit, where there is one that has not ended: the form is to be held against that. */
  registrationId: v.nullable(idSchema),
})
export type WaitingSelfRegistration = v.InferOutput<typeof waitingSelfRegistration>

/** The same, whole. */
export const selfRegistrationResource = v.strictObject({
  ...waitingSelfRegistration.entries,
  values: selfRegistrationTextsSchema,
  /** When it was agreed to what is sensitive in it, and to which text. */
  consentAt: instantSchema,
  noticeVersion: v.string(),
})
export type SelfRegistrationResource = v.InferOutput<typeof selfRegistrationResource>

/** 退回, or that the person stands in this registration already. */
export const settlementRequest = v.variant('decision', [
  v.strictObject({ decision: v.literal('returned'), reason: text(1_000) }),
  v.strictObject({ decision: v.literal('registered'), registrationId: idSchema }),
])
export type Settlement = v.InferOutput<typeof settlementRequest>
export const settlementReceipt = v.strictObject({ id: idSchema })

const photoParams = v.strictObject({ id: idSchema, photo: selfPhotoSchema })
const token = v.looseObject({ 'Submission-Token': v.string() })
const idParams = v.strictObject({ id: idSchema })
const codeProblems = ['poster-code-unknown', 'poster-code-expired', 'too-many-requests'] as const

export const selfRegistrationRoutes = {
  openPosterCode: route({
    method: 'GET', path: '/v1/poster-codes/{code}', tag: 'self-registrations', summary: 'Which project of which unit a poster is for',
    auth: 'none', idempotent: false, ifMatch: false, params: v.strictObject({ code: typedCodeSchema }),
    replies: { 200: posterProjectResource }, problems: codeProblems,
  }),
  createWorkChallenge: route({
    method: 'POST', path: '/v1/work-challenges', tag: 'self-registrations', summary: 'Work for a phone to do before it sends a form; good for one form',
    auth: 'none', idempotent: false, ifMatch: false, replies: { 201: workChallengeResource }, problems: ['too-many-requests'],
  }),
  submitSelfRegistration: route({
    method: 'POST', path: '/v1/self-registrations', tag: 'self-registrations', summary: 'A form that a worker has filled in; kept once under its own id',
    // The id that the phone makes is the key.
    auth: 'none', idempotent: false, ifMatch: false, body: selfRegistrationRequest,
    replies: { 201: selfRegistrationReceipt }, problems: [...codeProblems, 'work-not-done', 'registration-invalid', 'self-registration-too-many', 'consent-outdated'],
  }),
  sendSelfRegistrationPhoto: route({
    method: 'POST', path: '/v1/self-registrations/{id}/photos/{photo}', tag: 'self-registrations', summary: 'A photo of a submission that is incomplete; a second one takes the place of the first',
    auth: 'none', idempotent: false, ifMatch: false, params: photoParams, headers: token, takesBytes: 'image/jpeg',
    replies: { 200: selfRegistrationReceipt }, problems: ['not-found', 'attachment-empty', 'attachment-too-large', 'attachment-kind-refused', 'attachment-quota', 'attachment-disk-full', 'too-many-requests'],
  }),
  readOwnSelfRegistration: route({
    method: 'GET', path: '/v1/self-registrations/{id}', tag: 'self-registrations', summary: 'What has become of a submission: for the phone that holds its token',
    auth: 'none', idempotent: false, ifMatch: false, params: idParams, headers: token,
    replies: { 200: ownSelfRegistrationResource }, problems: ['not-found', 'too-many-requests'],
  }),
  listSelfRegistrations: route({
    method: 'GET', path: '/v1/self-registrations', tag: 'self-registrations', summary: 'Forms of workers that wait for the own unit on a project, longest waiting first',
    auth: 'session', idempotent: false, ifMatch: false, query: v.strictObject({ projectId: idSchema }),
    replies: { 200: v.strictObject({ items: v.array(waitingSelfRegistration) }) }, problems: [],
  }),
  readSelfRegistration: route({
    method: 'GET', path: '/v1/self-registrations/{id}/form', tag: 'self-registrations', summary: 'One of them, whole; that it was read is in the audit',
    auth: 'session', idempotent: false, ifMatch: false, params: idParams,
    replies: { 200: selfRegistrationResource }, problems: ['not-found', 'self-registration-settled'],
  }),
  readSelfRegistrationPhoto: route({
    method: 'GET', path: '/v1/self-registrations/{id}/photos/{photo}', tag: 'self-registrations', summary: 'A photo of one of them; that it was read is in the audit',
    auth: 'session', idempotent: false, ifMatch: false, params: photoParams, sendsBytes: true,
    replies: { 200: null }, problems: ['not-found', 'self-registration-settled', 'attachment-damaged'],
  }),
  // What waits can be settled once, by whoever comes first: that it still waits is the version that both go by.
  settleSelfRegistration: route({
    method: 'POST', path: '/v1/self-registrations/{id}/settlement', tag: 'self-registrations', summary: '退回 to the worker, or 已登记; registering the person settles it by itself',
    auth: 'session', idempotent: true, ifMatch: false, params: idParams, body: settlementRequest, replies: { 200: settlementReceipt },
    problems: ['idempotency-key-missing', 'idempotency-key-reused', 'idempotency-in-flight', 'not-found', 'self-registration-settled', 'reason-missing', 'reason-too-long', 'reason-has-number'],
  }),
} as const
