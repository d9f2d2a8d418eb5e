import type { Account, Organization } from '../../../../shared/contract/common.ts'
import type { Connection, SessionState } from '../../../../shared/contract/session.contract.ts'
import type { SignInWay } from '../../../../shared/domain/statuses.ts'
import { offlineDays, type OfflinePass } from './offline-unlock.ts'
import type { UnitWorkspace } from './session-ports.ts'

export type LockReason = Extract<SessionState, { phase: 'locked' }>['reason']

/** The key a session was opened with. */
export interface UsedKey {
  readonly certificateId: string
  readonly serial: string
  readonly company: string
}

export interface OpenSession {
  readonly kind: 'open'
  readonly account: Account
  readonly organization: Organization
  readonly way: SignInWay
  readonly workspace: UnitWorkspace
  readonly key: UsedKey | null
  /** A lock of the unit opened beside a session of the password, to sign submissions with. Nobody has signed in by it. */
  readonly signingKey: UsedKey | null
  /** True from an online sign-in until the central service refuses the token. */
  readonly online: boolean
  /** Of the session at the central service; null offline. */
  readonly token: string | null
  /** Until when the pass of the last online sign-in holds without the central service. */
  readonly offlineUntil: Date
  readonly place: string | null
  /** The administrator has reset the password and it has not been changed since, as far as the last online sign-in told. */
  readonly passwordByOperator: boolean
  readonly locked: LockReason | null
  /** The key has been shown at the central service, which wants the account's password as well. */
  readonly awaitsPassword: AwaitedPassword | null
}

export interface AwaitedPassword {
  readonly ticket: string
  readonly key: UsedKey
  readonly certificate: KnownCertificate
}

/** The key that this phase keeps open. */
export function keyInHand(phase: Phase): UsedKey | null {
  if (phase.kind === 'signed-out') return null
  return phase.kind === 'open' ? (phase.key ?? phase.signingKey) : phase.key
}

export interface ChoosingAccount {
  readonly kind: 'choosing'
  readonly key: UsedKey
  readonly organizationName: string
  readonly accounts: readonly { id: string; displayName: string; needsPassword: boolean }[]
  readonly lastAccountId: string | null
  /** Online: the server's ticket. Offline: the passes that fit the certificate. */
  readonly source:
    | { readonly kind: 'online'; readonly ticket: string; readonly certificate: KnownCertificate }
    | { readonly kind: 'offline'; readonly passes: readonly OfflinePass[] }
}

export interface KnownCertificate {
  readonly sha256: string
  readonly spki: string
  /** It opens one account and no other: whoever shows it needs not say whom they mean. */
  readonly isOfOne: boolean
}

export type Phase = { readonly kind: 'signed-out' } | ChoosingAccount | OpenSession

/** The one phase this workstation is in. Everything that signs in, locks or leaves does it through `enter`. */
export interface PhaseHolder {
  current(): Phase
  /** The open unit, locked or not. */
  open(): OpenSession | null
  /** What the page is told. */
  state(): SessionState
  /** Keeps where the clerk is, for a page that is loaded again; the one that said so need not be told. */
  movedTo(place: string): void
  /** Changes the phase and tells the page. */
  enter(next: Phase): SessionState
}

export function createPhaseHolder(lastUsername: () => string | null, emit: (state: SessionState) => void): PhaseHolder {
  let phase: Phase = { kind: 'signed-out' }
  const state = () => describePhase(phase, lastUsername())
  return {
    current: () => phase,
    open: () => (phase.kind === 'open' ? phase : null),
    state,
    movedTo: (place) => {
      if (phase.kind === 'open') phase = { ...phase, place }
    },
    enter: (next) => {
      phase = next
      const now = state()
      emit(now)
      return now
    },
  }
}

/** What the page is told of a phase. */
export function describePhase(phase: Phase, lastUsername: string | null): SessionState {
  switch (phase.kind) {
    case 'signed-out':
      return { phase: 'signed-out', lastUsername }
    case 'choosing':
      return {
        phase: 'choosing-account',
        organizationName: phase.organizationName,
        accounts: phase.accounts.map((account) => ({ ...account })),
        lastAccountId: phase.lastAccountId,
      }
    case 'open': {
      const who = { account: phase.account, organization: phase.organization, way: phase.way }
      if (phase.locked) return { phase: 'locked', ...who, reason: phase.locked }
      const connection = connectionOf(phase)
      return {
        phase: 'signed-in',
        ...who,
        connection,
        offlineUntil: connection === 'offline' ? usableUntil(phase).toISOString() : null,
        place: phase.place,
        passwordByOperator: phase.passwordByOperator,
      }
    }
  }
}

/** Until when this session may go on without the central service: seven days from when it was last heard. */
export function usableUntil({ offlineUntil, online, workspace }: OpenSession): Date {
  const heard = online ? workspace.sync.status().lastSyncedAt : null
  return new Date(Math.max(offlineUntil.getTime(), heard ? Date.parse(heard) + offlineDays * 86_400_000 : 0))
}

function connectionOf(session: OpenSession): Connection {
  const { phase } = session.workspace.sync.status()
  if (phase === 'waiting-for-sign-in') return 'sign-in-needed'
  if (!session.online || phase === 'offline') return 'offline'
  return 'online'
}
