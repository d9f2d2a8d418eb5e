import type { CentralPort } from '../central/central-port.ts'
import type { LocalDatabase } from '../database/open-local-database.ts'
import type { Clock, Log } from '../ports.ts'

export interface SyncContext {
  readonly local: LocalDatabase
  readonly central: Pick<CentralPort, 'push' | 'pull' | 'readRegistration'>
  /** The unit whose file this is: data of another never gets in. */
  readonly organizationId: string
  readonly clock: Clock
  readonly log: Log
  /** Rows that changed; null for all. */
  readonly rowsChanged: (ids: string[] | null) => void
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
