import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import * as v from 'valibot'
import { settlementReceipt, submissionTokenSchema } from '../../../shared/api/self-registrations.ts'
import { readPosterCode } from '../../../shared/domain/poster-code.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import { implement, type ImplementOptions } from '../../http/implement.ts'
import { writeOnceOf } from '../../write-once.ts'
import type { AttachmentContext } from '../attachments/attachment-context.ts'
import { emptyWaste } from '../attachments/waste.service.ts'
import { readOwnState } from './own-state.service.ts'
import { keepSelfPhoto } from './photos.service.ts'
import { openPosterCode, submitSelfRegistration } from './submit.service.ts'
import { settleSelfRegistration } from './settle.service.ts'
import { listWaiting, readWaiting, readWaitingPhoto } from './waiting.service.ts'
import { newWork } from './work.service.ts'

/** Of one code within an hour: a poster on the fence of a site is photographed and passed on. */
export const usualSubmissionsPerCode = 300

export function registerSelfRegistrationRoutes(app: FastifyInstance, options: ImplementOptions, context: AttachmentContext, submissionsPerCode = usualSubmissionsPerCode): void {
  // However it was spelled: a code that is copied by hand has many spellings.
  const limitOfCode = app.createRateLimit({ max: submissionsPerCode, timeWindow: 3_600_000, keyGenerator: (request) => `code ${readPosterCode((request.body as { code: string }).code) ?? ''}` })

  implement(app, options, 'openPosterCode', async ({ params: { code } }) => ({ status: 200, body: await openPosterCode(context, code) }))

  implement(app, options, 'createWorkChallenge', async () => ({ status: 201, body: await newWork(context) }))

  implement(app, options, 'submitSelfRegistration', async ({ body, request }) => {
    const requireRoom = async () => {
      const limit = await limitOfCode(request)
      if (!limit.isAllowed && limit.isExceeded) throw new AppError('too-many-requests')
    }
    return { status: 201, body: await submitSelfRegistration(context, body, requireRoom) }
  })

  implement(app, options, 'sendSelfRegistrationPhoto', async ({ params: { id, photo }, request }) => {
    const bytes = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
    const receipt = await keepSelfPhoto(context, { id, photo, bytes, token: tokenOf(request) })
    if (receipt.missing.length === 0) await emptyWaste(context).catch((error: unknown) => context.log({ level: 'error', message: 'waste', error: error instanceof Error ? error.name : typeof error }))
    return { status: 200, body: receipt }
  })

  implement(app, options, 'readOwnSelfRegistration', async ({ params: { id }, request }) => ({ status: 200, body: await readOwnState(context, id, tokenOf(request)) }))

  implement(app, options, 'listSelfRegistrations', async ({ who, query: { projectId } }) => ({ status: 200, body: { items: await listWaiting(context, who, projectId) } }))

  implement(app, options, 'readSelfRegistration', async ({ who, params: { id } }) => ({ status: 200, body: await readWaiting(context, who, id) }))

  implement(app, options, 'readSelfRegistrationPhoto', async ({ who, params: { id, photo } }) => {
    const bytes = await readWaitingPhoto(context, who, id, photo)
    const headers = { 'content-type': 'image/jpeg', 'content-length': String(bytes.length), 'content-disposition': 'attachment', 'x-content-type-options': 'nosniff' }
    return { status: 200, body: null, headers, stream: Readable.from([bytes]) }
  })

  implement(app, options, 'settleSelfRegistration', async ({ who, params: { id }, body, idempotencyKey }) => {
    const write = { key: idempotencyKey, content: { kind: 'settle-self-registration', id, ...body }, receipt: settlementReceipt }
    return { status: 200, body: await writeOnceOf(context, who, { ...write, apply: (trx) => settleSelfRegistration(context, trx, who, id, body) }) }
  })
}

/** One that can be no token is like one of another phone. */
function tokenOf(request: FastifyRequest): string {
  const token = v.safeParse(submissionTokenSchema, request.headers['submission-token'])
  if (!token.success) throw new AppError('not-found')
  return token.output
}
