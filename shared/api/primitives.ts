import * as v from 'valibot'

export const idSchema = v.pipe(v.string(), v.uuid())
export const instantSchema = v.pipe(v.string(), v.isoTimestamp())
export const idempotencyKeySchema = v.pipe(v.string(), v.regex(/^[\w-]{16,64}$/))
