import type { Readable } from 'node:stream'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import * as v from 'valibot'
import { centralApi, type CentralApi, type RouteName } from '../../shared/api/index.ts'
import { idempotencyKeySchema } from '../../shared/api/resources.ts'
import type { RouteSpec } from '../../shared/api/route.ts'
import { largestSelfPhoto } from '../../shared/domain/self-registration.ts'
import { AppError } from '../../shared/errors/app-error.ts'
import { listForObject } from '../../shared/wire/lists.ts'
import type { Principal } from '../auth/auth-context.ts'

type Field<R, K extends string> = R extends Record<K, infer S extends v.GenericSchema> ? v.InferOutput<S> : undefined
type Replies<R> = R extends { replies: infer A } ? { [S in keyof A]: A[S] extends v.GenericSchema ? { status: S; body: v.InferInput<A[S]> } : { status: S; body: null } }[keyof A] : never

export interface RouteCall<N extends RouteName> {
  readonly params: Field<CentralApi[N], 'params'>
  readonly query: Field<CentralApi[N], 'query'>
  readonly body: Field<CentralApi[N], 'body'>
  /** Who makes the call. @throws Error on routes without a session */
  readonly who: CentralApi[N]['auth'] extends 'session' ? Principal : null
  /** On routes that write a resource. */
  readonly idempotencyKey: CentralApi[N]['idempotent'] extends true ? string : null
  /** On routes that change one: the version the caller saw. */
  readonly ifMatch: CentralApi[N]['ifMatch'] extends true ? number : null
  readonly request: FastifyRequest
}

export type RouteAnswer<N extends RouteName> = Replies<CentralApi[N]> & {
  headers?: Record<string, string>
  /** On routes that send bytes. */
  stream?: Readable
}
export type Handler<N extends RouteName> = (call: RouteCall<N>) => Promise<RouteAnswer<N>>

export interface ImplementOptions {
  authenticate(request: FastifyRequest): Promise<Principal>
  /** Requests a minute, where the route is limited: of one account on routes with a session, from one address on the others. */
  limits: Partial<Record<RouteName, number>>
}

const kilobyte = 1_024
/** A push carries up to 100 forms, and workstations count characters, of which a Chinese one has 3 bytes; everything else is a form at most. */
const bodyLimits: Partial<Record<RouteName, number>> = { pushOperations: 2_048 * kilobyte, reportReveals: 512 * kilobyte, reviewRegistrations: 512 * kilobyte, decideBindings: 1_024 * kilobyte, sendSelfRegistrationPhoto: largestSelfPhoto }
const usualBodyLimit = 16 * kilobyte
const formBodyLimit = 64 * kilobyte

/** Bytes that the body of a request may have. */
export function bodyLimitOf(name: RouteName): number {
  return bodyLimits[name] ?? (centralApi[name].idempotent ? formBodyLimit : usualBodyLimit)
}

/**
 * Serves one route of the contract: address, validation, authentication, write headers and the shape of the reply all
 * come from there, so that a handler holds only what the route is for.
 */
export function implement<N extends RouteName>(app: FastifyInstance, options: ImplementOptions, name: N, handler: Handler<N>): void {
  const route: RouteSpec = centralApi[name]
  const max = options.limits[name]
  const callers = new WeakMap<FastifyRequest, Principal>()
  app.route({
    method: route.method,
    url: route.path.replace(/\{(\w+)\}/g, ':$1'),
    bodyLimit: bodyLimitOf(name),
    // Before the body is read: a stranger's is not worth parsing.
    onRequest: route.auth === 'session' ? [async (request) => void callers.set(request, await options.authenticate(request))] : [],
    config: {
      ...(route.takesBytes === undefined ? {} : { takesBytes: route.takesBytes }),
      ...(max === undefined ? {} : { rateLimit: { max, timeWindow: 60_000, ...(route.auth === 'session' ? { keyGenerator: accountOf(callers) } : {}) } }),
    },
    handler: async (request, reply) => {
      const call = {
        who: callers.get(request) ?? null,
        params: checked(route.params, request.params, 'params'),
        query: checked(route.query, request.query, 'query'),
        body: route.takesBytes === undefined ? checked(route.body, request.body, 'body') : bytesOf(route.takesBytes, request),
        idempotencyKey: route.idempotent ? idempotencyKeyOf(request) : null,
        ifMatch: route.ifMatch ? ifMatchOf(request) : null,
        request,
      } as unknown as RouteCall<N>
      return send(reply, route, (await handler(call)))
    },
  })
}

/** Clerks of one unit share an address, and a guesser has many. */
const accountOf = (callers: WeakMap<FastifyRequest, Principal>) => (request: FastifyRequest) => callers.get(request)?.accountId ?? request.ip

interface Answer {
  status: number
  body: unknown
  headers?: Record<string, string>
  stream?: Readable
}

function send(reply: FastifyReply, route: RouteSpec, { status, body, headers, stream }: Answer): FastifyReply {
  const schema = route.replies[status]
  void reply.status(status).headers(headers ?? {}).header('cache-control', 'no-store')
  if (!schema) return reply.send(stream)
  // A reply that breaks the contract is our fault and never leaves.
  const checkedBody = v.parse(schema, body)
  return reply.header('content-type', 'application/json; charset=utf-8').send(JSON.stringify(checkedBody))
}

function checked(schema: v.GenericSchema | undefined, value: unknown, where: 'params' | 'query' | 'body'): unknown {
  if (!schema) {
    if (where !== 'params' && isGiven(value)) throw new AppError('request-malformed', { where })
    return undefined
  }
  const parsed = v.safeParse(schema, value ?? undefined)
  const list = parsed.success ? listForObject(value, parsed.output) : undefined
  if (parsed.success && list === undefined) return parsed.output
  // Of a path parameter that is no id nobody asks why: there is no such thing.
  if (where === 'params') throw new AppError('not-found')
  const wrong = parsed.issues?.map((issue) => v.getDotPath(issue) ?? '') ?? [list ?? '']
  throw new AppError('request-malformed', { where, fields: [...new Set(wrong.map((field) => field.slice(0, 80)))].slice(0, 20) })
}

/** Left to the handler, as a stream. @throws AppError content-type-unsupported for any other body, and for none */
function bytesOf(mediaType: string, request: FastifyRequest): undefined {
  if (request.headers['content-type'] !== mediaType) throw new AppError('content-type-unsupported')
}

const isGiven = (value: unknown) => value !== undefined && value !== null && !(typeof value === 'object' && Object.keys(value).length === 0)

function idempotencyKeyOf(request: FastifyRequest): string {
  const parsed = v.safeParse(idempotencyKeySchema, request.headers['idempotency-key'])
  if (!parsed.success) throw new AppError('idempotency-key-missing')
  return parsed.output
}

function ifMatchOf(request: FastifyRequest): number {
  const version = /^"(\d{1,9})"$/.exec(request.headers['if-match'] ?? '')?.[1]
  if (version === undefined) throw new AppError('if-match-missing')
  return Number(version)
}

/** Strong ETag of a version. */
export function etagOf(version: number): string {
  return `"${version}"`
}
