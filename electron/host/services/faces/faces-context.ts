import type { Account } from '../../../../shared/contract/common.ts'
import type { MatchThresholds } from '../../../../shared/domain/face/matching.ts'
import type { LocalDatabase } from '../../database/open-local-database.ts'
import type { FaceStore } from '../../faces/face-store.ts'
import type { ScanLink } from '../../faces/scan/scan-link.ts'
import type { Clock, Log } from '../../ports.ts'

export interface FacesContext {
  readonly local: LocalDatabase
  readonly store: FaceStore
  readonly scan: ScanLink
  readonly thresholds: MatchThresholds
  /** Who works here. */
  readonly account: Pick<Account, 'id' | 'displayName'>
  readonly clock: Clock
  readonly log: Log
  readonly changed: (recordIds: string[] | null) => void
  readonly wakeSync: () => void
  readonly damaged?: () => void
}

/** Of whom an event tells. */
export const actor = ({ account }: Pick<FacesContext, 'account'>) => ({ by_id: account.id, by_name: account.displayName })

/** When something happens that cannot have been before that: a clock may have been set back in between, here or where that was told. */
export const notBefore = (now: Date, that: string | undefined): string => new Date(Math.max(now.getTime(), that === undefined ? 0 : Date.parse(that))).toISOString()
