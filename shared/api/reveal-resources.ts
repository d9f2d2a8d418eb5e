import * as v from 'valibot'
import { revealedFieldSchema, revealReasonSchema } from '../domain/reveals.ts'
import { cursorSchema, idSchema, instantSchema } from './resources.ts'

/** That somebody looked at a masked number; never the number. */
export const revealReport = v.strictObject({
  /** Made where it was looked at, and the key under which it is kept once. */
  id: idSchema,
  registrationId: idSchema,
  field: revealedFieldSchema,
  reason: revealReasonSchema,
  /** In their own words; may be ''. */
  words: v.pipe(v.string(), v.maxLength(1_000)),
  /** Who looked: another clerk of the unit may be the one whose session tells it. */
  accountId: idSchema,
  at: instantSchema,
  /** It left the program in a file (导出); noted by an earlier version of the program, it did not. */
  exported: v.optional(v.boolean(), false),
})
export type RevealReport = v.InferOutput<typeof revealReport>
export const revealsRequest = v.strictObject({ reveals: v.pipe(v.array(revealReport), v.minLength(1), v.maxLength(100)) })

const dateSchema = v.nullable(v.pipe(v.string(), v.isoDate()))

export const revealSearchRequest = v.strictObject({
  /** Days in Shanghai, both included; null: open. */
  from: dateSchema,
  to: dateSchema,
  /** Who looked. */
  accountId: v.nullable(idSchema),
  /** Part of the name of whose number it was; '' for all. In the body: nothing personal stands in an address. */
  name: v.pipe(v.string(), v.maxLength(100)),
  cursor: v.nullable(cursorSchema),
})

export const revealItem = v.strictObject({
  id: idSchema,
  at: instantSchema,
  /** When the central service was told: later, where it was looked at offline. */
  receivedAt: instantSchema,
  registrationId: idSchema,
  /** Null: never handed in, or gone. */
  name: v.nullable(v.string()),
  field: revealedFieldSchema,
  reason: revealReasonSchema,
  words: v.string(),
  exported: v.boolean(),
  displayName: v.string(),
  /** Whose session told it, where that was another. */
  toldBy: v.nullable(v.string()),
})

export const revealPage = v.strictObject({
  items: v.array(revealItem),
  next: v.nullable(v.string()),
  /** Everybody who may have looked. */
  accounts: v.array(v.strictObject({ id: idSchema, displayName: v.string() })),
})
