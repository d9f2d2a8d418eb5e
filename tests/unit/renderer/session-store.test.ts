import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { CaKeyState, KeyCertificate } from '../../../shared/contract/ca-key.contract.ts'
import type { SessionState } from '../../../shared/contract/session.contract.ts'

const signedIn = (username: string): SessionState => ({
  phase: 'signed-in', account: { id: username, username, displayName: username, role: 'clerk', reviewsRegistrations: false, faceSignIn: 'off' }, organization: { id: 'o', name: '上海申修公司', kind: 'contractor', creditCode: '1' },
  way: 'ca-key', connection: 'online', offlineUntil: null, place: null, passwordByOperator: false,
})
const signedOut: SessionState = { phase: 'signed-out', lastUsername: null }
const lock = (company: string) => ({ certificateId: `${company}/01`, company }) as KeyCertificate
const plugged = { certificates: [lock('上海申修公司'), lock('申修（集团）')] } as unknown as CaKeyState

const host = vi.hoisted((): { next: unknown } => ({ next: null }))
vi.mock('../../../renderer/bridge/bridge.ts', () => {
  const answer = async () => host.next
  return {
    bridge: { session: { signInWithKey: answer, signInWithPassword: answer, signOut: answer }, caKey: { state: async () => plugged } },
    onHostEvent: () => undefined,
    onHostReconnected: () => undefined,
  }
})

const { useCaKeyStore } = await import('../../../renderer/stores/ca-key.store.ts')
const { useSessionStore } = await import('../../../renderer/stores/session.store.ts')
const [named, otherwiseNamed] = [lock('上海申修公司'), lock('申修（集团）')]

beforeEach(async () => {
  setActivePinia(createPinia())
  await useCaKeyStore().load()
})

describe("the unit's own CA lock", () => {
  it('is the one with its name, where a password opened the session', async () => {
    const session = useSessionStore()
    host.next = signedIn('zhang')
    await session.signInWithPassword('zhang', 'password')
    expect([named, otherwiseNamed].map(session.isOwnLock)).toEqual([true, false])
  })

  it('is the one that opened the session, however it writes the name, until somebody signs out', async () => {
    const session = useSessionStore()
    host.next = signedIn('zhang')
    await session.signInWithKey({ certificateId: otherwiseNamed.certificateId, pin: '1', confirmFinalTry: false })
    expect([named, otherwiseNamed].map(session.isOwnLock)).toEqual([false, true])
    host.next = signedOut
    await session.signOut()
    host.next = signedIn('li')
    await session.signInWithPassword('li', 'password')
    expect([named, otherwiseNamed].map(session.isOwnLock)).toEqual([true, false])
  })
})

it('the account that was here last is remembered after it signed out', async () => {
  const session = useSessionStore()
  host.next = signedIn('zhang')
  await session.signInWithPassword('zhang', 'password')
  host.next = signedOut
  await session.signOut()
  expect(session.lastAccountId).toBe('zhang')
})
