import { attachmentChunkSize } from '../../../../shared/contract/attachment-chunk.ts'
import type { BridgeServices } from '../../../../shared/contract/index.ts'
import { photoTypes } from '../../../../shared/domain/attachments.ts'
import { AppError } from '../../../../shared/errors/app-error.ts'
import type { Adding } from '../../attachments/adding.ts'
import type { Contents } from '../../attachments/contents.ts'
import type { UploadQueue } from '../../attachments/upload-queue.ts'
import { attachmentsOf, findAttachment, updateAttachment } from '../../database/attachment.repository.ts'
import { localFailure } from '../../database/local-failure.ts'
import type { AttachmentRow, LocalDb } from '../../database/local-tables.ts'
import type { LocalDatabase } from '../../database/open-local-database.ts'
import { findRecord } from '../../database/record.repository.ts'
import type { Clock, HostPorts } from '../../ports.ts'
import { toAttachment } from './attachment-view.ts'
import { expiringProofs } from './expiring-proofs.ts'
import { matchPhotos } from './match-photos.ts'
import { downloadOptions, saveContent } from './save-content.ts'

export interface AttachmentsContext {
  readonly local: LocalDatabase
  readonly adding: Adding
  readonly contents: Contents
  readonly uploads: UploadQueue
  readonly dialogs: Pick<HostPorts['dialogs'], 'saveFile'>
  readonly clock: Clock
  readonly changed: (recordId: string | null) => void
  /** Who is signed in may change what is the unit's own. */
  readonly ofUnit: boolean
}

/** 附件 and 人员相片 of the open unit. */
export function createAttachmentsService(context: AttachmentsContext): BridgeServices['attachments'] {
  const { local, adding, contents, uploads, clock, changed } = context

  async function guarded<T>(task: () => Promise<T>): Promise<T> {
    try {
      return await task()
    } catch (error) {
      throw localFailure(error) ?? error
    }
  }

  async function existing(db: LocalDb, id: string): Promise<AttachmentRow> {
    const row = await findAttachment(db, id)
    if (!row) throw new AppError('not-found')
    return row
  }

  /** Changes rows first and breaks their sending off then: what is under way does not write over a row that was paused. */
  async function change(recordId: string | null, task: (trx: LocalDb) => Promise<string[]>): Promise<void> {
    const ids = await guarded(() => local.db.transaction().execute(task))
    await uploads.breakOff(ids)
    changed(recordId)
    uploads.wake()
  }

  /** Of this one or, where null, of all that the registration has. */
  async function chosen(trx: LocalDb, recordId: string | null, id: string | null): Promise<AttachmentRow[]> {
    if (recordId !== null && !(await findRecord(trx, recordId))) throw new AppError('not-found')
    const rows = await attachmentsOf(trx, recordId)
    if (id === null) return rows
    const one = rows.filter((row) => row.id === id)
    if (one.length === 0) throw new AppError('not-found')
    return one
  }

  /** @throws AppError forbidden, registration-left */
  async function refuseFixed(db: LocalDb, recordId: string | null): Promise<void> {
    if (recordId === null && !context.ofUnit) throw new AppError('forbidden')
    if (recordId !== null && (await findRecord(db, recordId))?.employment_status === 'left') throw new AppError('registration-left')
  }

  return {
    list: ({ recordId }) =>
      guarded(async () => {
        const record = recordId === null ? undefined : await findRecord(local.db, recordId)
        if (recordId !== null && !record) throw new AppError('not-found')
        const rows = await attachmentsOf(local.db, recordId)
        return { items: rows.map((row) => toAttachment(row, uploads.sentOf(row.id))), registered: recordId === null || record?.version !== null }
      }),
    beginAdding: (input) => guarded(async () => ({ id: await adding.begin(input) })),
    addChunk: ({ id, offset, chunk }) => guarded(async () => ({ received: await adding.append(id, offset, Buffer.from(chunk, 'base64')) })),
    finishAdding: ({ id }) =>
      guarded(async () => {
        await adding.finish(id)
        const row = await existing(local.db, id)
        changed(row.record_id)
        uploads.wake()
        return toAttachment(row, undefined)
      }),
    matchPhotos: ({ names }) => guarded(async () => ({ matches: await matchPhotos(local.db, names) })),
    cancelAdding: ({ id }) =>
      guarded(async () => {
        await adding.cancel(id)
        return {}
      }),
    remove: async ({ id }) => {
      const { record_id: recordId } = await guarded(() => existing(local.db, id))
      await change(recordId, async (trx) => {
        await refuseFixed(trx, recordId)
        await updateAttachment(trx, id, { removed_at: clock.now().toISOString() })
        return [id]
      })
      return {}
    },
    restore: async ({ id }) => {
      const { record_id: recordId } = await guarded(() => existing(local.db, id))
      await change(recordId, async (trx) => {
        if (recordId === null) await refuseFixed(trx, recordId)
        const { type } = await existing(trx, id)
        // There is one photo of each kind: the one that came in its place goes.
        const others = photoTypes.includes(type) ? (await attachmentsOf(trx, recordId)).filter((row) => row.type === type && row.id !== id) : []
        for (const other of others) await updateAttachment(trx, other.id, { removed_at: clock.now().toISOString() })
        await updateAttachment(trx, id, { removed_at: null })
        return others.map((other) => other.id)
      })
      return {}
    },
    startUpload: async ({ recordId, id }) => {
      await change(recordId, async (trx) => {
        if (recordId === null) await refuseFixed(trx, recordId)
        const rows = (await chosen(trx, recordId, id)).filter(({ state, kept, next_at }) => kept === 1 && (state === 'paused' || state === 'refused' || (state === 'waiting' && next_at !== null)))
        for (const row of rows) await updateAttachment(trx, row.id, { state: 'waiting', attempts: 0, next_at: null, problem: null })
        return []
      })
      return {}
    },
    pauseUpload: async ({ recordId, id }) => {
      await change(recordId, async (trx) => {
        if (recordId === null) await refuseFixed(trx, recordId)
        const rows = (await chosen(trx, recordId, id)).filter(({ state }) => state === 'waiting' || state === 'uploading')
        for (const row of rows) await updateAttachment(trx, row.id, { state: 'paused', next_at: null })
        return rows.map((row) => row.id)
      })
      return {}
    },
    read: ({ id, offset }) =>
      guarded(async () => {
        const row = await existing(local.db, id)
        return { chunk: (await contents.read(row, offset, attachmentChunkSize)).toString('base64'), size: row.size }
      }),
    download: ({ id }) =>
      guarded(async () => {
        const row = await existing(local.db, id)
        // What is not to be had is found out before the clerk is asked where to put it.
        await contents.read(row, 0, 1)
        const saved = await context.dialogs.saveFile(downloadOptions({ type: row.type, mediaType: row.media_type, name: row.name }), (path) =>
          saveContent(path, row.size, async (offset) => contents.read(await existing(local.db, id), offset, attachmentChunkSize)),
        )
        return { saved: saved !== null }
      }),
    expiringProofs: () => guarded(async () => ({ items: await expiringProofs(local.db, clock.now()) })),
  }
}
