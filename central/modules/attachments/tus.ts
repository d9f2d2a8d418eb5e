import type { Readable } from 'node:stream'
import { DataStore, Server, Upload, type ServerOptions } from '@tus/server'
import * as v from 'valibot'
import { attachmentClaim, uploadKeptDays, uploadsPath, type AttachmentClaim } from '../../../shared/api/attachments.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import type { ErrorCode } from '../../../shared/errors/codes.ts'
import type { AttachmentContext, Uploader } from './attachment-context.ts'
import { receive } from './receive.service.ts'
import { createUpload, endUpload, readUpload, type OpenUpload } from './uploads.service.ts'

export interface TusRequest {
  readonly method: 'POST' | 'HEAD' | 'PATCH' | 'DELETE'
  /** Path of the upload, or of all uploads. */
  readonly path: string
  /** As Node gives them, by small names. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** Of a PATCH. */
  readonly bytes: Readable | null
}

/** The others would ask for what is not offered here: another method, an address of somebody's choice, pages of other origins. */
const readHeaders = ['tus-resumable', 'upload-offset', 'upload-length', 'upload-metadata', 'upload-defer-length', 'upload-concat', 'content-type', 'content-length']
const toldHeaders = ['tus-resumable', 'upload-offset', 'upload-length', 'upload-expires', 'location']

/** A request waits for nobody: which of two that bring the same bytes has been faster is seen when they are written down. */
const noLock: ServerOptions['locker'] = { newLock: () => ({ lock: () => Promise.resolve(), unlock: () => Promise.resolve() }) }

/**
 * The tus protocol, spoken by @tus/server over our own store. The bytes go past it, straight from the request into the sealed
 * files, and whatever is refused is a problem of our list.
 * @throws AppError
 */
export async function answerTus(context: AttachmentContext, who: Uploader, { method, path, headers, bytes }: TusRequest): Promise<{ status: number; headers: Record<string, string> }> {
  let refusal: unknown
  const server = new Server({
    path: uploadsPath,
    relativeLocation: true,
    locker: noLock,
    datastore: new AttachmentStore(context, who, bytes),
    namingFunction: (_request, metadata) => {
      if (!metadata?.['id']) throw new AppError('request-malformed', { where: 'headers', fields: ['id'] })
      return metadata['id']
    },
    onResponseError: (_request, error) => {
      refusal = error
      return undefined
    },
  })
  const asked = readHeaders.flatMap((name) => (typeof headers[name] === 'string' ? [[name, headers[name]] as [string, string]] : []))
  const response = await server.handleWeb(new Request(new URL(path, 'http://localhost'), { method, headers: asked }))
  if (response.status < 400) return { status: response.status, headers: Object.fromEntries([...response.headers].filter(([name]) => toldHeaders.includes(name))) }
  throw refusal instanceof Error ? refusal : new AppError(refusals[response.status] ?? 'request-malformed')
}

/** What the protocol itself refuses. */
const refusals: Readonly<Record<number, ErrorCode>> = { 404: 'not-found', 409: 'attachment-offset-wrong', 413: 'attachment-size-wrong' }

/** The uploads of one unit during one request. */
class AttachmentStore extends DataStore {
  readonly #context: AttachmentContext
  readonly #who: Uploader
  readonly #bytes: Readable | null
  #open: OpenUpload | null = null

  constructor(context: AttachmentContext, who: Uploader, bytes: Readable | null) {
    super()
    ;[this.#context, this.#who, this.#bytes] = [context, who, bytes]
    this.extensions = ['creation', 'termination', 'expiration']
  }

  override async create(upload: Upload): Promise<Upload> {
    await createUpload(this.#context, this.#who, claimOf(upload))
    upload.creation_date = this.#context.clock.now().toISOString()
    return upload
  }

  override async getUpload(id: string): Promise<Upload> {
    const { size, offset, touchedAt, open } = await readUpload(this.#context, this.#who, id)
    this.#open = open
    return new Upload({ id, size, offset, ...(touchedAt === null ? {} : { creation_date: touchedAt }) })
  }

  override async write(_passedBy: Readable, _id: string, offset: number): Promise<number> {
    return this.#open && this.#bytes ? receive(this.#context, this.#who, this.#open, this.#bytes) : offset
  }

  override remove(id: string): Promise<void> {
    return endUpload(this.#context, this.#who, id)
  }

  override getExpiration(): number {
    return uploadKeptDays * 86_400_000
  }
}

/** @throws AppError request-malformed with the names of what is wrong */
function claimOf({ metadata = {}, size }: Upload): AttachmentClaim {
  const said = { registrationId: null, proofDate: null, ...metadata, size }
  const parsed = v.safeParse(attachmentClaim, said)
  if (parsed.success) return parsed.output
  const fields = parsed.issues.map((issue) => (v.getDotPath(issue) ?? '').slice(0, 40))
  throw new AppError('request-malformed', { where: 'headers', fields: [...new Set(fields)].slice(0, 20) })
}

