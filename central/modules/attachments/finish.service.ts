import { createHash } from 'node:crypto'
import { contentHeadBytes, kindOfContent, kindOfMediaType } from '../../../shared/domain/attachments.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import { inTransaction } from '../../database/transaction.ts'
import { nextSeq } from '../organization/organization.repository.ts'
import type { AttachmentContext, Uploader } from './attachment-context.ts'
import { addAttachment, checkClaim } from './attachments.service.ts'
import type { Part } from './content-files.ts'
import { insertPart, markWhole, wasteContent } from './contents.repository.ts'
import type { ContentKey } from './sealed-bytes.ts'
import { findSoundContent } from './sound-content.ts'
import { deleteUpload } from './upload.repository.ts'
import type { OpenUpload } from './uploads.service.ts'

/** All bytes of an upload, the last part of them not written down yet. */
export interface Received {
  readonly open: OpenUpload
  readonly content: ContentKey
  readonly parts: readonly Part[]
  readonly last: Part
  /** SHA-256 in hex where this process has seen every byte. */
  readonly digest: string | null
  readonly durable: readonly Promise<void>[]
}

/**
 * Makes the attachment: its bytes are those that were announced, they are on the disk, and then everything else is one
 * transaction. Where the unit has the same bytes already, those are used and these go.
 * @throws AppError attachment-hash-wrong, attachment-kind-refused, attachment-offset-wrong where another request was faster, and what now stands
 * against the claim, which may be days old
 */
export async function finishUpload(context: AttachmentContext, who: Uploader, received: Received): Promise<void> {
  const { files, db, clock, personal } = context
  const { open: { row, claim }, content: { contentId }, last } = received
  await checkContent(context, received)
  await Promise.all(received.durable)
  await files.settle(contentId, received.parts, received.digest !== null)
  await inTransaction(db, async (trx) => {
    const seq = await nextSeq(trx, who.organizationId)
    if (!(await insertPart(trx, contentId, last))) throw new AppError('attachment-offset-wrong')
    await checkClaim(context, trx, who, claim)
    const hash = personal.hashContent(who.organizationId, claim.sha256)
    const same = await findSoundContent(context, trx, who.organizationId, hash)
    await deleteUpload(trx, row.id)
    if (same) await wasteContent(trx, contentId, clock.now().toISOString())
    else await markWhole(trx, contentId, hash)
    await addAttachment(context, trx, who, claim, { contentId: same?.id ?? contentId, seq })
  })
}

async function checkContent({ files }: AttachmentContext, { open: { claim }, content, parts, digest }: Received): Promise<void> {
  const hash = createHash('sha256')
  let head = Buffer.alloc(0)
  try {
    for await (const block of files.read(content, parts)) {
      if (head.length < contentHeadBytes) head = Buffer.concat([head, block.subarray(0, contentHeadBytes)])
      if (digest !== null && head.length >= contentHeadBytes) break
      hash.update(block)
    }
  } catch (error) {
    // What a power cut has taken is sent anew.
    throw new AppError('attachment-hash-wrong', {}, { cause: error })
  }
  if ((digest ?? hash.digest('hex')) !== claim.sha256) throw new AppError('attachment-hash-wrong')
  if (kindOfContent(head) !== kindOfMediaType(claim.mediaType)) throw new AppError('attachment-kind-refused')
}
