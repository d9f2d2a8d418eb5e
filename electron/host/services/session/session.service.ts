import type { PushOperation } from '../../../../shared/api/resources.ts'
import type { BridgeServices } from '../../../../shared/contract/index.ts'
import type { SessionState } from '../../../../shared/contract/session.contract.ts'
import { AppError } from '../../../../shared/errors/app-error.ts'
import type { SubmissionProof } from '../../central/central-port.ts'
import { usualLockAfterMinutes } from '../../ports.ts'
import { createClockWatch } from './clock-watch.ts'
import { createInputWatch } from './input-watch.ts'
import { createKeySignIn } from './key-sign-in.ts'
import { createOfflinePasses } from './offline-passes.ts'
import { passwordMatches } from './offline-unlock.ts'
import { orOutOfReach } from './out-of-reach.ts'
import { passwordHasChanged, withOwnPassword } from './own-password.ts'
import { changePassword } from './password-change.ts'
import { createPhaseHolder, keyInHand, usableUntil, type LockReason, type OpenSession } from './session-phase.ts'
import type { SessionDeps, UnitWorkspace } from './session-ports.ts'
import { codeOf, shutKey } from './shut-key.ts'
import { openSigningKey, signSubmission } from './submission-signing.ts'
import { createUnitOpening } from './unit-opening.ts'

export type { SessionDeps } from './session-ports.ts'

export interface SessionService {
  readonly calls: BridgeServices['session']
  /** The open unit, for calls that show or change its data. @throws AppError not-signed-in, locked */
  requireUnlocked(): OpenSession
  /** The open unit even behind the lock screen, for calls that only keep what was typed. @throws not-signed-in */
  requireOpen(): OpenSession
  /** Keeps where the clerk is, for a reload and for the next start. @throws AppError not-signed-in, locked */
  keepPlace(place: string): Promise<void>
  keyRemoved(): void
  /** With the key of the open session. @throws AppError submission-needs-key */
  signSubmission(operations: readonly PushOperation[]): Promise<SubmissionProof>
  close(): Promise<void>
}

const clockCheckInterval = 60_000

/** Who is signed in, how, and behind which lock. */
export function createSessionService(deps: SessionDeps): SessionService {
  const { central, keys, device, clock, log, lockAfterMinutes = usualLockAfterMinutes } = deps
  const phase = createPhaseHolder(() => device.lastUsername(), deps.emit)
  const passes = createOfflinePasses(device, log)
  const clockWatch = createClockWatch(device, clock, log)
  const input = createInputWatch(clock, lockAfterMinutes)
  const opening = createUnitOpening(deps, phase, clockWatch, noticeSync)
  const byKey = createKeySignIn(deps, phase, opening, passes)
  let lastTask: Promise<unknown> = Promise.resolve()
  const clockTimer = setInterval(() => watchTheClock(), Math.min(clockCheckInterval, lockAfterMinutes * 6_000))
  clockTimer.unref()

  /** Signing in and out run one after another: two half-done ones would mix two people's data. */
  function inTurn<T>(task: () => Promise<T>): Promise<T> {
    input.note()
    const run = lastTask.then(task, task)
    lastTask = run.catch(() => undefined)
    return run
  }

  async function signInWithPassword(username: string, password: string): Promise<SessionState> {
    const asked = central.signInWithPassword({ username, password, deviceId: device.deviceId() }).catch(async (error: unknown) => {
      await passes.passwordRefused(error, username, password)
      throw error
    })
    const online = await orOutOfReach(asked)
    if (online !== 'out-of-reach') return opening.openOnline(online, { way: 'password', password, username })
    const pass = device.passes().find(({ account }) => account.username === username)
    if (!pass?.password) throw new AppError('offline-unlock-unknown')
    if (!(await passwordMatches(password, pass.password))) throw new AppError('offline-password-wrong')
    return opening.openOffline(pass, 'password', null)
  }

  async function unlockWithPassword(open: OpenSession, password: string): Promise<SessionState> {
    const completed = open.awaitsPassword ? await byKey.complete(open, open.awaitsPassword, password) : undefined
    return completed ?? signInWithPassword(open.account.username, password)
  }

  const ofOwn = <T>(attempt: Promise<T>) => withOwnPassword(() => phase.open(), attempt)

  function lock(reason: LockReason): SessionState {
    const open = phase.open()
    // A key pulled behind another lock must stop the queue all the same.
    if (!open || (open.locked && (reason !== 'key-removed' || open.locked === 'key-removed'))) return phase.state()
    if (reason === 'key-removed') {
      open.workspace.sync.pause('key-removed')
      void central.suspendSession().catch((error: unknown) => log.info('session not suspended', { code: codeOf(error) }))
      central.useSession(null)
    }
    return phase.enter({ ...open, locked: reason, online: open.online && reason !== 'key-removed', token: reason === 'key-removed' ? null : open.token })
  }

  /** The key is out while its account is still to be chosen or proven: who comes next must show theirs. */
  function keyRemoved(): void {
    const current = phase.current()
    if (current.kind === 'choosing') return void phase.enter({ kind: 'signed-out' })
    if (current.kind === 'open' && current.awaitsPassword) phase.enter({ ...current, awaitsPassword: null })
    // A key that was only to renew a session opened with the password, or to sign beside it, locks nothing.
    if (current.kind === 'open' && !current.key && current.signingKey) return void phase.enter({ ...current, awaitsPassword: null, signingKey: null })
    if (current.kind === 'open' && !current.key && current.awaitsPassword) return
    lock('key-removed')
  }

  function watchTheClock(): void {
    // Whoever sits down next must show their own key.
    if (phase.current().kind === 'choosing' && input.isLongAgo()) void cancelSignIn()
    const open = phase.open()
    if (!open) return
    if (!open.online && clockWatch.isSetBack()) lock('idle')
    lockWhenPassEnds(open)
    if (input.isLongAgo()) lock('away')
    void clockWatch.noteSparingly()
  }

  /** Seven days without the central service end an online session as well, or one left running would never end. */
  function lockWhenPassEnds(open: OpenSession): void {
    if (clock.now() > usableUntil(open)) lock('idle')
  }

  function noticeSync(workspace: UnitWorkspace): void {
    const open = phase.open()
    if (open?.workspace !== workspace) return
    deps.emit(phase.state())
    if (passwordHasChanged(open)) void passes.passwordEnded(open.account.id)
  }

  async function signOut(): Promise<SessionState> {
    const leaving = phase.open()
    keys.watch(null)
    await shutKey(deps, keyInHand(phase.current()))
    await leaving?.workspace.close()
    // The call takes the token of this moment. Nobody waits for the answer: over a dead line that would hold the clerk here for long.
    if (leaving?.online) void central.endSession().catch((error: unknown) => log.info('session not ended', { code: codeOf(error) }))
    central.useSession(null)
    return phase.enter({ kind: 'signed-out' })
  }

  const cancelSignIn = () => inTurn(async () => (phase.current().kind === 'choosing' ? signOut() : phase.state()))

  function requireOpen(): OpenSession {
    const open = phase.open()
    if (!open) throw new AppError('not-signed-in')
    return open
  }

  function requireUnlocked(): OpenSession {
    const open = requireOpen()
    if (open.locked) throw new AppError('locked')
    return open
  }

  return {
    calls: {
      state: () => phase.state(),
      signInWithKey: (input) => inTurn(() => byKey.signIn(input)),
      chooseAccount: ({ accountId, password }) =>
        inTurn(async () => {
          const current = phase.current()
          if (current.kind !== 'choosing') throw new AppError('ticket-expired')
          return ofOwn(byKey.choose(current, accountId, password))
        }),
      signInWithPassword: ({ username, password }) => inTurn(() => signInWithPassword(username, password)),
      cancelSignIn,
      unlockWithKey: (input) => inTurn(async () => ofOwn(byKey.unlock(requireOpen(), input))),
      openSigningKey: (input) =>
        inTurn(async () => {
          requireUnlocked()
          return openSigningKey(deps, phase, input)
        }),
      unlockWithPassword: ({ password }) => inTurn(async () => ofOwn(unlockWithPassword(requireOpen(), password))),
      changePassword: (change) => inTurn(async () => changePassword(deps, phase, passes, requireUnlocked(), change)),
      lock: () => lock('manual'),
      noteInput: ({ ago }) => {
        requireUnlocked()
        input.note(ago)
        return {}
      },
      signOut: () => inTurn(() => signOut()),
    },
    requireOpen,
    requireUnlocked,
    keepPlace: async (place) => {
      const { workspace } = requireUnlocked()
      phase.movedTo(place)
      await workspace.keepPlace(place)
    },
    keyRemoved,
    signSubmission: (operations) => signSubmission(deps, phase, operations),
    close: async () => {
      clearInterval(clockTimer)
      await inTurn(async () => phase.open()?.workspace.close())
    },
  }
}
