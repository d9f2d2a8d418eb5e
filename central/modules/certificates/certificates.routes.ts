import type { FastifyInstance } from 'fastify'
import { bindingReceipt as receipt } from '../../../shared/api/unit-resources.ts'
import { requireUnitAdmin } from '../../auth/require-unit-admin.ts'
import { implement, type ImplementOptions } from '../../http/implement.ts'
import type { ServiceContext } from '../../service-context.ts'
import { writeOnceOf } from '../../write-once.ts'
import { bindAccount, listCertificates, releaseAccount } from './certificates.service.ts'

/** CA证书 of the own unit. */
export function registerCertificateRoutes(app: FastifyInstance, options: ImplementOptions, context: ServiceContext): void {
  implement(app, options, 'listCertificates', async ({ who }) => ({ status: 200, body: { items: await listCertificates(context, who), mayChange: who.role === 'unit-admin' } }))

  implement(app, options, 'bindAccount', async ({ who, params: { id }, body: { accountId }, idempotencyKey }) => {
    requireUnitAdmin(who)
    const write = { key: idempotencyKey, content: { kind: 'bind-account', id, accountId }, receipt }
    return { status: 200, body: await writeOnceOf(context, who, { ...write, apply: (trx) => bindAccount(context, trx, who, id, accountId) }) }
  })

  implement(app, options, 'releaseAccount', async ({ who, params: { id }, body: { accountId }, idempotencyKey }) => {
    requireUnitAdmin(who)
    const write = { key: idempotencyKey, content: { kind: 'release-account', id, accountId }, receipt }
    return { status: 200, body: await writeOnceOf(context, who, { ...write, apply: (trx) => releaseAccount(context, trx, who, id, accountId) }) }
  })
}
