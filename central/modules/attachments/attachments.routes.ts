import { Readable } from 'node:stream'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { attachmentReceipt } from '../../../shared/api/attachments.ts'
import { implement, type ImplementOptions } from '../../http/implement.ts'
import { writeOnceOf } from '../../write-once.ts'
import type { AttachmentContext, Uploader } from './attachment-context.ts'
import { attachStored, listAttachments, removeAttachment } from './attachments.service.ts'
import { headersOf, openDownload } from './download.service.ts'
import { answerTus, type TusRequest } from './tus.ts'
import { emptyWaste } from './waste.service.ts'

export function registerAttachmentRoutes(app: FastifyInstance, options: ImplementOptions, context: AttachmentContext): void {
  implement(app, options, 'listAttachments', async ({ who, query }) => {
    const registrationId = query.registrationId ?? null
    return { status: 200, body: { registrationId, items: await listAttachments(context, who, registrationId) } }
  })

  implement(app, options, 'attachStored', async ({ who, body, idempotencyKey }) => {
    const write = { key: idempotencyKey, content: { kind: 'attach', ...body }, receipt: attachmentReceipt }
    const receipt = await writeOnceOf(context, who, { ...write, apply: (trx) => attachStored(context, trx, who, body) })
    await clearAway(context)
    return { status: 201, body: receipt }
  })

  implement(app, options, 'removeAttachment', async ({ who, params: { id }, idempotencyKey }) => {
    const write = { key: idempotencyKey, content: { kind: 'remove-attachment', id }, receipt: attachmentReceipt }
    const receipt = await writeOnceOf(context, who, { ...write, apply: (trx) => removeAttachment(context, trx, who, id) })
    await clearAway(context)
    return { status: 200, body: receipt }
  })

  implement(app, options, 'readAttachmentContent', async ({ who, params }) => {
    const download = await openDownload(context, who, params.id)
    return { status: 200, body: null, headers: headersOf(download), stream: Readable.from(download.bytes) }
  })

  const tus = async (method: TusRequest['method'], who: Uploader, request: FastifyRequest) => {
    const bytes = request.body instanceof Readable ? request.body : null
    const { headers } = await answerTus(context, who, { method, path: request.url, headers: request.headers, bytes })
    return headers
  }
  implement(app, options, 'createUpload', async ({ who, request }) => ({ status: 201, body: null, headers: await tus('POST', who, request) }))
  implement(app, options, 'readUpload', async ({ who, request }) => ({ status: 200, body: null, headers: await tus('HEAD', who, request) }))
  implement(app, options, 'appendUpload', async ({ who, request }) => {
    const headers = await tus('PATCH', who, request)
    // The bytes that another upload had already, and the picture that this one replaces.
    if (headers['upload-expires'] === undefined) await clearAway(context)
    return { status: 204, body: null, headers }
  })
  implement(app, options, 'endUpload', async ({ who, request }) => {
    const headers = await tus('DELETE', who, request)
    await clearAway(context)
    return { status: 204, body: null, headers }
  })
}

/** What was asked for is done: where the disk refuses now, the hourly sweep comes back to it. */
async function clearAway(context: AttachmentContext): Promise<void> {
  await emptyWaste(context).catch((error: unknown) => context.log({ level: 'error', message: 'waste', error: error instanceof Error ? error.name : typeof error }))
}
