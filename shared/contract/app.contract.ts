import * as v from 'valibot'
import { method } from '../wire/contract.ts'
import { done, noInput } from './common.ts'

/** Where the clerk is in the program, so that a restart opens there. A router path, never with personal data in it. */
export const placeSchema = v.pipe(v.string(), v.maxLength(200), v.regex(/^\/[\w\-/?=&%.]*$/))

export const appInfoSchema = v.strictObject({
  shell: v.picklist(['electron', 'browser']),
  version: v.string(),
  /** How the local keys are kept, in a word for the 关于 panel: `safeStorage`, or `keyfile` in the browser shell. */
  secretBackend: v.string(),
  centralUrl: v.string(),
})

export const appGroup = {
  methods: {
    info: method(noInput, appInfoSchema),
    /** Remembers the place; only while signed in. */
    keepPlace: method(v.strictObject({ place: placeSchema }), done, ['not-signed-in', 'locked']),
  },
  events: {},
} as const
