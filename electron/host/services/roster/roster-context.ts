import type { Account, Organization } from '../../../../shared/contract/common.ts'
import type { RosterState } from '../../../../shared/contract/roster.contract.ts'
import type { Regions } from '../../../../shared/domain/regions.ts'
import type { LocalDatabase } from '../../database/open-local-database.ts'
import type { RecordSearch } from '../../database/search.repository.ts'
import type { HostPorts } from '../../ports.ts'

/** What the rosters of one open unit stand on. */
export interface RosterContext {
  readonly local: LocalDatabase
  readonly search: RecordSearch
  readonly regions: Regions
  readonly ports: Pick<HostPorts, 'dialogs' | 'startRosterReader' | 'clock' | 'log'> & { readonly paths: Pick<HostPorts['paths'], 'resources'> }
  readonly account: Account
  readonly organization: Organization
  readonly show: (state: RosterState) => void
  /** Rows of the register that changed; null for all. */
  readonly changed: (ids: string[] | null) => void
  readonly wakeSync: () => void
  readonly damaged?: () => void
}
