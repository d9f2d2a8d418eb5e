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
