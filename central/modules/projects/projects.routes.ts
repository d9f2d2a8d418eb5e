import type { FastifyInstance } from 'fastify'
import { projectReceipt as receipt } from '../../../shared/api/projects.ts'
import { implement, type ImplementOptions } from '../../http/implement.ts'
import type { ServiceContext } from '../../service-context.ts'
import { writeOnceOf } from '../../write-once.ts'
import { boundPeople } from './bound-people.ts'
import { linkedProjects } from './project.repository.ts'
import { linkProject, lookUpProject, unlinkProject } from './projects.service.ts'

export function registerProjectRoutes(app: FastifyInstance, options: ImplementOptions, context: ServiceContext): void {
  implement(app, options, 'lookUpProject', async ({ who, body: { projectNo } }) => ({ status: 200, body: await lookUpProject(context, who, projectNo) }))

  implement(app, options, 'listProjects', async ({ who }) => ({ status: 200, body: { items: await linkedProjects(context.db, boundPeople, who.organizationId) } }))

  implement(app, options, 'linkProject', async ({ who, body: { projectId }, idempotencyKey }) => {
    const write = { key: idempotencyKey, content: { kind: 'link-project', projectId }, receipt }
    return { status: 201, body: await writeOnceOf(context, who, { ...write, apply: (trx) => linkProject(context, trx, who, projectId) }) }
  })

  implement(app, options, 'unlinkProject', async ({ who, params: { id }, idempotencyKey }) => {
    const write = { key: idempotencyKey, content: { kind: 'unlink-project', id }, receipt }
    return { status: 200, body: await writeOnceOf(context, who, { ...write, apply: (trx) => unlinkProject(context, trx, boundPeople, who, id) }) }
  })
}
