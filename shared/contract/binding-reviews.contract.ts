import * as v from 'valibot'
import { mostBindingDecisions, reviewedBinding, reviewedPeoplePage, reviewedPeopleRequest, reviewedProjectsPage, reviewedProjectsRequest } from '../api/binding-reviews.ts'
import { attachmentsSeqSchema } from '../api/review-resources.ts'
import { largestAttachment } from '../domain/attachments.ts'
import { reviewDecisionSchema } from '../domain/statuses.ts'
import { errorCodes } from '../errors/codes.ts'
import { bytesSchema } from '../wire/bytes.ts'
import { method } from '../wire/contract.ts'
import { attachmentChunkSize } from './attachment-chunk.ts'
import { countSchema, idSchema } from './common.ts'

/** Nothing of this is kept on the workstation: it is people of other units. */
const onlineErrors = [
  'not-signed-in', 'locked', 'review-needs-network', 'forbidden', 'too-many-requests', 'central-not-trusted',
  'session-missing', 'session-password-changed', 'session-expired', 'session-suspended',
] as const
const ofAttachment = ['not-found', 'binding-decided', 'attachment-damaged'] as const
const version = v.pipe(v.number(), v.safeInteger(), v.minValue(1))

/** 项目人员登记绑定审核 (manual 5.4), for accounts with 登记审核 of a project's 实施单位. */
export const bindingReviewsGroup = {
  methods: {
    /** Projects of the own unit with the four counts. */
    projects: method(reviewedProjectsRequest, reviewedProjectsPage, onlineErrors),
    /** People of one of them with one status, longest waiting first. */
    people: method(reviewedPeopleRequest, reviewedPeoplePage, [...onlineErrors, 'not-found', 'cursor-expired']),
    /** One of them; whole while it waits. The central service notes who looked. */
    open: method(v.strictObject({ id: idSchema }), reviewedBinding, [...onlineErrors, 'not-found']),
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
    /** 确认, of up to `mostBindingDecisions`: one decision for all of them, each whole or not taken by itself; `problem` says why one was not. The versions are those that were looked at. */
    decide: method(
      v.strictObject({
        decision: reviewDecisionSchema,
        /** 审核意见 of a refusal; '' otherwise. */
        reason: v.pipe(v.string(), v.maxLength(1_000)),
        people: v.pipe(
          v.array(v.strictObject({ id: idSchema, version, registrationVersion: version, attachmentsSeq: attachmentsSeqSchema })),
          v.minLength(1), v.maxLength(mostBindingDecisions),
        ),
      }),
      v.strictObject({ results: v.array(v.strictObject({ id: idSchema, problem: v.nullable(v.strictObject({ code: v.picklist(errorCodes), details: v.record(v.string(), v.unknown()) })) })) }),
      [...onlineErrors, 'reason-missing', 'reason-too-long', 'reason-has-number'],
    ),
  },
  events: {
    /** Something happened to somebody on one of the own unit's projects. */
    changed: v.strictObject({}),
  },
} as const
