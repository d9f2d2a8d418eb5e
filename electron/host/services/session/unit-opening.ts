import type { SessionState } from '../../../../shared/contract/session.contract.ts'
import type { Account, Organization } from '../../../../shared/contract/common.ts'
import { AppError } from '../../../../shared/errors/app-error.ts'
import type { CentralSession } from '../../central/central-port.ts'
import type { ClockWatch } from './clock-watch.ts'
import { makePasswordVerifier, offlineUntil, passEnds, type OfflinePass, type SignedInOnline } from './offline-unlock.ts'
import { keyInHand, type KnownCertificate, type OpenSession, type PhaseHolder, type UsedKey } from './session-phase.ts'
import type { OpenWorkspace, SessionDeps, UnitWorkspace } from './session-ports.ts'
import { codeOf, shutKey } from './shut-key.ts'

/** How somebody has just shown who they are. */
export type Proof =
  | { way: 'ca-key'; key: UsedKey; certificate: KnownCertificate }
  | { way: 'password'; password: string; username: string }

export interface UnitOpening {
  /** @throws AppError different-unit where another unit is open; `local-*` where its data cannot be opened */
  openOnline(session: CentralSession, proof: Proof): Promise<SessionState>
  /** @throws AppError also offline-unlock-expired, offline-clock-back */
  openOffline(pass: OfflinePass, way: 'ca-key' | 'password', key: UsedKey | null): Promise<SessionState>
}

/** From a proven identity to an open unit: its local data, what is remembered of it, and the queue set going. */
export function createUnitOpening(deps: SessionDeps, phase: PhaseHolder, clockWatch: ClockWatch, changed: (workspace: UnitWorkspace) => void): UnitOpening {
  const { central, keys, device, clock, log, openWorkspace } = deps

  async function openedWith(
    workspace: UnitWorkspace,
    who: Pick<OpenSession, 'account' | 'organization' | 'way' | 'key' | 'online' | 'token' | 'offlineUntil' | 'passwordByOperator'>,
  ): Promise<SessionState> {
    const before = keyInHand(phase.current())
    if (before?.certificateId !== who.key?.certificateId) await shutKey(deps, before)
    keys.watch(who.key?.serial ?? null)
    const place = await workspace.readPlace()
    const opened = phase.enter({ kind: 'open', ...who, workspace, place, locked: null, awaitsPassword: null, signingKey: null })
    workspace.sync.resume()
    return opened
  }

  /** What is open stays its clerk's: somebody else signs out first, and so do they. */
  function refuseOthers(account: Pick<Account, 'id'>, organization: Pick<Organization, 'id'>): void {
    const current = phase.open()
    if (current && current.organization.id !== organization.id) throw new AppError('different-unit')
    if (current && current.account.id !== account.id) throw new AppError('different-account')
  }

  /** Unlocking keeps the unit's file open and its pages alive. */
  async function reuseOrOpen(...[account, organization, fresh]: Parameters<OpenWorkspace>): Promise<UnitWorkspace> {
    const current = phase.open()
    if (current) return current.workspace
    const workspace = await openWorkspace(account, organization, fresh)
    workspace.sync.onChange(() => changed(workspace))
    return workspace
  }

  async function makePass(session: CentralSession, organization: OfflinePass['organization'], proof: Proof, online: SignedInOnline): Promise<OfflinePass> {
    const earlier = device.passes().find(({ account }) => account.id === session.account.id)
    return {
      account: session.account,
      organization,
      certificate: proof.way === 'ca-key' ? { ...proof.certificate, ...online } : (earlier?.certificate ?? null),
      password: proof.way === 'password' ? { ...(await makePasswordVerifier(proof.password)), ...online } : (earlier?.password ?? null),
    }
  }

  async function openWithSession(session: CentralSession, proof: Proof): Promise<SessionState> {
    refuseOthers(session.account, session.organization)
    const { id, name, kind, creditCode } = session.organization
    const organization = { id, name, kind, creditCode }
    const workspace = await reuseOrOpen(session.account, organization, { organization: session.organization, epoch: session.epoch, identityCheckRequired: session.identityCheckRequired })
    const online = { lastOnlineAt: clock.now().toISOString(), serverTime: session.serverTime }
    const pass = await makePass(session, organization, proof, online)
    try {
      await device.rememberPass(pass, proof.way === 'password' ? proof.username : null, session.serverTime)
    } catch (error) {
      if (phase.open()?.workspace !== workspace) await workspace.close()
      throw error
    }
    const { token, account, passwordByOperator } = session
    central.useSession(token)
    const key = proof.way === 'ca-key' ? proof.key : null
    return openedWith(workspace, { account, organization, way: proof.way, key, online: true, token, offlineUntil: passEnds(online), passwordByOperator })
  }

  /** A session that nobody here will use. Its call takes the token of the moment it is made; the next ones are the open unit's again. */
  function endUnused(token: string): void {
    const own = phase.open()?.token ?? null
    if (token === own) return
    central.useSession(token)
    const ended = central.endSession()
    central.useSession(own)
    void ended.catch((error: unknown) => log.info('unused session not ended', { code: codeOf(error) }))
  }

  return {
    openOnline: async (session, proof) => {
      try {
        return await openWithSession(session, proof)
      } catch (error) {
        endUnused(session.token)
        throw error
      }
    },
    openOffline: async (pass, way, key) => {
      const online = way === 'ca-key' ? pass.certificate : pass.password
      if (!online) throw new AppError('offline-unlock-unknown')
      if (clockWatch.isSetBack()) throw new AppError('offline-clock-back')
      const until = offlineUntil(online, clock.now())
      refuseOthers(pass.account, pass.organization)
      const workspace = await reuseOrOpen(pass.account, pass.organization, null)
      central.useSession(null)
      await clockWatch.note()
      // It cannot be changed now.
      const passwordByOperator = false
      return openedWith(workspace, { account: pass.account, organization: pass.organization, way, key, online: false, token: null, offlineUntil: until, passwordByOperator })
    },
  }
}
