import * as v from 'valibot'
import { revealPage, revealSearchRequest } from '../api/reveal-resources.ts'
import { revealedFieldSchema, revealReasonSchema } from '../domain/reveals.ts'
import { method } from '../wire/contract.ts'
import { countSchema, idSchema } from './common.ts'

export const revealsGroup = {
  methods: {
    /**
     * One masked number, for a reason, to be shown for `seconds`. That it was looked at is durable here before this answers, and
     * goes to the central service with the next sync.
     */
    show: method(
      v.strictObject({ id: idSchema, field: revealedFieldSchema, reason: revealReasonSchema, words: v.pipe(v.string(), v.maxLength(1_000)) }),
      v.strictObject({ value: v.string(), seconds: countSchema }),
      ['not-signed-in', 'locked', 'not-found', 'reason-missing', 'reason-too-long', 'reason-has-number', 'local-full', 'local-read-only', 'local-busy'],
    ),
    /** The unit's log of that, newest first: for its 单位管理员. */
    search: method(revealSearchRequest, revealPage, [
      'not-signed-in', 'locked', 'central-needed', 'forbidden', 'cursor-expired', 'too-many-requests', 'central-not-trusted',
      'session-missing', 'session-password-changed', 'session-expired', 'session-suspended',
    ]),
  },
  events: {},
} as const
