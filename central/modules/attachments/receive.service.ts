import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { contentHeadBytes, kindOfContent, kindOfMediaType } from '../../../shared/domain/attachments.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import { inTransaction } from '../../database/transaction.ts'
import { contentKeyOf, type AttachmentContext, type Progress, type Uploader } from './attachment-context.ts'
import type { Part, PartWriter } from './content-files.ts'
import { insertPart } from './contents.repository.ts'
import { diskFull } from './disk-full.ts'
import { finishUpload } from './finish.service.ts'
import type { ContentKey } from './sealed-bytes.ts'
import { touchUpload } from './upload.repository.ts'
import { dropUpload, type OpenUpload } from './uploads.service.ts'

/** So many bytes are sent again at most after a kill, however large the pieces are in which they come. */
const partBytes = 8 << 20
/** Uploads whose hash is kept at hand; of the others what is here is read once more at the end. */
const mostInProgress = 1_000

/**
 * Takes the bytes that follow what is here. Where the line breaks, what has come is kept; with the last byte the attachment is made.
 * @returns bytes that are here now
 * @throws AppError attachment-offset-wrong where another request was faster; the upload is given up with attachment-size-wrong,
 * attachment-kind-refused and whatever `finishUpload` finds; attachment-disk-full
 */
export async function receive(context: AttachmentContext, who: Uploader, open: OpenUpload, bytes: Readable): Promise<number> {
  const receiving = new Receiving(context, who, open)
  try {
    await pour(bytes, receiving)
    return await receiving.end()
  } catch (error) {
    await receiving.giveUp(error)
    throw diskFull(error) ?? error
  }
}

/** Until the end of the request, or of the line: what has come counts either way. */
async function pour(bytes: Readable, receiving: Receiving): Promise<void> {
  const chunks = bytes.iterator({ destroyOnReturn: false }) as AsyncIterableIterator<Buffer>
  try {
    for (;;) {
      const next = await chunks.next().catch(() => undefined)
      if (!next || next.done) return
      await receiving.take(next.value)
    }
  } finally {
    // Where not everything was wanted the rest is let go by: whoever is still sending would not read the answer.
    await chunks.return?.()
    bytes.resume()
  }
}

class Receiving {
  readonly #context: AttachmentContext
  readonly #who: Uploader
  readonly #open: OpenUpload
  readonly #content: ContentKey
  readonly #parts: Part[]
  /** Undefined where another process has received what is here. */
  #progress: Progress | undefined
  #durable: Promise<void>[]
  #offset: number
  #part: PartWriter | undefined
  #head = Buffer.alloc(0)

  constructor(context: AttachmentContext, who: Uploader, open: OpenUpload) {
    ;[this.#context, this.#who, this.#open, this.#offset, this.#parts] = [context, who, open, open.offset, [...open.parts]]
    this.#content = contentKeyOf(context.personal, open.row)
    const known = context.progress.get(this.#content.contentId)
    // Nobody else goes on with it meanwhile.
    context.progress.delete(this.#content.contentId)
    this.#progress = open.offset === 0 ? { hash: createHash('sha256'), bytes: 0, durable: [] } : known?.bytes === open.offset ? known : undefined
    this.#durable = [...(this.#progress?.durable ?? [])]
  }

  async take(chunk: Buffer): Promise<void> {
    const { size } = this.#open.row
    if (chunk.length === 0) return
    if (this.#offset + (this.#part?.size ?? 0) + chunk.length > size) throw new AppError('attachment-size-wrong')
    this.#part ??= await this.#context.files.startPart(this.#content, this.#offset)
    this.#look(chunk)
    await this.#part.add(chunk)
    this.#progress?.hash.update(chunk)
    if (this.#part.size >= partBytes && this.#offset + this.#part.size < size) await this.#keep()
  }

  /** Early, so that nobody sends a hundred megabytes for nothing; `finishUpload` looks once more. */
  #look(chunk: Buffer): void {
    if (this.#offset > 0 || this.#head.length >= contentHeadBytes) return
    this.#head = Buffer.concat([this.#head, chunk.subarray(0, contentHeadBytes)])
    if (this.#head.length < contentHeadBytes) return
    if (kindOfContent(this.#head) !== kindOfMediaType(this.#open.row.media_type)) throw new AppError('attachment-kind-refused')
  }

  async #close(): Promise<Part | undefined> {
    const writer = this.#part
    if (!writer) return undefined
    const { part, durable } = await writer.close()
    this.#part = undefined
    // Waited for at the end; until then nobody listens.
    durable.catch(() => undefined)
    this.#durable.push(durable)
    return part
  }

  async #keep(): Promise<void> {
    const part = await this.#close()
    if (!part) return
    const { db, clock } = this.#context
    await inTransaction(db, async (trx) => {
      if (!(await insertPart(trx, this.#content.contentId, part))) throw new AppError('attachment-offset-wrong')
      await touchUpload(trx, this.#open.row.id, clock.now().toISOString())
    })
    this.#parts.push(part)
    this.#offset += part.size
  }

  /** The request's bytes have all come, or the line has broken. @returns bytes that are here now */
  async end(): Promise<number> {
    if (this.#offset + (this.#part?.size ?? 0) === this.#open.row.size) return this.#finish()
    await this.#keep()
    const { progress } = this.#context
    if (progress.size >= mostInProgress) progress.delete(progress.keys().next().value ?? '')
    if (this.#progress) progress.set(this.#content.contentId, { hash: this.#progress.hash, bytes: this.#offset, durable: this.#durable })
    return this.#offset
  }

  async #finish(): Promise<number> {
    const last = await this.#close()
    if (last) {
      const digest = this.#progress?.hash.digest('hex') ?? null
      await finishUpload(this.#context, this.#who, { open: this.#open, content: this.#content, parts: [...this.#parts, last], last, digest, durable: this.#durable })
    }
    return this.#open.row.size
  }

  /** What can never become an attachment is thrown away; where the service is at fault, what was here before stays. */
  async giveUp(error: unknown): Promise<void> {
    await this.#part?.discard()
    if (error instanceof AppError && (!error.retriable || error.code === 'attachment-hash-wrong')) await dropUpload(this.#context, this.#open.row)
  }
}
