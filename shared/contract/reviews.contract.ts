import * as v from 'valibot'
import { attachmentsSeqSchema, decidedPage, pendingPage, pendingResource, reviewListResource } from '../api/review-resources.ts'
import { reviewDecisionSchema } from '../domain/statuses.ts'
import { errorCodes } from '../errors/codes.ts'
import { largestAttachment } from '../domain/attachments.ts'
import { bytesSchema } from '../wire/bytes.ts'
import { method } from '../wire/contract.ts'
import { attachmentChunkSize } from './attachment-chunk.ts'
import { countSchema, idSchema } from './common.ts'

const cursor = v.nullable(v.pipe(v.string(), v.maxLength(200)))

/** Nothing of this is kept on the workstation: it is people of other units. */
const onlineErrors = [
  'not-signed-in', 'locked', 'review-needs-network', 'forbidden', 'too-many-requests', 'central-not-trusted',
  'session-missing', 'session-password-changed', 'session-expired', 'session-suspended',
] as const
const ofAttachment = ['not-found', 'review-done', 'attachment-damaged'] as const

export const reviewsGroup = {
  methods: {
    /** What waits for a review, longest waiting first. `query`: name, pinyin, initials or a whole ID number. */
    pending: method(
      v.strictObject({ query: v.pipe(v.string(), v.maxLength(100)), organizationId: v.nullable(idSchema), cursor }),
      pendingPage,
      [...onlineErrors, 'cursor-expired'],
    ),
    /** One of them, whole; the central service notes who looked. */
    open: method(v.strictObject({ id: idSchema }), pendingResource, [...onlineErrors, 'not-found', 'review-done']),
    /** A piece of a photo or attachment of one that was opened, for a preview. It is kept in memory alone, for a minute. */
    readAttachment: method(
      v.strictObject({ id: idSchema, attachmentId: idSchema, offset: v.pipe(countSchema, v.maxValue(largestAttachment)) }),
      v.strictObject({ chunk: bytesSchema(attachmentChunkSize), size: countSchema }),
      [...onlineErrors, ...ofAttachment],
    ),
    /** 下载 to a place that the reviewer chooses; `saved` is false where they chose none. */
    downloadAttachment: method(
      v.strictObject({ id: idSchema, attachmentId: idSchema }),
      v.strictObject({ saved: v.boolean() }),
      [...onlineErrors, ...ofAttachment, 'dialog-unavailable', 'download-full', 'download-read-only'],
    ),
    /** Decides; `version` and `attachmentsSeq` are the ones that were looked at. Each stands by itself; `problem` says why one was not taken. */
    decide: method(
      v.strictObject({
        decision: reviewDecisionSchema,
        /** Of a refusal; '' otherwise. */
        reason: v.pipe(v.string(), v.maxLength(1_000)),
        registrations: v.pipe(v.array(v.strictObject({ id: idSchema, version: v.pipe(v.number(), v.safeInteger(), v.minValue(1)), attachmentsSeq: attachmentsSeqSchema })), v.minLength(1), v.maxLength(100)),
      }),
      v.strictObject({
        results: v.array(
          v.strictObject({
            id: idSchema,
            problem: v.nullable(v.strictObject({ code: v.picklist(errorCodes), details: v.record(v.string(), v.unknown()) })),
          }),
        ),
      }),
      [...onlineErrors, 'reason-missing', 'reason-too-long', 'reason-has-number'],
    ),
    /** What the own unit decided, newest first. */
    decided: method(v.strictObject({ cursor }), decidedPage, [...onlineErrors, 'cursor-expired']),
    /** What was decided on one of the own registrations, newest first: for the clerk. */
    ofRegistration: method(v.strictObject({ id: idSchema }), reviewListResource, [...onlineErrors, 'not-found']),
  },
  events: {},
} as const
