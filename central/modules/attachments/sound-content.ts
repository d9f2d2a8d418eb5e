import type { CentralDb } from '../../database/database.ts'
import type { AttachmentContext } from './attachment-context.ts'
import type { AttachmentContentTable } from './attachment.tables.ts'
import { findWholeContent, forgetHash, partsOf } from './contents.repository.ts'

/**
 * The unit's content with this hash, if its files are there. Where a database was restored without them, the same bytes
 * are wanted once more: what is gone must not stand in the place of what somebody still has.
 */
export async function findSoundContent({ files }: Pick<AttachmentContext, 'files'>, trx: CentralDb, organizationId: string, contentHash: string): Promise<AttachmentContentTable | undefined> {
  const content = await findWholeContent(trx, organizationId, contentHash)
  if (!content) return undefined
  const whole = await Promise.all((await partsOf(trx, content.id)).map((part) => files.isWhole(content.id, part)))
  if (whole.every(Boolean)) return content
  await forgetHash(trx, content.id)
  return undefined
}
