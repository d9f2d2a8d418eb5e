import type { FastifyError, FastifyInstance, FastifyReply } from 'fastify'
import { problemContentType, type Problem } from '../../shared/api/problem.ts'
import { AppError } from '../../shared/errors/app-error.ts'
import { isUnavailable } from '../database/constraint.ts'
import { statusOf } from './problem-status.ts'

/** RFC 9457 problem details in Chinese, as they go out. */
export function problemOf(error: AppError): { status: number; text: string; told: AppError } {
  const status = statusOf(error.code)
  const told = status === 500 ? new AppError('internal') : error
  const problem: Problem = {
    type: `urn:xiushan:problem:${told.code}`,
    title: told.sentence,
    status,
    code: told.code,
    retriable: told.retriable,
    details: { ...told.details },
  }
  return { status, text: JSON.stringify(problem), told }
}

export function sendProblem(reply: FastifyReply, error: AppError): FastifyReply {
  const { status, text, told } = problemOf(error)
  const seconds = told.details['seconds']
  if (status === 429 && typeof seconds === 'number') void reply.header('retry-after', String(Math.ceil(seconds)))
  return reply.status(status).header('content-type', problemContentType).header('cache-control', 'no-store').send(text)
}

/** Makes every failure of the service a problem, the framework's own included. Of what was not foreseen nothing is told. */
export function installProblems(app: FastifyInstance, report: (error: unknown, route: string) => void): void {
  app.setErrorHandler((error: FastifyError | AppError | Error, request, reply) => {
    const foreseen = error instanceof AppError ? error : frameworkProblem(error)
    const told = foreseen ?? new AppError(isUnavailable(error) ? 'central-busy' : 'internal')
    if (statusOf(told.code) >= 500) report(foreseen?.cause ?? error, request.routeOptions.url ?? '')
    return sendProblem(reply, told)
  })
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?')[0] ?? ''
    const other = (['GET', 'POST', 'PATCH', 'DELETE'] as const).filter((method) => app.findRoute({ method, url: path }) !== null)
    if (other.length === 0) return sendProblem(reply, new AppError('not-found'))
    void reply.header('allow', other.join(', '))
    return sendProblem(reply, new AppError('method-not-allowed'))
  })
}

/** What the framework refuses before any route is found, such as an address that cannot be read. */
export function sendFrameworkProblem(error: Error, reply: FastifyReply): FastifyReply {
  return sendProblem(reply, frameworkProblem(error) ?? new AppError('internal'))
}

function frameworkProblem(error: Error): AppError | undefined {
  const { code, statusCode } = error as Partial<FastifyError>
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE') return new AppError('request-too-large')
  if (code === 'FST_ERR_CTP_INVALID_MEDIA_TYPE') return new AppError('content-type-unsupported')
  if (statusCode === 429) return new AppError('too-many-requests')
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) return new AppError('request-malformed')
  return undefined
}
