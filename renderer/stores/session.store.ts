import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { SessionState } from '../../shared/contract/session.contract.ts'
import { bridge, onHostEvent, onHostReconnected } from '../bridge/bridge.ts'

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

  const take = async (answer: Promise<SessionState>) => {
    state.value = await answer
    return state.value
  }
  const load = () => take(bridge.session.state({}))
  onHostEvent('session', 'changed', (next) => {
    state.value = next
  })
  onHostReconnected(() => void load())

  return {
    state,
    phase,
    who,
    connection,
    load,
    signInWithKey: (input: KeyInput) => take(bridge.session.signInWithKey(input)),
    signInWithPassword: (username: string, password: string) => take(bridge.session.signInWithPassword({ username, password })),
    chooseAccount: (accountId: string, password: string | null) => take(bridge.session.chooseAccount({ accountId, password })),
    cancelSignIn: () => take(bridge.session.cancelSignIn({})),
    unlockWithKey: (input: KeyInput) => take(bridge.session.unlockWithKey(input)),
    unlockWithPassword: (password: string) => take(bridge.session.unlockWithPassword({ password })),
    lock: () => take(bridge.session.lock({})),
    signOut: () => take(bridge.session.signOut({})),
  }
})
