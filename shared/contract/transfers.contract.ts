import * as v from 'valibot'
import { departureNoteLength } from '../domain/departure.ts'
import { personTypeSchema } from '../domain/statuses.ts'
import { refusalLength, shownRequestStateSchema } from '../domain/transfer-request.ts'
import { method } from '../wire/contract.ts'
import { countSchema, done, idSchema, instantSchema, noInput } from './common.ts'

const day = v.pipe(v.string(), v.regex(/^\d{4}-\d{2}-\d{2}$/))

/** 离职迁出 as the clerk fills it in; checked by `departureProblems`. */
const departureInput = {
  reason: v.pipe(v.string(), v.maxLength(10)),
  note: v.pipe(v.string(), v.maxLength(departureNoteLength * 2)),
  leftOn: v.pipe(v.string(), v.maxLength(20)),
}

const shown = {
  id: idSchema,
  state: shownRequestStateSchema,
  askedAt: instantSchema,
  expiresAt: instantSchema,
  answeredAt: v.nullable(instantSchema),
  /** The holding unit's words where it refused. */
  refusal: v.nullable(v.string()),
}

/** Another unit asks for one of this unit's people. */
export const incomingRequestSchema = v.strictObject({
  ...shown,
  /** Null where the registration is not on this machine. */
  registrationId: v.nullable(idSchema),
  /** As registered here; as the other unit typed it where that is not known. */
  name: v.string(),
  maskedIdCardNo: v.string(),
  /** Set where the other unit typed another name: it may mean somebody else. */
  nameAsAsked: v.nullable(v.string()),
  askedBy: v.string(),
  /** 同意迁出 was pressed here and waits to be uploaded. */
  isLeaving: v.boolean(),
})
export type IncomingRequestView = v.InferOutput<typeof incomingRequestSchema>

/** This unit asks; whom it asks nobody here knows. */
export const outgoingRequestSchema = v.strictObject({ ...shown, name: v.string(), maskedIdCardNo: v.string() })
export type OutgoingRequestView = v.InferOutput<typeof outgoingRequestSchema>

export const transferRequestsSchema = v.strictObject({
  incoming: v.array(incomingRequestSchema),
  outgoing: v.array(outgoingRequestSchema),
  /** Those to this unit that wait for its answer. */
  waiting: countSchema,
  /** When the central service told it; null: never. */
  fetchedAt: v.nullable(instantSchema),
})
export type TransferRequestsView = v.InferOutput<typeof transferRequestsSchema>

export const beforeTransferOutSchema = v.strictObject({
  name: v.string(),
  maskedIdCardNo: v.string(),
  /** The first day that can be the last one; null where only the central service knows it. */
  registeredOn: v.nullable(day),
  /** What was typed or saved and never submitted: it is not uploaded any more. */
  hasUnsent: v.boolean(),
  /** Bindings to projects that end with it. */
  bindings: v.array(v.strictObject({ filingNo: v.string(), name: v.string() })),
})
export type BeforeTransferOut = v.InferOutput<typeof beforeTransferOutSchema>

const kind = v.exactOptional(personTypeSchema)
const person = v.pipe(v.string(), v.maxLength(50), v.regex(/\S/))
const number = v.pipe(v.string(), v.maxLength(40))
const open = ['not-signed-in', 'locked'] as const
const numberErrors = ['id-card-no-length', 'id-card-no-characters', 'id-card-no-old-form', 'id-card-no-date', 'id-card-no-checksum'] as const
/** These are asked of the central service at once; nothing has happened where it cannot be had. */
const online = [
  ...open, 'transfer-needs-network', 'central-not-trusted', 'session-missing', 'session-password-changed', 'session-expired', 'session-suspended', 'account-disabled', 'too-many-requests',
  'idempotency-in-flight',
] as const
const byId = v.strictObject({ id: idSchema })

export const transfersGroup = {
  methods: {
    /** What is said before 离职迁出 is confirmed. */
    beforeTransferOut: method(byId, beforeTransferOutSchema, [...open, 'not-found']),
    /** 离职迁出 and 同意迁出: queued like every write. What was never submitted goes into the history. `transfer-out-invalid` carries `fields`: {field: sentence}. */
    transferOut: method(
      v.strictObject({ id: idSchema, requestId: v.nullable(idSchema), ...departureInput }),
      done,
      [...open, 'not-found', 'registration-left', 'registration-leaving', 'transfer-out-invalid', 'transfer-out-not-uploaded', 'conflict-pending', 'local-full', 'local-read-only', 'local-busy'],
    ),
    /** 取消离职迁出, while it has not been sent. */
    cancelTransferOut: method(byId, done, [...open, 'not-found', 'transfer-out-sent']),
    /** As last known here; see the event. */
    requests: method(noInput, transferRequestsSchema, open),
    /** The same, asked of the central service now. */
    refresh: method(noInput, transferRequestsSchema, online),
    /** 申请迁入. */
    ask: method(
      v.strictObject({ idCardNo: number, name: person }),
      done,
      [...online, ...numberErrors, 'registration-here', 'transfer-not-needed', 'transfer-already-asked', 'transfer-too-soon', 'transfer-too-many'],
    ),
    withdraw: method(byId, done, [...online, 'not-found', 'transfer-request-closed']),
    refuse: method(v.strictObject({ id: idSchema, words: v.pipe(v.string(), v.maxLength(refusalLength), v.regex(/\S/)) }), done, [...online, 'not-found', 'transfer-request-closed']),
    /** 迁入: begins a form with what may be carried over and that kind of person has; a manager's where none is said. By the number, or by a request of this unit that was granted. @returns its id */
    transferIn: method(
      v.union([v.strictObject({ idCardNo: number, name: person, personType: kind }), v.strictObject({ requestId: idSchema, name: person, personType: kind })]),
      v.strictObject({ id: idSchema }),
      [...online, ...numberErrors, 'not-found', 'registration-here', 'registration-elsewhere', 'transfer-in-nothing'],
    ),
  },
  events: {
    /** The requests, or how far an answer has come, are other than before. */
    changed: v.strictObject({}),
  },
} as const
