import type { FastifyInstance } from 'fastify'
import { versionReceipt } from '../../../shared/api/unit-resources.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import { requireUnitAdmin } from '../../auth/require-unit-admin.ts'
import { etagOf, implement, type ImplementOptions } from '../../http/implement.ts'
import type { ServiceContext } from '../../service-context.ts'
import { writeOnceOf } from '../../write-once.ts'
import { findOrganization, toOrganizationResource } from './organization.repository.ts'
import { patchOrganization } from './organization.service.ts'

/** 企业基本信息 of the own unit. */
export function registerOrganizationRoutes(app: FastifyInstance, options: ImplementOptions, context: ServiceContext): void {
  implement(app, options, 'readOrganization', async ({ who }) => {
    const row = await findOrganization(context.db, who.organizationId)
    if (!row) throw new AppError('not-found')
    return { status: 200, body: toOrganizationResource(row, context.personal), headers: { etag: etagOf(row.version) } }
  })

  implement(app, options, 'patchOrganization', async ({ who, body: { changes }, idempotencyKey, ifMatch }) => {
    requireUnitAdmin(who)
    const write = { key: idempotencyKey, content: { kind: 'patch-organization', version: ifMatch, changes }, receipt: versionReceipt }
    const receipt = await writeOnceOf(context, who, { ...write, apply: (trx) => patchOrganization(context, trx, who, { version: ifMatch, changes }) })
    return { status: 200, body: receipt, headers: { etag: etagOf(receipt.version) } }
  })
}
