import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { CaKeyState, KeyCertificate } from '../../shared/contract/ca-key.contract.ts'
import { bridge, onHostEvent, onHostReconnected } from '../bridge/bridge.ts'

/** The CA locks that are plugged in. */
export const useCaKeyStore = defineStore('ca-key', () => {
  const state = shallowRef<CaKeyState | null>(null)
  /** In the order they were plugged in: a new one moves none of those that somebody is about to point at. */
  const certificates = shallowRef<readonly KeyCertificate[]>([])

  function show(next: CaKeyState): void {
    const before = certificates.value.map(({ certificateId }) => certificateId)
    const place = ({ certificateId }: KeyCertificate) => (before.includes(certificateId) ? before.indexOf(certificateId) : before.length)
    certificates.value = [...next.certificates].sort((one, other) => place(one) - place(other))
    state.value = next
  }
  const take = async (answer: Promise<CaKeyState>) => show(await answer)
  const load = () => take(bridge.caKey.state({}))
  onHostEvent('caKey', 'changed', show)
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
