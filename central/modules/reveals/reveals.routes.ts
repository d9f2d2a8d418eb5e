import type { FastifyInstance } from 'fastify'
import { requireUnitAdmin } from '../../auth/require-unit-admin.ts'
import { implement, type ImplementOptions } from '../../http/implement.ts'
import type { ServiceContext } from '../../service-context.ts'
import { keepReveals, searchReveals } from './reveals.service.ts'

/** The log of masked numbers that somebody looked at. */
export function registerRevealRoutes(app: FastifyInstance, options: ImplementOptions, context: ServiceContext): void {
  implement(app, options, 'reportReveals', async ({ who, body }) => {
    await keepReveals(context, who, body.reveals)
    return { status: 204, body: null }
  })

  implement(app, options, 'searchReveals', async ({ who, body }) => {
    requireUnitAdmin(who)
    return { status: 200, body: await searchReveals(context, who, body) }
  })
}
