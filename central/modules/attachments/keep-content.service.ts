import { createHash } from 'node:crypto'
import { AppError } from '../../../shared/errors/app-error.ts'
import type { CentralDb } from '../../database/database.ts'
import { newId } from '../../database/new-id.ts'
import { inTransaction } from '../../database/transaction.ts'
import { nextSeq } from '../organization/organization.repository.ts'
import { contentKeyOf, newContentKey, type AttachmentContext } from './attachment-context.ts'
import { insertContent, insertPart, keptBytes, markWhole } from './contents.repository.ts'
import type { Part } from './content-files.ts'
import { diskFull } from './disk-full.ts'
import { findSoundContent } from './sound-content.ts'

/**
 * A content that has come whole, small enough for one request: on the disk first, then everything else in one transaction, as of an
 * upload. Bytes that the unit has already are kept once.
 * @param use called with the unit's row held
 * @throws AppError attachment-quota, attachment-disk-full, and what `use` throws
 */
export async function keepContent<T>(
  context: AttachmentContext, organizationId: string, { bytes, mediaType }: { bytes: Buffer; mediaType: string }, use: (trx: CentralDb, contentId: string) => Promise<T>,
): Promise<T> {
  const { db, personal, clock, files, quotaBytes } = context
  const hash = personal.hashContent(organizationId, createHash('sha256').update(bytes).digest('hex'))
  const contentId = newId(clock.now())
  const keySealed = newContentKey(personal, contentId)
  let isUsed = false
  try {
    const part = await writeWhole(context, { content_id: contentId, key_sealed: keySealed }, bytes)
    return await inTransaction(db, async (trx) => {
      isUsed = false
      await nextSeq(trx, organizationId)
      const same = await findSoundContent(context, trx, organizationId, hash)
      if (!same) {
        if ((await keptBytes(trx, organizationId)) + bytes.length > quotaBytes) throw new AppError('attachment-quota')
        await insertContent(trx, { id: contentId, organization_id: organizationId, content_hash: null, media_type: mediaType, size: bytes.length, key_sealed: keySealed, created_at: clock.now().toISOString() })
        await insertPart(trx, contentId, part)
        await markWhole(trx, contentId, hash)
      }
      isUsed = same === undefined
      return use(trx, same?.id ?? contentId)
    })
  } catch (error) {
    isUsed = false
    throw diskFull(error) ?? error
  } finally {
    if (!isUsed) await files.remove(contentId)
  }
}

async function writeWhole({ files, personal }: AttachmentContext, content: { content_id: string; key_sealed: string }, bytes: Buffer): Promise<Part> {
  const writer = await files.startPart(contentKeyOf(personal, content), 0)
  try {
    await writer.add(bytes)
    const { part, durable } = await writer.close()
    await durable
    await files.settle(content.content_id, [part], true)
    return part
  } catch (error) {
    await writer.discard().catch(() => undefined)
    throw error
  }
}
