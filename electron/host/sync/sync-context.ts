import type { SentFaceData } from '../../../shared/api/faces.ts'
import type { PushOperation } from '../../../shared/api/resources.ts'
import type { CentralPort, PushReply } from '../central/central-port.ts'
import type { LocalDatabase } from '../database/open-local-database.ts'
import type { Clock, Log } from '../ports.ts'

/** The central service as the sync sees it: how a push is signed is not its business. */
export interface SyncCentral extends Pick<CentralPort, 'pull' | 'readRegistration' | 'reportReveals'> {
  /** @throws AppError submission-needs-key where a signature is wanted and no CA lock is open */
  push(operations: PushOperation[], signal?: AbortSignal): Promise<PushReply>
}

export interface SyncContext {
  readonly local: LocalDatabase
  readonly central: SyncCentral
  /** The unit whose file this is: data of another never gets in. */
  readonly organizationId: string
  readonly clock: Clock
  readonly log: Log
  /** Rows that changed; null for all. */
  readonly rowsChanged: (ids: string[] | null) => void
  /** Attachments of this registration changed; null: of the unit itself. */
  readonly attachmentsChanged?: (recordId: string | null) => void
  /** The unit's own data. */
  readonly organizationChanged?: () => void
  /** Bindings or teams. */
  readonly bindingsChanged?: () => void
  /** The list of projects. */
  readonly projectsChanged?: () => void
  /** What is known of the faces of these registrations. */
  readonly facesChanged?: (recordIds: string[]) => void
  /** What goes along of the face with the check that this write tells of; null: nothing, or no more. */
  readonly faceDataOf?: (opId: string) => Promise<Pick<SentFaceData, 'template' | 'picture'> | null>
}

/** One attempt to exchange what is new. */
export interface Attempt extends SyncContext {
  /** Aborted when the unit is closed or the CA lock is pulled: nothing more is sent or applied. */
  readonly signal: AbortSignal
  /** So many removals the clerk has agreed to. */
  readonly acceptedRemovals: number
  /** 0 ≤ x < 1, for the waits of operations that are put off. */
  readonly random: () => number
}
