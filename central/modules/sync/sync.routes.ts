import type { FastifyInstance } from 'fastify'
import type * as v from 'valibot'
import type { PushOperation, pushResult } from '../../../shared/api/resources.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import type { Authentication } from '../../auth/index.ts'
import { statusOf } from '../../http/problem-status.ts'
import { implement, type ImplementOptions } from '../../http/implement.ts'
import type { ServiceContext, Who } from '../../service-context.ts'
import { writeOnce } from '../../write-once.ts'
import { readChanges } from './changes.service.ts'

type PushResult = v.InferOutput<typeof pushResult>

const usualLimit = 500

export function registerSyncRoutes(app: FastifyInstance, options: ImplementOptions, context: ServiceContext, { checkSubmission }: Pick<Authentication, 'checkSubmission'>): void {
  implement(app, options, 'pushOperations', async ({ who, body, request }) => {
    // Signed is what was sent, not what was read of it.
    const { operations } = request.body as { operations: PushOperation[] }
    await checkSubmission(who, operations, body.proof ? { sent: body.proof, request } : null)
    const results: PushResult[] = []
    // One after another: a later operation may build upon an earlier one.
    for (const operation of body.operations) results.push(await applyOne(context, who, operation))
    return { status: 200, body: { epoch: context.epoch, results } }
  })

  implement(app, options, 'pullChanges', async ({ who, query }) => ({
    status: 200,
    body: await readChanges(context, who, { after: Number(query.after ?? 0), epoch: query.epoch ?? null, limit: Number(query.limit ?? usualLimit) }),
  }))
}

/** Each operation is whole or absent by itself; one that is refused does not stop the others. */
async function applyOne(context: ServiceContext, who: Who, operation: PushOperation): Promise<PushResult> {
  const { opId } = operation
  try {
    return { opId, outcome: 'applied', receipt: await writeOnce(context, who, operation) }
  } catch (error) {
    if (!(error instanceof AppError) || statusOf(error.code) === 500) throw error
    return { opId, outcome: 'refused', problem: { code: error.code, retriable: error.retriable, details: { ...error.details } } }
  }
}
