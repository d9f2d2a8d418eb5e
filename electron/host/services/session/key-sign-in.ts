import { createHash, X509Certificate } from 'node:crypto'
import type { SessionState } from '../../../../shared/contract/session.contract.ts'
import { AppError } from '../../../../shared/errors/app-error.ts'
import type { KeySignature } from '../../ca-key/key-driver.ts'
import type { AccountChoice, CentralSession } from '../../central/central-port.ts'
import type { OfflinePasses } from './offline-passes.ts'
import { offlineSignatureHolds, offlineStatement } from './offline-unlock.ts'
import { orOutOfReach, outOfReach } from './out-of-reach.ts'
import type { AwaitedPassword, ChoosingAccount, KnownCertificate, OpenSession, PhaseHolder, UsedKey } from './session-phase.ts'
import type { SessionDeps } from './session-ports.ts'
import { shutKey } from './shut-key.ts'
import type { UnitOpening } from './unit-opening.ts'

export type KeyInput = { certificateId: string; pin: string; confirmFinalTry: boolean }
export type UnlockInput = KeyInput & { password: string | null }

export interface KeySignIn {
  /** Signs in online, or unlocks offline while the central service is out of reach. */
  signIn(input: KeyInput): Promise<SessionState>
  choose(choosing: ChoosingAccount, accountId: string, password: string | null): Promise<SessionState>
  /**
   * The same for the unit that is open already.
   * @throws AppError key-different before the PIN of another company's key is tried; ca-needs-password where `complete` has to follow
   */
  unlock(current: OpenSession, input: UnlockInput): Promise<SessionState>
  /** Adds the password that an unlock waits for; undefined where the central service takes it no more, or is out of reach. */
  complete(current: OpenSession, awaited: AwaitedPassword, password: string): Promise<SessionState | undefined>
}

/** Signing in with the CA lock: PIN, the signature the central service or this device asks for, the choice of an account. */
export function createKeySignIn(deps: SessionDeps, phase: PhaseHolder, opening: UnitOpening, passes: OfflinePasses): KeySignIn {
  const { central, keys, device } = deps

  async function proveByKey(input: KeyInput): Promise<UsedKey> {
    const certificate = keys.state().certificates.find(({ certificateId }) => certificateId === input.certificateId)
    if (!certificate) throw new AppError('key-not-present')
    await keys.login(input.certificateId, input.pin, input.confirmFinalTry)
    return { certificateId: certificate.certificateId, serial: certificate.tokenSerial, company: certificate.company }
  }

  async function askCentral(key: UsedKey): Promise<{ answer: CentralSession | AccountChoice; certificate: KnownCertificate }> {
    const deviceId = device.deviceId()
    const { cid, nonce } = await central.createChallenge(deviceId)
    const signed = await keys.sign(key.certificateId, { audience: central.audience, cid, nonce, deviceId, purpose: 'login' })
    const certificate = certificateOf(signed)
    const proof = { cid, unverifiedCertificate: signed.certificate, alg: signed.alg, signature: signed.signature, deviceId }
    const answer = await central.signInWithCaKey(proof).catch(async (error: unknown) => {
      await passes.certificateRefused(error, certificate.sha256)
      throw error
    })
    const opens = answer.outcome === 'signed-in' ? [answer.account.id] : answer.accounts.map(({ id }) => id)
    await passes.certificateOpens(certificate.sha256, opens)
    return { answer, certificate: { ...certificate, isOfOne: opens.length === 1 } }
  }

  async function signIn(input: KeyInput, password: string | null): Promise<SessionState> {
    const key = await proveByKey(input)
    try {
      return await signInWith(key, password)
    } catch (error) {
      // Nobody came in by it, so it is not left open for whoever sits down next.
      await shutKey(deps, key)
      throw error
    }
  }

  async function signInWith(key: UsedKey, password: string | null): Promise<SessionState> {
    const online = await orOutOfReach(askCentral(key))
    if (online === 'out-of-reach') return unlockOffline(key)
    const { answer, certificate } = online
    if (answer.outcome === 'signed-in') return opening.openOnline(answer, { way: 'ca-key', key, certificate })
    const current = phase.open()
    if (current) return continueAsCurrentAccount(current, answer, { ticket: answer.ticket, key, certificate }, password)
    keys.watch(key.serial)
    return phase.enter({
      kind: 'choosing',
      key,
      organizationName: answer.organizationName,
      accounts: answer.accounts,
      lastAccountId: lastOf(answer.accounts),
      source: { kind: 'online', ticket: answer.ticket, certificate },
    })
  }

  /** Passes stand in the order of their online sign-ins. */
  function lastOf(accounts: readonly { id: string }[]): string | null {
    return device.passes().findLast(({ account }) => accounts.some(({ id }) => id === account.id))?.account.id ?? null
  }

  /** Unlocking with a key bound to several accounts goes on as the one whose session this is. */
  async function continueAsCurrentAccount(current: OpenSession, { accounts }: AccountChoice, proof: AwaitedPassword, password: string | null) {
    const own = accounts.find(({ id }) => id === current.account.id)
    if (!own) throw new AppError('different-unit')
    if (!own.needsPassword) return openChosen(own.id, proof, null)
    // A wrong password leaves the ticket good, so the next try needs no PIN.
    keys.watch(proof.key.serial)
    awaitPassword(proof)
    if (password === null) throw new AppError('ca-needs-password')
    return openChosen(own.id, proof, password)
  }

  /** The unit may have been locked while the central service was asked. */
  function awaitPassword(awaitsPassword: AwaitedPassword | null): void {
    const open = phase.open()
    if (open) phase.enter({ ...open, awaitsPassword })
  }

  async function openChosen(accountId: string, { ticket, key, certificate }: AwaitedPassword, password: string | null): Promise<SessionState> {
    const choice = { ticket, accountId, password, deviceId: device.deviceId() }
    const session = await central.chooseAccount(choice).catch(async (error: unknown) => {
      await passes.choiceRefused(error, { accountId, sha256: certificate.sha256, password })
      throw error
    })
    return opening.openOnline(session, { way: 'ca-key', key, certificate })
  }

  async function complete(current: OpenSession, awaited: AwaitedPassword, password: string): Promise<SessionState | undefined> {
    try {
      return await openChosen(current.account.id, awaited, password)
    } catch (error) {
      if (!AppError.is(error, 'ticket-expired', ...outOfReach)) throw error
      awaitPassword(null)
      return undefined
    }
  }

  async function unlockOffline(key: UsedKey): Promise<SessionState> {
    const statement = offlineStatement(device.deviceId())
    const signed = await keys.sign(key.certificateId, statement)
    const { sha256 } = certificateOf(signed)
    const fitting = device.passes().filter((pass) => pass.certificate?.sha256 === sha256)
    const holds = fitting.filter(
      (pass) =>
        pass.certificate &&
        offlineSignatureHolds({ ...statement, certificateSha256: sha256, alg: signed.alg }, signed.signature, pass.certificate.spki),
    )
    const current = phase.open()
    const own = current ? holds.find((pass) => pass.account.id === current.account.id) : undefined
    const [only, ...others] = own ? [own] : holds
    if (!only) throw new AppError('offline-unlock-unknown')
    // A lock of several may be in anybody's hand, whoever of them was here before: the name is shown before work goes on in it.
    if (others.length === 0 && (current || only.certificate?.isOfOne)) return opening.openOffline(only, 'ca-key', key)
    keys.watch(key.serial)
    return phase.enter({
      kind: 'choosing',
      key,
      organizationName: only.organization.name,
      accounts: holds.map(({ account }) => ({ id: account.id, displayName: account.displayName, needsPassword: false })),
      lastAccountId: lastOf(holds.map(({ account }) => account)),
      source: { kind: 'offline', passes: holds },
    })
  }

  /** Before the PIN is tried: another company's key would only burn one of its tries. */
  function refuseForeignKey(current: OpenSession, certificateId: string): void {
    const offered = keys.state().certificates.find((certificate) => certificate.certificateId === certificateId)
    if (!offered) throw new AppError('key-not-present')
    if (current.key && offered.company !== current.key.company) throw new AppError('key-different', { company: current.key.company })
  }

  return {
    signIn: (input) => signIn(input, null),
    complete,
    choose: async ({ source, key }, accountId, password) => {
      if (source.kind === 'offline') {
        const pass = source.passes.find(({ account }) => account.id === accountId)
        if (!pass) throw new AppError('account-choice-invalid')
        return opening.openOffline(pass, 'ca-key', key)
      }
      return openChosen(accountId, { ticket: source.ticket, key, certificate: source.certificate }, password)
    },
    unlock: async (current, input) => {
      refuseForeignKey(current, input.certificateId)
      return signIn(input, input.password)
    },
  }
}

function certificateOf(signed: KeySignature): Pick<KnownCertificate, 'sha256' | 'spki'> {
  const der = Buffer.from(signed.certificate, 'base64url')
  return {
    sha256: createHash('sha256').update(der).digest('hex'),
    spki: new X509Certificate(der).publicKey.export({ type: 'spki', format: 'der' }).toString('base64url'),
  }
}
