import type { FastifyInstance } from 'fastify'
import type { PushOperation } from '../../../shared/api/resources.ts'
import type { Authentication } from '../../auth/index.ts'
import { implement, type ImplementOptions } from '../../http/implement.ts'
import type { ServiceContext } from '../../service-context.ts'
import { readChanges } from './changes.service.ts'
import { createNewsDesk } from './news-desk.ts'
import { applyPushed } from './push.service.ts'

const usualLimit = 500

export function registerSyncRoutes(app: FastifyInstance, options: ImplementOptions, context: ServiceContext, { checkSubmission }: Pick<Authentication, 'checkSubmission'>): void {
  implement(app, options, 'pushOperations', async ({ who, body, request }) => {
    // Signed is what was sent, not what was read of it.
    const { operations } = request.body as { operations: PushOperation[] }
    await checkSubmission(who, operations, body.proof ? { sent: body.proof, request } : null)
    return { status: 200, body: { epoch: context.epoch, results: await applyPushed(context, who, body.operations) } }
  })

  implement(app, options, 'pullChanges', async ({ who, query }) => ({
    status: 200,
    body: await readChanges(context, who, { after: Number(query.after ?? 0), epoch: query.epoch ?? null, limit: Number(query.limit ?? usualLimit) }),
  }))

  const desk = createNewsDesk(context.db)
  // Before the server waits for what is under way: some of it waits for news.
  app.addHook('preClose', async () => desk.close())
  implement(app, options, 'awaitNews', async ({ who, query }) => ({
    status: 200,
    body: await desk.wait(who.organizationId, { seq: Number(query.after), bindings: query.bindings ?? null }, Number(query.wait ?? 0)),
  }))
}
