import { createHash, X509Certificate } from 'node:crypto'
import type { BridgeServices } from '../../../../shared/contract/index.ts'
import type { SessionState } from '../../../../shared/contract/session.contract.ts'
import { AppError } from '../../../../shared/errors/app-error.ts'
import type { AccountChoice, CentralPort, CentralSession } from '../../central/central-port.ts'
import type { KeySignature } from '../../ca-key/key-driver.ts'
import type { Clock, Log } from '../../ports.ts'
import { makePasswordVerifier, offlineSignatureHolds, offlineStatement, offlineUntil, passwordMatches, type OfflinePass } from './offline-unlock.ts'
import { describePhase, type ChoosingAccount, type KnownCertificate, type LockReason, type OpenSession, type Phase, type UsedKey } from './session-phase.ts'
import type { OpenWorkspace, SessionDevice, SessionKeys, UnitWorkspace } from './session-ports.ts'

export interface SessionDeps {
  readonly central: CentralPort
  readonly keys: SessionKeys
  readonly device: SessionDevice
  readonly openWorkspace: OpenWorkspace
  readonly clock: Clock
  readonly log: Log
  readonly emit: (state: SessionState) => void
}

export interface SessionService {
  readonly calls: BridgeServices['session']
  /** The open unit, for calls that show or change its data. @throws AppError not-signed-in, locked */
  requireUnlocked(): OpenSession
  /** The open unit even behind the lock screen, for calls that only keep what was typed. @throws not-signed-in */
  requireOpen(): OpenSession
  keyRemoved(): void
  close(): Promise<void>
}

type KeyInput = { certificateId: string; pin: string; confirmFinalTry: boolean }
type Proof = { way: 'ca-key'; key: UsedKey; certificate: KnownCertificate } | { way: 'password'; password: string; username: string }

/** Failures that mean "the central service cannot be had now" rather than "it said no". */
const outOfReach = ['central-unreachable', 'central-busy', 'central-reply-invalid'] as const
const offlineCheckInterval = 60_000

/** Who is signed in, how, and behind which lock. The only place where one of these changes. */
export function createSessionService(deps: SessionDeps): SessionService {
  const { central, keys, device, clock, log } = deps
  let phase: Phase = { kind: 'signed-out' }
  let lastTask: Promise<unknown> = Promise.resolve()
  const offlineTimer = setInterval(() => lockWhenPassEnds(), offlineCheckInterval)
  offlineTimer.unref()

  const state = () => describePhase(phase, device.lastUsername())

  function enter(next: Phase): SessionState {
    phase = next
    const now = state()
    deps.emit(now)
    return now
  }

  /** Signing in and out run one after another: two half-done ones would mix two people's data. */
  function inTurn<T>(task: () => Promise<T>): Promise<T> {
    const run = lastTask.then(task, task)
    lastTask = run.catch(() => undefined)
    return run
  }

  // Signing in with the CA lock

  async function proveByKey(input: KeyInput): Promise<UsedKey> {
    const certificate = keys.state().certificates.find(({ certificateId }) => certificateId === input.certificateId)
    if (!certificate) throw new AppError('key-not-present')
    await keys.login(input.certificateId, input.pin, input.confirmFinalTry)
    return { certificateId: certificate.certificateId, serial: certificate.tokenSerial, company: certificate.company }
  }

  async function askCentralWithKey(key: UsedKey): Promise<{ answer: CentralSession | AccountChoice; certificate: KnownCertificate }> {
    const deviceId = device.deviceId()
    const { cid, nonce } = await central.createChallenge(deviceId)
    const signed = await keys.sign(key.certificateId, { audience: central.audience, cid, nonce, deviceId, purpose: 'login' })
    const answer = await central.signInWithCaKey({
      cid,
      unverifiedCertificate: signed.certificate,
      alg: signed.alg,
      signature: signed.signature,
      deviceId,
    })
    return { answer, certificate: knownCertificate(signed) }
  }

  async function signInWithKey(input: KeyInput): Promise<SessionState> {
    const key = await proveByKey(input)
    const online = await orOutOfReach(askCentralWithKey(key))
    if (online === 'out-of-reach') return unlockOfflineByKey(key)
    const { answer, certificate } = online
    if (answer.outcome === 'signed-in') return openOnline(answer, { way: 'ca-key', key, certificate })
    const current = openSession()
    if (current) return continueAsCurrentAccount(current, answer, key, certificate)
    return enter({
      kind: 'choosing',
      key,
      organizationName: answer.organizationName,
      accounts: answer.accounts,
      source: { kind: 'online', ticket: answer.ticket, certificate },
    })
  }

  /** Unlocking with a key bound to several accounts goes on as the one whose session this is. */
  async function continueAsCurrentAccount(current: OpenSession, answer: AccountChoice, key: UsedKey, certificate: KnownCertificate) {
    const own = answer.accounts.find(({ id }) => id === current.account.id)
    if (!own) throw new AppError('different-unit')
    if (own.needsPassword) throw new AppError('ca-needs-password')
    const choice = { ticket: answer.ticket, accountId: own.id, password: null, deviceId: device.deviceId() }
    return openOnline(await central.chooseAccount(choice), { way: 'ca-key', key, certificate })
  }

  async function unlockOfflineByKey(key: UsedKey): Promise<SessionState> {
    const statement = offlineStatement(device.deviceId())
    const signed = await keys.sign(key.certificateId, statement)
    const { sha256 } = knownCertificate(signed)
    const passes = device.passes().filter((pass) => pass.certificate?.sha256 === sha256)
    const holds = passes.filter(
      (pass) =>
        pass.certificate &&
        offlineSignatureHolds({ ...statement, certificateSha256: sha256, alg: signed.alg }, signed.signature, pass.certificate.spki),
    )
    const current = openSession()
    const own = current ? holds.find((pass) => pass.account.id === current.account.id) : undefined
    const [only, ...others] = own ? [own] : holds
    if (!only) throw new AppError('offline-unlock-unknown')
    if (others.length === 0) return openOffline(only, 'ca-key', key)
    return enter({
      kind: 'choosing',
      key,
      organizationName: only.organization.name,
      accounts: holds.map(({ account }) => ({ id: account.id, displayName: account.displayName, needsPassword: false })),
      source: { kind: 'offline', passes: holds },
    })
  }

  async function chooseAccount(choosing: ChoosingAccount, accountId: string, password: string | null): Promise<SessionState> {
    const { source, key } = choosing
    if (source.kind === 'offline') {
      const pass = source.passes.find(({ account }) => account.id === accountId)
      if (!pass) throw new AppError('account-choice-invalid')
      return openOffline(pass, 'ca-key', key)
    }
    const session = await central.chooseAccount({ ticket: source.ticket, accountId, password, deviceId: device.deviceId() })
    return openOnline(session, { way: 'ca-key', key, certificate: source.certificate })
  }

  // Signing in with a password

  async function signInWithPassword(username: string, password: string): Promise<SessionState> {
    const online = await orOutOfReach(central.signInWithPassword({ username, password, deviceId: device.deviceId() }))
    if (online !== 'out-of-reach') return openOnline(online, { way: 'password', password, username })
    const pass = device.passes().find(({ account }) => account.username === username)
    if (!pass?.password) throw new AppError('offline-unlock-unknown')
    if (!(await passwordMatches(password, pass.password))) throw new AppError('offline-password-wrong')
    return openOffline(pass, 'password', null)
  }

  // Opening

  async function openOnline(session: CentralSession, proof: Proof): Promise<SessionState> {
    const current = openSession()
    if (current && current.organization.id !== session.organization.id) throw new AppError('different-unit')
    const { id, name, kind, creditCode } = session.organization
    const organization = { id, name, kind, creditCode }
    const workspace = await reuseOrOpen(session.account, organization, { organization: session.organization, epoch: session.epoch })
    central.useSession(session.token)
    await device.rememberPass(await makePass(session, organization, proof), proof.way === 'password' ? proof.username : null)
    return openedWith(workspace, { account: session.account, organization, way: proof.way, key: proof.way === 'ca-key' ? proof.key : null, online: true, offlineUntil: null })
  }

  async function openOffline(pass: OfflinePass, way: 'ca-key' | 'password', key: UsedKey | null): Promise<SessionState> {
    const until = offlineUntil(pass, clock.now())
    const current = openSession()
    if (current && current.organization.id !== pass.organization.id) throw new AppError('different-unit')
    const workspace = await reuseOrOpen(pass.account, pass.organization, null)
    central.useSession(null)
    return openedWith(workspace, { account: pass.account, organization: pass.organization, way, key, online: false, offlineUntil: until })
  }

  async function openedWith(
    workspace: UnitWorkspace,
    who: Pick<OpenSession, 'account' | 'organization' | 'way' | 'key' | 'online' | 'offlineUntil'>,
  ): Promise<SessionState> {
    keys.watch(who.key?.serial ?? null)
    const place = await workspace.readPlace()
    const opened = enter({ kind: 'open', ...who, workspace, place, locked: null })
    workspace.sync.resume()
    return opened
  }

  /** Unlocking keeps the unit's file open and its pages alive; another account of the same unit starts afresh. */
  async function reuseOrOpen(...[account, organization, fresh]: Parameters<OpenWorkspace>): Promise<UnitWorkspace> {
    const current = openSession()
    if (current?.account.id === account.id) return current.workspace
    if (current) await current.workspace.close()
    const workspace = await deps.openWorkspace(account, organization, fresh)
    workspace.sync.onChange(() => noticeSync(workspace))
    return workspace
  }

  async function makePass(session: CentralSession, organization: OfflinePass['organization'], proof: Proof): Promise<OfflinePass> {
    const earlier = device.passes().find(({ account }) => account.id === session.account.id)
    return {
      account: session.account,
      organization,
      lastOnlineAt: clock.now().toISOString(),
      serverTime: session.serverTime,
      certificate: proof.way === 'ca-key' ? proof.certificate : (earlier?.certificate ?? null),
      password: proof.way === 'password' ? await makePasswordVerifier(proof.password) : (earlier?.password ?? null),
    }
  }

  // Locking and leaving

  function lock(reason: LockReason): SessionState {
    if (phase.kind !== 'open' || phase.locked) return state()
    if (reason === 'key-removed') {
      phase.workspace.sync.pause('key-removed')
      void central.suspendSession().catch((error: unknown) => log.info('session not suspended', { code: codeOf(error) }))
      central.useSession(null)
    }
    return enter({ ...phase, locked: reason, online: phase.online && reason !== 'key-removed' })
  }

  function lockWhenPassEnds(): void {
    if (phase.kind !== 'open' || phase.online || !phase.offlineUntil) return
    if (clock.now() > phase.offlineUntil) lock('idle')
  }

  async function unlock(prove: (current: OpenSession) => Promise<SessionState>): Promise<SessionState> {
    const current = openSession()
    if (!current) throw new AppError('not-signed-in')
    return prove(current)
  }

  async function signOut(): Promise<SessionState> {
    const leaving = openSession()
    keys.watch(null)
    if (leaving) {
      await leaving.workspace.close()
      if (leaving.key) await keys.logout(leaving.key.certificateId).catch((error: unknown) => log.info('key not logged out', { code: codeOf(error) }))
      if (leaving.online) await central.endSession().catch((error: unknown) => log.info('session not ended', { code: codeOf(error) }))
    }
    central.useSession(null)
    return enter({ kind: 'signed-out' })
  }

  function noticeSync(workspace: UnitWorkspace): void {
    if (phase.kind === 'open' && phase.workspace === workspace) deps.emit(state())
  }

  function openSession(): OpenSession | null {
    return phase.kind === 'open' ? phase : null
  }

  function requireOpen(): OpenSession {
    if (phase.kind !== 'open') throw new AppError('not-signed-in')
    return phase
  }

  return {
    calls: {
      state: () => state(),
      signInWithKey: (input) => inTurn(() => signInWithKey(input)),
      chooseAccount: ({ accountId, password }) =>
        inTurn(async () => {
          if (phase.kind !== 'choosing') throw new AppError('ticket-expired')
          return chooseAccount(phase, accountId, password)
        }),
      signInWithPassword: ({ username, password }) => inTurn(() => signInWithPassword(username, password)),
      cancelSignIn: () => inTurn(async () => (phase.kind === 'choosing' ? enter({ kind: 'signed-out' }) : state())),
      unlockWithKey: (input) =>
        inTurn(() =>
          unlock(async (current) => {
            refuseForeignKey(current, input.certificateId)
            return signInWithKey(input)
          }),
        ),
      unlockWithPassword: ({ password }) =>
        inTurn(() => unlock((current) => signInWithPassword(current.account.username, password))),
      lock: () => lock('manual'),
      signOut: () => inTurn(() => signOut()),
    },
    requireOpen,
    requireUnlocked: () => {
      const open = requireOpen()
      if (open.locked) throw new AppError('locked')
      return open
    },
    keyRemoved: () => void lock('key-removed'),
    close: async () => {
      clearInterval(offlineTimer)
      await inTurn(async () => openSession()?.workspace.close())
    },
  }

  /** Before the PIN is tried: another company's key would only burn one of its tries. */
  function refuseForeignKey(current: OpenSession, certificateId: string): void {
    const offered = keys.state().certificates.find((certificate) => certificate.certificateId === certificateId)
    if (!offered) throw new AppError('key-not-present')
    if (current.key && offered.company !== current.key.company) throw new AppError('key-different', { company: current.key.company })
  }
}

async function orOutOfReach<T>(attempt: Promise<T>): Promise<T | 'out-of-reach'> {
  try {
    return await attempt
  } catch (error) {
    if (AppError.is(error, ...outOfReach)) return 'out-of-reach'
    throw error
  }
}

function knownCertificate(signed: KeySignature): KnownCertificate {
  const der = Buffer.from(signed.certificate, 'base64url')
  return {
    sha256: createHash('sha256').update(der).digest('hex'),
    spki: new X509Certificate(der).publicKey.export({ type: 'spki', format: 'der' }).toString('base64url'),
  }
}

function codeOf(error: unknown): string {
  return error instanceof AppError ? error.code : 'internal'
}
