import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import type { CaKeyState, PinState } from '../../shared/contract/ca-key.contract.ts'
import type { SessionState } from '../../shared/contract/session.contract.ts'
import type { SyncStatus } from '../../shared/contract/sync.contract.ts'
import { signedStatementText, type SignedStatement } from '../../shared/domain/ca-login-bytes.ts'
import type { ErrorCode } from '../../shared/errors/codes.ts'
import { AppError } from '../../shared/errors/app-error.ts'
import type { AccountChoice, CentralPort, CentralSession } from '../../electron/host/central/central-port.ts'
import type { OfflinePass } from '../../electron/host/services/session/offline-unlock.ts'
import type { OpenWorkspace, SessionDevice, SessionKeys, UnitWorkspace } from '../../electron/host/services/session/session-ports.ts'
import { selfSignedCertificate } from './self-signed-certificate.ts'

/** Stand-ins for what surrounds the session service: a key that really signs, a central service that can vanish. */

export const clerk = { id: '018f0000-0000-7000-8000-000000000001', username: 'zhang', displayName: '张会计', role: 'clerk' as const, reviewsRegistrations: false, faceSignIn: 'off' as const }
export const colleague = { id: '018f0000-0000-7000-8000-000000000002', username: 'li', displayName: '李文员', role: 'clerk' as const, reviewsRegistrations: false, faceSignIn: 'off' as const }
export const unit = { id: '018f0000-0000-7000-8000-0000000000a1', name: '示例修缮工程有限公司', kind: 'contractor' as const, creditCode: '91310000MA1FL0000X' }
export const otherUnit = { ...unit, id: '018f0000-0000-7000-8000-0000000000a2', name: '另一家建设有限公司' }

export const pinOk: PinState = { minLength: 4, maxLength: 16, low: false, finalTry: false, locked: false }

export async function fakeKey(company = unit.name, serial = 'serial-1') {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const der = await selfSignedCertificate(company, publicKey, privateKey)
  const certificateId = `${serial}/01`
  return { company, serial, certificateId, der, privateKey, publicKey }
}
type FakeKey = Awaited<ReturnType<typeof fakeKey>>

export function fakeKeys(...present: FakeKey[]): SessionKeys & { watched: string | null; logins: string[]; opened: Set<string> } {
  const opened = new Set<string>()
  const find = (certificateId: string) => {
    const key = present.find((candidate) => candidate.certificateId === certificateId)
    if (!key) throw new AppError('key-not-present')
    return key
  }
  return {
    watched: null,
    logins: [],
    opened,
    state: (): CaKeyState => ({
      phase: 'ready',
      driver: { name: 'stand-in', path: '/stand-in' },
      chosenDriver: null,
      problem: null,
      certificates: present.map((key) => ({
        certificateId: key.certificateId,
        tokenLabel: key.company,
        tokenSerial: key.serial,
        company: key.company,
        issuer: '演示CA',
        notBefore: '2026-01-01T00:00:00Z',
        notAfter: '2030-01-01T00:00:00Z',
        problem: null,
        pin: pinOk,
      })),
    }),
    async login(certificateId, pin) {
      this.logins.push(certificateId)
      find(certificateId)
      if (pin !== '12345678') throw new AppError('key-pin-wrong')
      opened.add(certificateId)
      return pinOk
    },
    async sign(certificateId, statement) {
      if (!opened.has(certificateId)) throw new AppError('key-removed-while-signing')
      const key = find(certificateId)
      const certificateSha256 = createHash('sha256').update(key.der).digest('hex')
      const whole: SignedStatement = { ...statement, certificateSha256, alg: 'ES256' }
      return {
        alg: 'ES256',
        signature: signRaw(whole, key.privateKey),
        certificate: key.der.toString('base64url'),
      }
    },
    async logout(certificateId) {
      opened.delete(certificateId)
    },
    watch(serial) {
      this.watched = serial
    },
  }
}

function signRaw(statement: SignedStatement, key: KeyObject): string {
  return sign('sha256', Buffer.from(signedStatementText(statement)), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')
}

export interface FakeCentral extends CentralPort {
  reachable: boolean
  /** What the next sign-in with a key answers. */
  keyAnswer: Awaited<ReturnType<CentralPort['signInWithCaKey']>>
  /** The operator's switch: neither the lock nor the password suffices. */
  caNeedsPassword: boolean
  /** Calls that are answered with this refusal. */
  refusals: Map<string, ErrorCode>
  serverTime: string
  token: string | null
  /** Tokens whose sessions were ended. */
  ended: (string | null)[]
  calls: string[]
}

export function centralSession(account = clerk, organization = unit, way: 'ca-key' | 'password' = 'ca-key'): CentralSession {
  return {
    outcome: 'signed-in',
    token: `token-of-${account.username}`,
    way,
    account,
    passwordByOperator: false,
    organization: { ...organization, version: 1, address: '', contactName: '', contactPhone: '', recoveryPublicKey: '' },
    idleExpiresInSeconds: 1800,
    expiresAt: '2026-11-23T20:00:00.000Z',
    serverTime: '2026-11-23T08:00:00.000Z',
    epoch: 'epoch-1',
    identityCheckRequired: true,
  }
}

export function choiceOf({ needsPassword }: { needsPassword: boolean }, ...accounts: (typeof clerk)[]): AccountChoice {
  return {
    outcome: 'choose-account',
    ticket: 't'.repeat(43),
    expiresInSeconds: 300,
    organizationName: unit.name,
    accounts: accounts.map(({ id, displayName }) => ({ id, displayName, needsPassword })),
  }
}

export function fakeCentral(): FakeCentral {
  const unused = () => Promise.reject(new Error('not part of signing in'))
  const central: FakeCentral = {
    audience: 'https://central.example',
    reachable: true,
    keyAnswer: centralSession(),
    caNeedsPassword: false,
    refusals: new Map(),
    serverTime: '2026-11-23T08:00:00.000Z',
    token: null,
    ended: [],
    calls: [],
    createChallenge: () => reach('createChallenge', () => ({ cid: 'cid-1234', nonce: 'n'.repeat(43) })),
    signInWithCaKey: () => reach('signInWithCaKey', () => refused('signInWithCaKey') ?? dated(central.caNeedsPassword ? choiceOf({ needsPassword: true }, clerk) : central.keyAnswer)),
    chooseAccount: ({ accountId, password }) =>
      reach('chooseAccount', () => {
        refused('chooseAccount')
        if (password === null && central.caNeedsPassword) throw new AppError('ca-needs-password')
        if (password === 'wrong') throw new AppError('sign-in-failed')
        return dated(centralSession(accountId === colleague.id ? colleague : clerk))
      }),
    signInWithPassword: ({ username, password }) =>
      reach('signInWithPassword', () => {
        refused('signInWithPassword')
        if (central.caNeedsPassword) throw new AppError('password-needs-ca')
        if (password !== 'right-password') throw new AppError('sign-in-failed')
        return dated(centralSession(username === colleague.username ? colleague : clerk, unit, 'password'))
      }),
    useSession: (token) => void (central.token = token),
    changePassword: ({ password }) =>
      reach('changePassword', () => {
        refused('changePassword')
        if (password !== 'right-password') throw new AppError('password-wrong')
      }),
    suspendSession: () => reach('suspendSession', () => undefined),
    endSession: () => {
      const { token } = central
      return reach('endSession', () => void central.ended.push(token))
    },
    readOrganization: () => reach('readOrganization', () => refused('readOrganization') ?? centralSession().organization),
    checkIdCardNo: unused,
    transferRequests: unused,
    askTransfer: unused,
    refuseTransfer: unused,
    withdrawTransfer: unused,
    transferIn: unused,
    readRegistration: unused,
    searchPending: unused,
    readPending: unused,
    readPendingAttachment: unused,
    decide: unused,
    listDecided: unused,
    listReviewsOf: unused,
    reportReveals: unused,
    searchReveals: unused,
    push: unused,
    pull: unused,
    awaitNews: unused,
  }
  function refused(call: string): undefined {
    const code = central.refusals.get(call)
    if (code) throw new AppError(code)
  }
  function dated<T extends CentralSession | AccountChoice>(answer: T): T {
    return answer.outcome === 'signed-in' ? { ...answer, serverTime: central.serverTime } : answer
  }
  async function reach<T>(call: string, answer: () => T): Promise<T> {
    central.calls.push(call)
    if (!central.reachable) throw new AppError('central-unreachable')
    return answer()
  }
  return central
}

export function fakeDevice(): SessionDevice & { stored: OfflinePass[]; username: string | null; seen: string | null; seenWrites: number } {
  return {
    stored: [],
    username: null,
    deviceId: () => 'device-0123456789abcdef',
    lastUsername() {
      return this.username
    },
    passes() {
      return this.stored
    },
    seen: null,
    seenWrites: 0,
    lastSeenAt() {
      return this.seen
    },
    async seeAt(instant) {
      this.seen = instant
      this.seenWrites += 1
    },
    async rememberPass(pass, lastUsername, serverTime) {
      this.seen = serverTime
      this.stored = [...this.stored.filter(({ account }) => account.id !== pass.account.id), pass]
      this.username = lastUsername ?? this.username
    },
    async changePasses(change) {
      this.stored = change(this.stored)
    },
  }
}

export interface FakeWorkspace extends UnitWorkspace {
  closed: boolean
  paused: boolean
  setSync(phase: SyncStatus['phase'], problem?: ErrorCode): void
}

export function fakeWorkspaces(): { open: OpenWorkspace; opened: FakeWorkspace[] } {
  const opened: FakeWorkspace[] = []
  const open: OpenWorkspace = async (account, organization) => {
    let status: SyncStatus = { phase: 'idle', queued: 0, needsAttention: 0, lastSyncedAt: null, nextTryAt: null, problem: null }
    const listeners: ((status: SyncStatus) => void)[] = []
    const workspace: FakeWorkspace = {
      organization,
      account,
      closed: false,
      paused: false,
      readPlace: async () => '/registrations',
      keepPlace: async () => undefined,
      sync: {
        status: () => status,
        pause: () => void (workspace.paused = true),
        resume: () => void (workspace.paused = false),
        onChange: (listener) => void listeners.push(listener),
      },
      close: async () => void (workspace.closed = true),
      setSync: (phase, code) => {
        status = { ...status, phase, problem: code ? { code, details: {} } : null }
        for (const listener of listeners) listener(status)
      },
    }
    opened.push(workspace)
    return workspace
  }
  return { open, opened }
}

export type EmittedStates = SessionState[]
