import type { FastifyInstance } from 'fastify'
import { identityCheckReceipt as receipt } from '../../../shared/api/identity-checks.ts'
import { implement, type ImplementOptions } from '../../http/implement.ts'
import type { ServiceContext } from '../../service-context.ts'
import { writeOnceOf } from '../../write-once.ts'
import { beginIdentityCheck, checksOfRegistration, finishIdentityCheck, listWaitingChecks } from './identity-checks.service.ts'

/** 非人脸核验, for any account of the person's unit. */
export function registerIdentityCheckRoutes(app: FastifyInstance, options: ImplementOptions, context: ServiceContext): void {
  implement(app, options, 'listWaitingIdentityChecks', async ({ who }) => ({ status: 200, body: { items: await listWaitingChecks(context, who) } }))

  implement(app, options, 'listIdentityChecksOfRegistration', async ({ who, params: { id } }) => ({ status: 200, body: await checksOfRegistration(context, who, id) }))

  implement(app, options, 'beginIdentityCheck', async ({ who, params: { id }, body, idempotencyKey }) => {
    // Whose key it is belongs to it: the same key from two people would be one person's word.
    const write = { key: idempotencyKey, content: { kind: 'begin-identity-check', id, accountId: who.accountId, ...body }, receipt }
    return { status: 201, body: await writeOnceOf(context, who, { ...write, apply: (trx) => beginIdentityCheck(context, trx, who, id, body) }) }
  })

  implement(app, options, 'finishIdentityCheck', async ({ who, params: { id }, body, idempotencyKey }) => {
    const write = { key: idempotencyKey, content: { kind: 'finish-identity-check', id, accountId: who.accountId, ...body }, receipt }
    return { status: 200, body: await writeOnceOf(context, who, { ...write, apply: (trx) => finishIdentityCheck(context, trx, who, id, body) }) }
  })
}
