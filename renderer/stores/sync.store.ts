import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { SyncStatus } from '../../shared/contract/sync.contract.ts'
import { bridge, onHostEvent, onHostReconnected } from '../bridge/bridge.ts'
import { useSessionStore } from './session.store.ts'

/** How far what is here and what is at the central service agree. */
export const useSyncStore = defineStore('sync', () => {
  const status = shallowRef<SyncStatus | null>(null)
  const take = async (answer: Promise<SyncStatus>) => {
    status.value = await answer
  }
  onHostEvent('sync', 'changed', (next) => {
    status.value = next
  })
  const load = () => take(bridge.sync.status({}))
  onHostReconnected(() => {
    // A host that started anew is signed out: the session store hears that itself, and there is no status to be had.
    if (useSessionStore().phase === 'signed-in') load().catch(() => undefined)
  })
  return {
    status,
    load,
    syncNow: () => take(bridge.sync.syncNow({})),
    acceptRemovals: () => take(bridge.sync.acceptRemovals({})),
    forget: () => {
      status.value = null
    },
  }
})
