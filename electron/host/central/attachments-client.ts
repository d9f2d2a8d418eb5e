import { randomUUID } from 'node:crypto'
import { tusVersion, uploadMetadataKeys, type AttachmentClaim } from '../../../shared/api/attachments.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import type { CentralHttp } from './central-http.ts'
import type { CentralAttachments } from './central-port.ts'

/** The central service gives each request 30 s: a piece that takes longer is too large for the line. */
const patience = 28_000
const tus = { 'tus-resumable': tusVersion }

/** Attachments at the central service: tus 1.0 over the same pinned connection as everything else (docs/adr). */
export function createAttachmentsClient(http: CentralHttp): CentralAttachments {
  return {
    attachStored: async (claim, signal) => {
      try {
        await http.call('attachStored', { body: claim, headers: { 'idempotency-key': randomUUID() }, signal })
        return true
      } catch (error) {
        if (AppError.is(error, 'attachment-content-unknown')) return false
        throw error
      }
    },
    createUpload: async (claim, signal) => {
      const headers = { ...tus, 'upload-length': String(claim.size), 'upload-metadata': metadataOf(claim) }
      await http.call('createUpload', { headers, signal })
    },
    uploadedBytes: async ({ id, size }, signal) => {
      try {
        const { headers } = await http.call('readUpload', { params: { id }, headers: tus, signal })
        return offsetIn(headers, size)
      } catch (error) {
        if (AppError.is(error, 'not-found')) return null
        throw error
      }
    },
    appendUpload: async ({ id, size }, { offset, bytes, onSent }, signal) => {
      const headers = { ...tus, 'upload-offset': String(offset) }
      const reply = await http.call('appendUpload', { params: { id }, headers, bytes, ...(onSent ? { onSent } : {}), signal, patience })
      return offsetIn(reply.headers, size)
    },
    endUpload: async (id, signal) => {
      await forgetting(http.call('endUpload', { params: { id }, headers: tus, signal }))
    },
    removeAttachment: async (id, signal) => {
      await forgetting(http.call('removeAttachment', { params: { id }, headers: { 'idempotency-key': randomUUID() }, signal }))
    },
    readAttachmentContent: (id, signal) => http.download('readAttachmentContent', { params: { id }, signal }),
  }
}

/** What is not there needs no removing. */
async function forgetting(work: Promise<unknown>): Promise<void> {
  try {
    await work
  } catch (error) {
    if (!AppError.is(error, 'not-found')) throw error
  }
}

/** Whoever stands in between and knows nothing of tus is not believed. */
function offsetIn(headers: Readonly<Record<string, unknown>>, size: number): number {
  const offset = Number(headers['upload-offset'] ?? Number.NaN)
  if (!Number.isSafeInteger(offset) || offset < 0 || offset > size) throw new AppError('central-reply-invalid', { route: 'uploads' })
  return offset
}

function metadataOf(claim: AttachmentClaim): string {
  const present = uploadMetadataKeys.flatMap((key) => {
    const value = claim[key]
    return value === null ? [] : [`${key} ${Buffer.from(value).toString('base64')}`]
  })
  return present.join(',')
}
