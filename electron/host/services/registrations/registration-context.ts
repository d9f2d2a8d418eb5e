import type { Regions } from '../../../../shared/domain/regions.ts'
import type { CentralPort } from '../../central/central-port.ts'
import type { LocalDatabase } from '../../database/open-local-database.ts'
import type { RecordSearch } from '../../database/search.repository.ts'
import type { Clock } from '../../ports.ts'

/** What the registrations of one open unit stand on. */
export interface RegistrationContext {
  readonly local: LocalDatabase
  readonly search: RecordSearch
  readonly central: Pick<CentralPort, 'checkIdCardNo'>
  readonly regions: Regions
  readonly clock: Clock
  /** Rows that changed here; null for all. */
  readonly changed: (ids: string[] | null) => void
  /** Something waits in the outbox. */
  readonly wakeSync: () => void
  /** A damaged page was met in the middle of work: the unit should be closed and opened again by `openOrRebuild`. */
  readonly damaged?: () => void
}
