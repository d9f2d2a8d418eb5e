import type * as v from 'valibot'
import type { ErrorCode } from '../errors/codes.ts'

type Schema = v.GenericSchema<unknown, unknown>

/** One route of the central API. The server's validation, the client's types and the OpenAPI document derive from it. */
export interface RouteSpec {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PATCH' | 'DELETE'
  /** Path parameters as `{name}`. */
  readonly path: string
  readonly summary: string
  readonly tag: 'sign-in' | 'session' | 'organization' | 'registrations' | 'attachments' | 'transfers' | 'projects' | 'poster-codes' | 'self-registrations' | 'identity-checks' | 'binding-reviews' | 'reviews' | 'reveals' | 'sync' | 'service'
  /** `none` only for sign-in and service routes, and for what a worker's phone asks. */
  readonly auth: 'none' | 'session'
  /** True on every write of a resource: wants `Idempotency-Key`. Never on sign-in, challenge or session routes. */
  readonly idempotent: boolean
  /** True on every update and removal of a resource: wants `If-Match` with the ETag last seen. */
  readonly ifMatch: boolean
  readonly params?: Schema
  readonly query?: Schema
  readonly body?: Schema
  /** Further headers that a request must have, by their names. */
  readonly headers?: v.LooseObjectSchema<Readonly<Record<string, Schema>>, undefined>
  /** Media type of a body that is bytes and no JSON. */
  readonly takesBytes?: string
  /** The reply's body is bytes, of the media type that its headers tell. */
  readonly sendsBytes?: true
  /** Successful replies by status; null for one without a body. */
  readonly replies: Readonly<Record<number, Schema | null>>
  /** The problems this route may answer with besides the ones every route may. */
  readonly problems: readonly ErrorCode[]
}

export const route = <const R extends RouteSpec>(spec: R): R => spec
