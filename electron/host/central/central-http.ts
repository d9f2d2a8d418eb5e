import axios, { type AxiosResponse } from 'axios'
import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import * as v from 'valibot'
import { centralApi, type CentralApi, type RouteName } from '../../../shared/api/index.ts'
import type { RouteSpec } from '../../../shared/api/route.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import type { WorkstationConfig } from '../ports.ts'
import { networkFailure, parse, refusal } from './http-problem.ts'

type BodyOf<R> = R extends { body: infer B extends v.GenericSchema } ? v.InferInput<B> : undefined
type ReplyOf<R> = R extends { replies: infer A } ? { [S in keyof A]: A[S] extends v.GenericSchema ? v.InferOutput<A[S]> : undefined }[keyof A] : never

export interface RouteInput<N extends RouteName> {
  body?: BodyOf<CentralApi[N]>
  params?: Record<string, string>
  query?: Record<string, string>
  headers?: Record<string, string>
  /** Ends the call: nobody waits for its answer any more. */
  signal?: AbortSignal | undefined
  /** ms for the whole call, connecting included; else the client's usual time. */
  patience?: number
}

export interface CentralHttp {
  readonly origin: string
  call<N extends RouteName>(name: N, input: RouteInput<N>): Promise<{ value: ReplyOf<CentralApi[N]>; headers: AxiosResponse['headers'] }>
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
          signal: input.signal ? AbortSignal.any([deadline, input.signal]) : deadline,
          data: input.body === undefined ? undefined : JSON.stringify(input.body),
          headers: {
            accept: 'application/json, application/problem+json',
            // Without a body axios would call it a form, which the central service refuses.
            'content-type': input.body === undefined ? false : 'application/json',
            ...options.headers(),
            ...input.headers,
          },
        })
        .catch((error: unknown) => {
          throw networkFailure(error)
        })
      if (!Object.hasOwn(route.replies, response.status)) throw refusal(response)
      const schema = route.replies[response.status]
      if (!schema) return { value: undefined as ReplyOf<CentralApi[typeof name]>, headers: response.headers }
      const isJson = String(response.headers['content-type'] ?? '').startsWith('application/json')
      const reply = v.safeParse(schema, isJson ? parse(response.data) : undefined)
      if (!reply.success) throw new AppError('central-reply-invalid', { route: name })
      return { value: reply.output as ReplyOf<CentralApi[typeof name]>, headers: response.headers }
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
