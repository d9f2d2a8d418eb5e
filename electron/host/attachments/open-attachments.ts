import type { BridgeServices } from '../../../shared/contract/index.ts'
import type { SyncStatus } from '../../../shared/contract/sync.contract.ts'
import type { CentralAttachments } from '../central/central-port.ts'
import type { LocalDatabase } from '../database/open-local-database.ts'
import type { HostPorts } from '../ports.ts'
import { createAttachmentsService } from '../services/attachments/attachments.service.ts'
import { createAdding } from './adding.ts'
import { createAttachmentFiles } from './attachment-files.ts'
import { createContents } from './contents.ts'
import { tidyUp } from './tidy-up.ts'
import { createUploadQueue, type UploadProgress } from './upload-queue.ts'

export interface AttachmentsDeps {
  readonly local: LocalDatabase
  /** Of the files of this unit. */
  readonly folder: string
  readonly unitKey: Uint8Array
  readonly central: CentralAttachments
  readonly ports: Pick<HostPorts, 'clock' | 'log' | 'dialogs'>
  readonly changed: (recordId: string | null) => void
  /** Who is signed in may add and delete what is the unit's own: its 单位管理员. */
  readonly ofUnit: boolean
  readonly progress: (progress: UploadProgress) => void
  readonly random?: () => number
}

export interface OpenAttachments {
  readonly service: BridgeServices['attachments']
  /** See UploadQueue. */
  follow(phase: SyncStatus['phase']): void
  close(): Promise<void>
}

/** The attachments of an open unit: files and rows brought together, and everything that works on them. */
export async function openAttachments({ local, folder, unitKey, central, ports, changed, ofUnit, progress, random }: AttachmentsDeps): Promise<OpenAttachments> {
  const { clock, log, dialogs } = ports
  const files = createAttachmentFiles(folder, unitKey)
  await tidyUp({ local, files, clock, log })
  const adding = createAdding(local, files, clock, ofUnit)
  const contents = createContents({ local, files, central, log, changed })
  const uploads = createUploadQueue({ local, files, central, clock, log, changed, ofUnit, progress, ...(random ? { random } : {}) })
  // What was deleted here and never sent needs no line to go.
  uploads.wake()
  return {
    service: createAttachmentsService({ local, adding, contents, uploads, dialogs, clock, changed, ofUnit }),
    follow: (phase) => uploads.follow(phase),
    close: async () => {
      await uploads.stop()
      await contents.close()
      await adding.close()
    },
  }
}
