import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { CaKeyState } from '../../shared/contract/ca-key.contract.ts'
import { bridge, onHostEvent, onHostReconnected } from '../bridge/bridge.ts'

/** The CA locks that are plugged in. */
export const useCaKeyStore = defineStore('ca-key', () => {
  const state = shallowRef<CaKeyState | null>(null)
  const certificates = computed(() => state.value?.certificates ?? [])

  const take = async (answer: Promise<CaKeyState>) => {
    state.value = await answer
  }
  const load = () => take(bridge.caKey.state({}))
  onHostEvent('caKey', 'changed', (next) => {
    state.value = next
  })
  onHostReconnected(() => void load())

  return {
    state,
    certificates,
    load,
    refresh: () => take(bridge.caKey.refresh({})),
    chooseDriver: () => take(bridge.caKey.chooseDriver({})),
    forgetDriver: () => take(bridge.caKey.forgetDriver({})),
  }
})
