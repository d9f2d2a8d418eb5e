import type { CaKeyState, PinState } from '../../../../shared/contract/ca-key.contract.ts'
import type { Account, Organization } from '../../../../shared/contract/common.ts'
import type { SessionState } from '../../../../shared/contract/session.contract.ts'
import type { SyncStatus } from '../../../../shared/contract/sync.contract.ts'
import type { SignedStatement } from '../../../../shared/domain/ca-login-bytes.ts'
import type { CentralOrganization, CentralPort } from '../../central/central-port.ts'
import type { KeySignature } from '../../ca-key/key-driver.ts'
import type { Clock, Log } from '../../ports.ts'
import type { OfflinePass } from './offline-unlock.ts'

/** What signing in needs of the CA key service. */
export interface SessionKeys {
  state(): CaKeyState
  login(certificateId: string, pin: string, confirmFinalTry: boolean): Promise<PinState>
  sign(certificateId: string, statement: Omit<SignedStatement, 'certificateSha256' | 'alg'>): Promise<KeySignature>
  logout(certificateId: string): Promise<void>
  /** From now on removal of this key is reported; null: of none. */
  watch(serial: string | null): void
}

/** What this device remembers between runs. */
export interface SessionDevice {
  deviceId(): string
  lastUsername(): string | null
  passes(): readonly OfflinePass[]
  /**
   * Replaces the pass of the same account.
   * @param serverTime becomes the latest instant seen, even where that is earlier: it is the true one
   */
  rememberPass(pass: OfflinePass, lastUsername: string | null, serverTime: string): Promise<void>
  /** The latest instant seen on this device; null before the first sign-in. */
  lastSeenAt(): string | null
  seeAt(instant: string): Promise<void>
  changePasses(change: (passes: readonly OfflinePass[]) => OfflinePass[]): Promise<void>
}

/** A unit's local data, open. */
export interface UnitWorkspace {
  readonly organization: Organization
  readonly account: Account
  readPlace(): Promise<string | null>
  keepPlace(place: string): Promise<void>
  readonly sync: {
    status(): SyncStatus
    pause(reason: 'key-removed'): void
    resume(): void
    onChange(listener: (status: SyncStatus) => void): void
  }
  close(): Promise<void>
}

/** Opens a unit's local data; `organization` carries the recovery key where the central service was asked just now. */
export type OpenWorkspace = (
  account: Account,
  organization: Organization,
  fresh: { organization: CentralOrganization; epoch: string; identityCheckRequired: boolean } | null,
) => Promise<UnitWorkspace>

export interface SessionDeps {
  readonly central: CentralPort
  readonly keys: SessionKeys
  readonly device: SessionDevice
  readonly openWorkspace: OpenWorkspace
  /** See WorkstationConfig. */
  readonly lockAfterMinutes?: number | undefined
  readonly clock: Clock
  readonly log: Log
  readonly emit: (state: SessionState) => void
}
