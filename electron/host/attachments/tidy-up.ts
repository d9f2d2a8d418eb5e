import { photoTypes } from '../../../shared/domain/attachments.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import { attachmentsOf, findAttachment, forgetLeftovers, insertAttachment, keptAttachments, leftovers, updateAttachment } from '../database/attachment.repository.ts'
import type { LocalDatabase } from '../database/open-local-database.ts'
import { findRecord } from '../database/record.repository.ts'
import type { Clock, Log } from '../ports.ts'
import type { AttachmentFiles } from './attachment-files.ts'
import { readDescription } from './description.ts'

interface Shelf {
  readonly local: LocalDatabase
  readonly files: AttachmentFiles
  readonly clock: Clock
  readonly log: Log
}

/** In a rebuilt file a person may be missing until they are told anew; so long their attachments wait for them. */
const strayFor = 30 * 86_400_000

/**
 * Brings files and rows together after a kill, a rebuild or somebody's hand in the folder: half-made files go, whole ones
 * without a row get theirs back from what they tell of themselves, and of a row without its file the clerk is told.
 */
export async function tidyUp(shelf: Shelf): Promise<void> {
  const { local, files, clock, log } = shelf
  files.dropUnfinished()
  await removeLeftovers(shelf)
  for (const { id, state } of await keptAttachments(local.db)) {
    if (files.has(id)) continue
    log.warn('attachment file is missing', { state })
    await markLost(shelf, id)
  }
  for (const id of files.ids()) {
    if (await findAttachment(local.db, id)) continue
    if (await takeBack(shelf, id)) continue
    if (clock.now().getTime() - files.madeAt(id).getTime() > strayFor) files.remove(id)
  }
}

/** Files whose row is gone. A kill in between leaves the rest for the next time. */
export async function removeLeftovers({ local, files }: Pick<Shelf, 'local' | 'files'>): Promise<void> {
  const ids = await leftovers(local.db)
  for (const id of ids) files.remove(id)
  await forgetLeftovers(local.db, ids)
}

/** The content is not here any more: it can be had from the central service, or is lost. */
export async function markLost({ local }: Pick<Shelf, 'local'>, id: string): Promise<void> {
  const row = await findAttachment(local.db, id)
  if (!row) return
  if (row.state === 'uploaded') await updateAttachment(local.db, id, { kept: 0 })
  else await updateAttachment(local.db, id, { kept: 0, state: 'refused', problem: { code: 'attachment-lost-here', details: {} } })
}

/** @returns whether the file has its row again */
async function takeBack({ local, files, log }: Shelf, id: string): Promise<boolean> {
  try {
    const file = await files.open(id)
    await file.close()
    const { recordId, type, name, mediaType, size, sha256, proofDate, addedAt } = readDescription(file.description)
    if (recordId !== null && !(await findRecord(local.db, recordId))) return false
    // Another photo has taken its place since.
    if (photoTypes.includes(type) && (await attachmentsOf(local.db, recordId)).some((each) => each.type === type)) return false
    await insertAttachment(local.db, { id, record_id: recordId, type, name, media_type: mediaType, size, sha256, proof_date: proofDate, state: 'waiting', kept: 1, added_at: addedAt })
    log.warn('attachment has its row back')
    return true
  } catch (error) {
    if (!AppError.is(error, 'attachment-lost-here')) throw error
    log.error('attachment file cannot be read', error)
    return false
  }
}
