import * as v from 'valibot'
import { isPosterCode, mostPosters } from '../domain/poster-code.ts'
import { idSchema, instantSchema } from './primitives.ts'
import { route } from './route.ts'

export const posterCodeSchema = v.pipe(v.string(), v.check(isPosterCode))

/** The live code of a unit for a project. */
export const posterCodeResource = v.strictObject({
  projectId: idSchema,
  code: posterCodeSchema,
  /** What the QR code holds. */
  url: v.string(),
  issuedAt: instantSchema,
  /** From then on it is good no more: midnight in Shanghai. */
  expiresAt: instantSchema,
})
export type PosterCodeResource = v.InferOutput<typeof posterCodeResource>

export const posterCodesRequest = v.strictObject({
  projectIds: v.pipe(v.array(idSchema), v.minLength(1), v.maxLength(mostPosters), v.check((ids) => new Set(ids).size === ids.length)),
  /** Also for projects whose last code was stopped by hand: that is not taken back unasked. */
  evenStopped: v.boolean(),
})

export const posterCodeRefusals = ['not-found', 'project-closed', 'poster-code-stopped'] as const
export const posterCodesReply = v.strictObject({
  items: v.array(posterCodeResource),
  /** Of the others, why there is none. */
  refused: v.array(v.strictObject({ projectId: idSchema, code: v.picklist(posterCodeRefusals) })),
})
export type PosterCodesReply = v.InferOutput<typeof posterCodesReply>

/** The code that was seen: where another one is live by now, nothing happens to that. */
export const seenPosterCode = v.strictObject({ projectId: idSchema, code: posterCodeSchema })
export const posterCodeReceipt = v.strictObject({ projectId: idSchema })

const writeProblems = ['idempotency-key-missing', 'idempotency-key-reused', 'idempotency-in-flight', 'poster-not-contractor'] as const

/** 项目二维码, manual 5.3: 施工单位 have them, workers scan them. */
export const posterCodeRoutes = {
  // Whatever there was before: who asks twice gets the same codes.
  issuePosterCodes: route({
    method: 'POST', path: '/v1/poster-codes', tag: 'poster-codes', summary: 'The live codes of the own unit for these projects of its list, issued where there is none',
    auth: 'session', idempotent: true, ifMatch: false, body: posterCodesRequest,
    replies: { 200: posterCodesReply }, problems: writeProblems,
  }),
  // The code that was seen is the version that both of these go by.
  reissuePosterCode: route({
    method: 'POST', path: '/v1/poster-code-reissues', tag: 'poster-codes', summary: '换发二维码: revoke a code and issue another one for the same project',
    auth: 'session', idempotent: true, ifMatch: false, body: seenPosterCode,
    replies: { 201: posterCodeResource }, problems: [...writeProblems, 'not-found', 'project-closed', 'poster-code-changed'],
  }),
  revokePosterCode: route({
    method: 'POST', path: '/v1/poster-code-revocations', tag: 'poster-codes', summary: '停用二维码: revoke a code',
    auth: 'session', idempotent: true, ifMatch: false, body: seenPosterCode,
    replies: { 200: posterCodeReceipt }, problems: [...writeProblems, 'not-found', 'poster-code-changed'],
  }),
} as const
