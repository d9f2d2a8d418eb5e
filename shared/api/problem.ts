import * as v from 'valibot'

/** RFC 9457 problem details with our code. `title` is the Chinese sentence; `type` is `urn:xiushan:problem:<code>`. */
export const problemSchema = v.object({
  type: v.string(),
  title: v.string(),
  status: v.number(),
  code: v.string(),
  retriable: v.boolean(),
  details: v.optional(v.record(v.string(), v.unknown())),
})
export type Problem = v.InferOutput<typeof problemSchema>

export const problemContentType = 'application/problem+json'
