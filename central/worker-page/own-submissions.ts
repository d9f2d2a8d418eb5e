import * as v from 'valibot'
import { submissionTokenSchema } from '../../shared/api/self-registrations.ts'
import { kept, type Store } from './store.ts'

/** What was sent from this phone: id and token, and nothing of the person. Who has the token may ask what has become of it. */
const ownSchema = v.strictObject({ id: v.pipe(v.string(), v.uuid()), token: submissionTokenSchema, sentAt: v.number() })
export type OwnSubmission = v.InferOutput<typeof ownSchema>

/** Colleagues share a phone; the oldest one goes. */
const most = 10
/** Days; the central service keeps none longer. */
const keptDays = 120

const keyOf = (code: string) => `sent:${code}`

/** Newest first. */
export function ownSubmissions(store: Store, code: string, now: number): OwnSubmission[] {
  const all = kept(store, keyOf(code), v.array(ownSchema)) ?? []
  return all.filter(({ sentAt }) => now - sentAt < keptDays * 86_400_000)
}

export function noteSubmission(store: Store, code: string, own: OwnSubmission, now: number): void {
  const others = ownSubmissions(store, code, now).filter(({ id }) => id !== own.id)
  store.write(keyOf(code), JSON.stringify([own, ...others].slice(0, most)))
}

export function forgetSubmission(store: Store, code: string, id: string, now: number): void {
  const left = ownSubmissions(store, code, now).filter((other) => other.id !== id)
  if (left.length === 0) store.remove(keyOf(code))
  else store.write(keyOf(code), JSON.stringify(left))
}
