import * as v from 'valibot'
import { personValuesSchema } from '../domain/person-schema.ts'
import { departureNoteLength } from '../domain/departure.ts'
import { refusalLength, requestStates, shownRequestStateSchema } from '../domain/transfer-request.ts'
import { idSchema, instantSchema } from './primitives.ts'

/** 离职迁出 and 迁入 on the wire. */

/** What a clerk says of it; checked field by field by `departureProblems`. */
const departureWords = {
  reason: v.pipe(v.string(), v.maxLength(10)),
  /** A little longer than it may be: what is wrong with it is told by the rule's own sentence. */
  note: v.pipe(v.string(), v.maxLength(departureNoteLength * 2)),
  leftOn: v.pipe(v.string(), v.maxLength(10)),
}

/** As it is told back to the own unit. */
export const departureResource = v.strictObject(departureWords)

export const transferOutBody = v.strictObject({
  ...departureWords,
  /** The other unit's request that it answers; null where nobody asked, or nobody in particular is answered. */
  requestId: v.nullable(idSchema),
})

export const transferAsk = v.strictObject({
  /** Made by the client. */
  id: idSchema,
  idCardNo: v.pipe(v.string(), v.maxLength(40)),
  /** As on the ID card that lies before the asking clerk; the holding unit sees it and can tell a mistyped number by it. */
  name: v.pipe(v.string(), v.maxLength(50), v.regex(/\S/)),
})

/** The holding unit's words; the asking one reads them. */
export const transferRefusal = v.strictObject({ words: v.pipe(v.string(), v.maxLength(refusalLength), v.regex(/\S/)) })

/** What a write of a request answers. */
export const transferReceipt = v.strictObject({ id: idSchema, state: v.picklist(requestStates) })
export type TransferReceipt = v.InferOutput<typeof transferReceipt>

const request = {
  id: idSchema,
  state: shownRequestStateSchema,
  /** As the asking clerk typed it. */
  name: v.string(),
  askedAt: instantSchema,
  expiresAt: instantSchema,
  answeredAt: v.nullable(instantSchema),
  /** The holding unit's words where it refused. */
  refusal: v.nullable(v.string()),
}

/** To the holding unit: who asks, and for which of its registrations. */
export const incomingRequest = v.strictObject({ ...request, registrationId: idSchema, askedBy: v.string() })
export type IncomingRequest = v.InferOutput<typeof incomingRequest>

/** To the asking unit: nothing that tells whom it asked. */
export const outgoingRequest = v.strictObject({ ...request, idCardNo: v.string() })
export type OutgoingRequest = v.InferOutput<typeof outgoingRequest>

/** Newest first, those that wait before the others; at most 200 each. */
export const transferRequests = v.strictObject({ incoming: v.array(incomingRequest), outgoing: v.array(outgoingRequest) })
export type TransferRequests = v.InferOutput<typeof transferRequests>

export const transferInRequest = v.strictObject({
  idCardNo: v.pipe(v.string(), v.maxLength(40)),
  /** Has to be the registered one: an ID number alone opens nothing. */
  name: v.pipe(v.string(), v.maxLength(50)),
})
/** What may be carried over, in a form that is otherwise empty. */
export const transferInReply = v.strictObject({ values: personValuesSchema })
