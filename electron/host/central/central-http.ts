import axios, { type AxiosResponse } from 'axios'
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { Readable } from 'node:stream'
import * as v from 'valibot'
import { centralApi, type CentralApi as Routes } from '../../../shared/api/index.ts'
import type { RouteSpec } from '../../../shared/api/route.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import type { WorkstationConfig } from '../ports.ts'
import { networkFailure, parse, refusal, refusalOfHead } from './http-problem.ts'
import { piecesOf, silenceAfter, textOf } from './byte-stream.ts'

type RouteName = keyof Routes

type BodyOf<R> = R extends { body: infer B extends v.GenericSchema } ? v.InferInput<B> : undefined
type ReplyOf<R> = R extends { replies: infer A } ? { [S in keyof A]: A[S] extends v.GenericSchema ? v.InferOutput<A[S]> : undefined }[keyof A] : never

export interface RouteInput<N extends RouteName> {
  body?: BodyOf<Routes[N]>
  params?: Record<string, string>
  query?: Record<string, string>
  headers?: Record<string, string>
  /** Of a route that takes bytes. */
  bytes?: Uint8Array
  /** Told while `bytes` go out: how many have. */
  onSent?: (bytes: number) => void
  /** Ends the call: nobody waits for its answer any more. */
  signal?: AbortSignal | undefined
  /** ms for the whole call, connecting included; else the client's usual time. */
  patience?: number
  /** ms without a sign of life, where it is meant to be silent. */
  silence?: number
}

export interface CentralHttp {
  readonly origin: string
  call<N extends RouteName>(name: N, input: RouteInput<N>): Promise<{ value: ReplyOf<Routes[N]>; headers: AxiosResponse['headers'] }>
  /**
   * The body of a route that sends bytes, piece by piece as it comes. A line that falls silent ends it.
   * @throws AppError as `call`; also in the middle
   */
  download(name: RouteName, input: Pick<RouteInput<RouteName>, 'params' | 'signal'>): Promise<AsyncIterable<Buffer>>
  close(): void
}

export interface CentralHttpOptions {
  /** ms without a sign of life, and for a whole call that names no other time. */
  timeout?: number
  /** Sent with every call. */
  headers: () => Record<string, string>
}

const maxReplyBytes = 32 << 20

/**
 * Calls routes of the central contract: typed, pinned, with every answer checked against the contract.
 * @throws AppError for everything: see CentralPort
 */
export function createCentralHttp(config: WorkstationConfig, options: CentralHttpOptions): CentralHttp {
  const origin = checkedOrigin(config)
  const { timeout = 10_000 } = options
  const httpsAgent = new HttpsAgent({ keepAlive: true, ...(config.centralCa ? { ca: config.centralCa } : {}) })
  const httpAgent = new HttpAgent({ keepAlive: true })
  const http = axios.create({
    baseURL: origin,
    timeout,
    httpsAgent,
    httpAgent,
    // A proxy or a redirect would take the token to a place that was never pinned.
    proxy: false,
    maxRedirects: 0,
    maxContentLength: maxReplyBytes,
    responseType: 'text',
    transformResponse: (data: unknown) => data,
    validateStatus: () => true,
  })

  return {
    origin,
    call: async (name, input) => {
      const route: RouteSpec = centralApi[name]
      // axios's own time begins once connected, and anew with each byte: a line that swallows everything would never end.
      const deadline = AbortSignal.timeout(input.patience ?? timeout)
      const response = await http
        .request<unknown>({
          method: route.method,
          url: fillPath(route.path, input.params ?? {}),
          params: input.query,
          timeout: input.silence ?? timeout,
          signal: input.signal ? AbortSignal.any([deadline, input.signal]) : deadline,
          data: input.bytes ?? (input.body === undefined ? undefined : JSON.stringify(input.body)),
          ...(input.onSent ? { onUploadProgress: ({ loaded }: { loaded: number }) => input.onSent?.(loaded) } : {}),
          headers: {
            accept: 'application/json, application/problem+json',
            // Without a body axios would call it a form, which the central service refuses.
            'content-type': route.takesBytes ?? (input.body === undefined ? false : 'application/json'),
            ...options.headers(),
            ...input.headers,
          },
        })
        .catch((error: unknown) => {
          throw networkFailure(error)
        })
      if (!Object.hasOwn(route.replies, response.status)) throw route.method === 'HEAD' ? refusalOfHead(response) : refusal(response)
      const schema = route.replies[response.status]
      if (!schema) return { value: undefined as ReplyOf<Routes[typeof name]>, headers: response.headers }
      const isJson = String(response.headers['content-type'] ?? '').startsWith('application/json')
      const reply = v.safeParse(schema, isJson ? parse(response.data) : undefined)
      if (!reply.success) throw new AppError('central-reply-invalid', { route: name })
      return { value: reply.output as ReplyOf<Routes[typeof name]>, headers: response.headers }
    },
    download: async (name, { params = {}, signal }) => {
      const route: RouteSpec = centralApi[name]
      const silence = silenceAfter(timeout)
      const response = await http
        .request<Readable>({
          method: route.method,
          url: fillPath(route.path, params),
          responseType: 'stream',
          signal: signal ? AbortSignal.any([silence.signal, signal]) : silence.signal,
          headers: { 'accept': '*/*', 'content-type': false, ...options.headers() },
        })
        .catch((error: unknown) => {
          silence.end()
          throw networkFailure(error)
        })
      const pieces = piecesOf(response.data, silence)
      if (Object.hasOwn(route.replies, response.status)) return pieces
      throw refusal({ ...response, data: await textOf(pieces) })
    },
    close: () => {
      httpsAgent.destroy()
      httpAgent.destroy()
    },
  }
}

/** @throws Error for a configuration that would send secrets in the clear */
function checkedOrigin({ centralUrl, allowPlainHttp }: WorkstationConfig): string {
  const url = new URL(centralUrl)
  const loopback = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)
  if (url.protocol === 'https:' || (url.protocol === 'http:' && loopback && allowPlainHttp)) return url.origin
  throw new Error('服务器地址必须以 https:// 开头（开发时可用 --allow-plain-http 连接本机）。')
}

function fillPath(path: string, params: Record<string, string>): string {
  return path.replace(/\{(\w+)\}/g, (_whole, name: string) => encodeURIComponent(params[name] ?? ''))
}
