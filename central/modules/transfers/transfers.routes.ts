import type { FastifyInstance } from 'fastify'
import type { Authentication } from '../../auth/index.ts'
import { etagOf, implement, type ImplementOptions } from '../../http/implement.ts'
import type { ServiceContext } from '../../service-context.ts'
import { writeOnce, writeOnceOf } from '../../write-once.ts'
import type { PushOperation } from '../../../shared/api/resources.ts'
import { transferReceipt as receipt } from '../../../shared/api/transfers.ts'
import { transferIn } from './transfer-in.service.ts'
import { askTransfer, listRequests, refuseTransfer, withdrawTransfer } from './transfer-requests.service.ts'

export function registerTransferRoutes(app: FastifyInstance, options: ImplementOptions, context: ServiceContext, { checkSubmission }: Pick<Authentication, 'checkSubmission'>): void {
  implement(app, options, 'transferOut', async ({ who, params, body, idempotencyKey, ifMatch }) => {
    const operation: PushOperation = { kind: 'transfer-out', opId: idempotencyKey, id: params.id, baseVersion: ifMatch, departure: body }
    // A single write carries no signature: where one is wanted, it goes through the sync.
    await checkSubmission(who, [operation], null)
    const written = await writeOnce(context, who, operation)
    return { status: 200, body: written, headers: { etag: etagOf(written.version) } }
  })

  implement(app, options, 'listTransferRequests', async ({ who }) => ({ status: 200, body: await listRequests(context, who) }))

  implement(app, options, 'askTransfer', async ({ who, body, idempotencyKey }) => ({
    status: 201,
    body: await writeOnceOf(context, who, { key: idempotencyKey, content: { kind: 'ask-transfer', ...body }, receipt, apply: (trx) => askTransfer(context, trx, who, body) }),
  }))

  implement(app, options, 'refuseTransfer', async ({ who, params, body, idempotencyKey }) => ({
    status: 200,
    body: await writeOnceOf(context, who, { key: idempotencyKey, content: { kind: 'refuse-transfer', id: params.id, ...body }, receipt, apply: (trx) => refuseTransfer(context, trx, who, { id: params.id, ...body }) }),
  }))

  implement(app, options, 'withdrawTransfer', async ({ who, params, idempotencyKey }) => ({
    status: 200,
    body: await writeOnceOf(context, who, { key: idempotencyKey, content: { kind: 'withdraw-transfer', id: params.id }, receipt, apply: (trx) => withdrawTransfer(context, trx, who, params.id) }),
  }))

  implement(app, options, 'transferIn', async ({ who, body }) => ({ status: 200, body: { values: await transferIn(context, who, body) } }))
}
