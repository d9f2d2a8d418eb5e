import { createHash } from 'node:crypto'
import { AppError } from '../../../shared/errors/app-error.ts'
import type { CentralAttachments } from '../central/central-port.ts'
import { findAttachment, updateAttachment } from '../database/attachment.repository.ts'
import type { AttachmentRow } from '../database/local-tables.ts'
import type { LocalDatabase } from '../database/open-local-database.ts'
import type { Log } from '../ports.ts'
import type { AttachmentFiles } from './attachment-files.ts'
import { writeDescription } from './description.ts'
import { markLost } from './tidy-up.ts'

export interface ContentsContext {
  readonly local: LocalDatabase
  readonly files: AttachmentFiles
  readonly central: Pick<CentralAttachments, 'readAttachmentContent'>
  readonly log: Log
  readonly changed: (recordId: string | null) => void
}

/** The content of attachments, here or fetched from the central service and then kept here, sealed like those that were added here. */
export interface Contents {
  /** @throws AppError attachment-lost-here, attachment-damaged, and as CentralPort */
  read(row: AttachmentRow, offset: number, length: number): Promise<Buffer>
  close(): Promise<void>
}

export function createContents({ local, files, central, log, changed }: ContentsContext): Contents {
  const fetching = new Map<string, Promise<void>>()
  const breakOff = new AbortController()

  /** Two who look at one picture fetch it once. */
  function fetch(row: AttachmentRow): Promise<void> {
    const under = fetching.get(row.id) ?? fetchWhole(row).finally(() => fetching.delete(row.id))
    fetching.set(row.id, under)
    return under
  }

  async function fetchWhole(row: AttachmentRow): Promise<void> {
    const { id, record_id: recordId, type, name, media_type: mediaType, size, sha256, proof_date: proofDate, added_at: addedAt } = row
    const file = await files.begin(id)
    try {
      const hash = createHash('sha256')
      let length = 0
      for await (const piece of await central.readAttachmentContent(id, breakOff.signal)) {
        length += piece.length
        if (length > size) break
        hash.update(piece)
        await file.append(piece)
      }
      // A line that broke off in the middle, or not the content that was told of: not kept.
      if (length !== size || hash.digest('hex') !== sha256) throw new AppError('central-reply-invalid', { route: 'readAttachmentContent' })
      await file.finish(writeDescription({ recordId, type, name, mediaType, size, sha256, proofDate, addedAt }))
    } catch (error) {
      await file.drop()
      throw error
    }
    await updateAttachment(local.db, id, { kept: 1 })
    changed(recordId)
  }

  async function readHere(row: AttachmentRow, offset: number, length: number): Promise<Buffer> {
    const file = await files.open(row.id)
    try {
      return await file.read(offset, length, row.size)
    } finally {
      await file.close()
    }
  }

  return {
    read: async (row, offset, length) => {
      if (row.kept === 0) await fetch(row)
      try {
        return await readHere(row, offset, length)
      } catch (error) {
        if (!AppError.is(error, 'attachment-lost-here')) throw error
        log.error('attachment file cannot be read', error)
        await markLost({ local }, row.id)
        changed(row.record_id)
        const now = await findAttachment(local.db, row.id)
        if (now?.state !== 'uploaded' || row.kept === 0) throw new AppError('attachment-lost-here')
        await fetch(now)
        return readHere(now, offset, length)
      }
    },
    close: async () => {
      breakOff.abort()
      await Promise.allSettled(fetching.values())
    },
  }
}
