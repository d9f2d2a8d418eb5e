import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { KeyCertificate } from '../../shared/contract/ca-key.contract.ts'
import type { SessionState } from '../../shared/contract/session.contract.ts'
import { bridge, onHostEvent, onHostReconnected } from '../bridge/bridge.ts'
import { useCaKeyStore } from './ca-key.store.ts'

interface KeyInput {
  certificateId: string
  pin: string
  confirmFinalTry: boolean
}

/** Who is signed in, as the host says. PIN and passwords only pass through. */
export const useSessionStore = defineStore('session', () => {
  /** Null until the host has told. */
  const state = shallowRef<SessionState | null>(null)
  const phase = computed(() => state.value?.phase ?? 'unknown')
  const who = computed(() => (state.value?.phase === 'signed-in' || state.value?.phase === 'locked' ? state.value : null))
  const connection = computed(() => (state.value?.phase === 'signed-in' ? state.value.connection : null))
  const passwordByOperator = computed(() => state.value?.phase === 'signed-in' && state.value.passwordByOperator)

  /** Of whoever was signed in last in this window. */
  const lastAccountId = shallowRef<string | null>(null)
  /** As the CA lock of this session names it; it may write the unit's name in its own way. */
  const lockCompany = shallowRef<string | null>(null)

  function enter(next: SessionState): SessionState {
    state.value = next
    if (next.phase === 'signed-out') lockCompany.value = null
    if (who.value) lastAccountId.value = who.value.account.id
    return next
  }
  const take = async (answer: Promise<SessionState>) => enter(await answer)
  const takeByKey = async (certificateId: string, answer: Promise<SessionState>) => {
    const used = useCaKeyStore().certificates.find((key) => key.certificateId === certificateId)
    const next = await take(answer)
    if (next.phase !== 'signed-out') lockCompany.value = used?.company ?? null
    return next
  }
  const load = () => take(bridge.session.state({}))
  onHostEvent('session', 'changed', enter)
  onHostReconnected(() => void load())

  return {
    state,
    phase,
    who,
    connection,
    passwordByOperator,
    lastAccountId,
    isOwnLock: ({ company }: KeyCertificate) => company === (lockCompany.value ?? who.value?.organization.name),
    load,
    signInWithKey: (input: KeyInput) => takeByKey(input.certificateId, bridge.session.signInWithKey(input)),
    signInWithPassword: (username: string, password: string) => take(bridge.session.signInWithPassword({ username, password })),
    chooseAccount: (accountId: string, password: string | null) => take(bridge.session.chooseAccount({ accountId, password })),
    cancelSignIn: () => take(bridge.session.cancelSignIn({})),
    openSigningKey: (input: KeyInput) => takeByKey(input.certificateId, bridge.session.openSigningKey(input)),
    unlockWithKey: (input: KeyInput) => takeByKey(input.certificateId, bridge.session.unlockWithKey(input)),
    unlockWithPassword: (password: string) => take(bridge.session.unlockWithPassword({ password })),
    changePassword: (password: string, newPassword: string) => take(bridge.session.changePassword({ password, newPassword })),
    noteInput: (ago: number) => bridge.session.noteInput({ ago }),
    lock: () => take(bridge.session.lock({})),
    signOut: () => take(bridge.session.signOut({})),
  }
})
