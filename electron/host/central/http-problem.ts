import { AxiosError, type AxiosResponse } from 'axios'
import * as v from 'valibot'
import { problemContentType, problemSchema } from '../../../shared/api/problem.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import { isErrorCode } from '../../../shared/errors/codes.ts'

/** Node's codes for "there is somebody, but not whom we pinned". */
const distrust = /^(CERT_|ERR_TLS|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|ERR_SSL|HOSTNAME_MISMATCH|EPROTO)/

/** What went wrong before there was an answer. The axios error itself is dropped: it carries the request with its token. */
export function networkFailure(error: unknown): AppError {
  if (!(error instanceof AxiosError)) return new AppError('central-unreachable')
  const code = error.code ?? (error.cause as { code?: string } | undefined)?.code ?? ''
  if (distrust.test(code)) return new AppError('central-not-trusted', { reason: code })
  // Half an answer is no answer: the write may have happened, the same key will tell.
  if (error.response) return new AppError('central-reply-invalid')
  return new AppError('central-unreachable', { reason: code })
}

/**
 * What an answer that is no success means. A page that is not ours (a captive portal, a proxy's error page) is never
 * taken for a refusal.
 */
export function refusal(response: AxiosResponse<unknown>): AppError {
  const { status } = response
  const wait = waitAsked(response.headers['retry-after'])
  const problem = isProblem(response) ? v.safeParse(problemSchema, parse(response.data)) : undefined
  if (problem?.success && isErrorCode(problem.output.code)) {
    const { code, details = {} } = problem.output
    if (code === 'internal') return new AppError('central-busy', { status, ...wait })
    return new AppError(code, { ...details, ...wait })
  }
  if (status === 408 || status === 429 || status >= 500) return new AppError('central-busy', { status, ...wait })
  return new AppError('central-reply-invalid', { status })
}

/** An answer to HEAD has no body to say more in. Whoever asks goes on to a request that has one. */
export function refusalOfHead(response: AxiosResponse<unknown>): AppError {
  if (response.status === 404 || response.status === 410) return new AppError('not-found')
  if (response.status === 401) return new AppError('session-missing')
  return refusal(response)
}

/** Retry-After (RFC 9110 10.2.3): seconds, or a date. An hour at most. */
function waitAsked(header: unknown): { retryAfterSeconds?: number } {
  if (typeof header !== 'string' || header.trim() === '') return {}
  const seconds = /^\s*\d+\s*$/.test(header) ? Number(header) : (Date.parse(header) - Date.now()) / 1_000
  return Number.isFinite(seconds) ? { retryAfterSeconds: Math.min(Math.max(Math.ceil(seconds), 0), 3_600) } : {}
}

function isProblem(response: AxiosResponse<unknown>): boolean {
  return String(response.headers['content-type'] ?? '').startsWith(problemContentType)
}

export function parse(data: unknown): unknown {
  if (typeof data !== 'string') return undefined
  try {
    return JSON.parse(data)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
