import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { AppError } from '../../../shared/errors/app-error.ts'
import type { Principal } from '../../auth/auth-context.ts'
import { etagOf, implement, type ImplementOptions } from '../../http/implement.ts'
import type { AttachmentContext } from '../attachments/attachment-context.ts'
import { headersOf } from '../attachments/download.service.ts'
import { openBindingAttachment, readBinding, searchPeople, searchProjects } from './binding-reviews.service.ts'
import { decideAll } from './decide-bindings.ts'

/** 项目人员登记绑定审核. */
export function registerBindingReviewRoutes(app: FastifyInstance, options: ImplementOptions, context: AttachmentContext): void {
  implement(app, options, 'searchReviewedProjects', async ({ who, body }) => ({ status: 200, body: await searchProjects(context, reviewer(who), body) }))

  implement(app, options, 'searchReviewedPeople', async ({ who, body }) => ({ status: 200, body: await searchPeople(context, reviewer(who), body) }))

  implement(app, options, 'readReviewedBinding', async ({ who, params }) => {
    const found = await readBinding(context, reviewer(who), params.id)
    return { status: 200, body: found, headers: { etag: etagOf(found.version) } }
  })

  implement(app, options, 'readReviewedBindingAttachment', async ({ who, params }) => {
    const download = await openBindingAttachment(context, reviewer(who), params.id, params.attachmentId)
    return { status: 200, body: null, headers: headersOf(download), stream: Readable.from(download.bytes) }
  })

  implement(app, options, 'decideBindings', async ({ who, body }) => ({ status: 200, body: { results: await decideAll(context, reviewer(who), body.decisions) } }))
}

/** The same duty as for registrations: whole records of other units' people are seen here too (ADR 0033). */
function reviewer(who: Principal): Principal {
  if (!who.reviewsRegistrations) throw new AppError('forbidden')
  return who
}
