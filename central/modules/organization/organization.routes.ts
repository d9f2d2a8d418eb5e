import type { FastifyInstance } from 'fastify'
import { AppError } from '../../../shared/errors/app-error.ts'
import { etagOf, implement, type ImplementOptions } from '../../http/implement.ts'
import type { ServiceContext } from '../../service-context.ts'
import { findOrganization, toOrganizationResource } from './organization.repository.ts'

export function registerOrganizationRoutes(app: FastifyInstance, options: ImplementOptions, context: ServiceContext): void {
  implement(app, options, 'readOrganization', async ({ who }) => {
    const row = await findOrganization(context.db, who.organizationId)
    if (!row) throw new AppError('not-found')
    return { status: 200, body: toOrganizationResource(row, context.personal), headers: { etag: etagOf(row.version) } }
  })
}
