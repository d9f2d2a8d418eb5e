import { Readable } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { AppError } from '../../../shared/errors/app-error.ts'
import type { Principal } from '../../auth/auth-context.ts'
import { etagOf, implement, type ImplementOptions } from '../../http/implement.ts'
import type { AttachmentContext } from '../attachments/attachment-context.ts'
import { headersOf } from '../attachments/download.service.ts'
import { findOwnRegistration } from '../registrations/registration.repository.ts'
import { reviewsOf, toReviewResource } from './reviews.repository.ts'
import { openReviewedAttachment } from './reviewed-attachment.ts'
import { decideAll, listDecided, readPending, searchPending } from './reviews.service.ts'

const usualLimit = 50

/** 登记审核, and what the unit that handed in may know of it. */
export function registerReviewRoutes(app: FastifyInstance, options: ImplementOptions, context: AttachmentContext): void {
  implement(app, options, 'listReviewsOfRegistration', async ({ who, params }) => {
    if (!(await findOwnRegistration(context.db, who.organizationId, params.id))) throw new AppError('not-found')
    return { status: 200, body: { items: (await reviewsOf(context.db, params.id)).map(toReviewResource) } }
  })

  implement(app, options, 'searchPendingRegistrations', async ({ who, body }) => ({ status: 200, body: await searchPending(context, reviewer(who), body) }))

  implement(app, options, 'readPendingRegistration', async ({ who, params }) => {
    const found = await readPending(context, reviewer(who), params.id)
    return { status: 200, body: found, headers: { etag: etagOf(found.version) } }
  })

  implement(app, options, 'readPendingAttachment', async ({ who, params }) => {
    const download = await openReviewedAttachment(context, reviewer(who), params.id, params.attachmentId)
    return { status: 200, body: null, headers: headersOf(download), stream: Readable.from(download.bytes) }
  })

  implement(app, options, 'reviewRegistrations', async ({ who, body }) => ({ status: 200, body: { results: await decideAll(context, reviewer(who), body.decisions) } }))

  implement(app, options, 'listDecidedReviews', async ({ who, query }) => ({
    status: 200,
    body: await listDecided(context, reviewer(who), query.cursor ?? null, Number(query.limit ?? usualLimit)),
  }))
}

function reviewer(who: Principal): Principal {
  if (!who.reviewsRegistrations) throw new AppError('forbidden')
  return who
}
