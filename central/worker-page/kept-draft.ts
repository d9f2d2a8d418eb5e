import * as v from 'valibot'
import { submissionTokenSchema } from '../../shared/api/self-registrations.ts'
import { selfRegistrationTextsSchema } from '../../shared/domain/self-registration.ts'
import { kept, type Store } from './store.ts'

/**
 * What a worker has typed, on this phone alone, for a day: a line on a building site breaks. By the code of the poster; gone once it
 * has been sent. The only place where a page of ours keeps such data.
 */
export const draftHours = 24

const sendingSchema = v.strictObject({
  /** Of the submission: the same ones with every try. */
  id: v.pipe(v.string(), v.uuid()),
  token: submissionTokenSchema,
  /** Of what was sent: something else is another submission. */
  stamp: v.string(),
})
export type Sending = v.InferOutput<typeof sendingSchema>

const draftSchema = v.strictObject({
  savedAt: v.number(),
  texts: selfRegistrationTextsSchema,
  /** ISO; null: not agreed to. */
  consentAt: v.nullable(v.string()),
  sending: v.nullable(sendingSchema),
})
export type Draft = Omit<v.InferOutput<typeof draftSchema>, 'savedAt'>

const prefix = 'draft:'

export function isExpired(savedAt: number, now: number): boolean {
  // A clock that was set back must not keep it for ever.
  return now - savedAt >= draftHours * 3_600_000 || savedAt - now > 3_600_000
}

export function readDraft(store: Store, code: string, now: number): Draft | null {
  const found = kept(store, prefix + code, draftSchema)
  if (!found || isExpired(found.savedAt, now)) return null
  const { savedAt: _, ...draft } = found
  return draft
}

export function keepDraft(store: Store, code: string, draft: Draft, now: number): boolean {
  return store.write(prefix + code, JSON.stringify({ ...draft, savedAt: now }))
}

export function dropDraft(store: Store, code: string): void {
  store.remove(prefix + code)
}

/** Of whatever code. */
export function dropExpiredDrafts(store: Store, now: number): void {
  for (const key of store.keys()) {
    if (!key.startsWith(prefix)) continue
    const found = kept(store, key, draftSchema)
    if (!found || isExpired(found.savedAt, now)) store.remove(key)
  }
}
