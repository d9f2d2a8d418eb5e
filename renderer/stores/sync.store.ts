import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { SyncStatus } from '../../shared/contract/sync.contract.ts'
import { bridge, onHostEvent } from '../bridge/bridge.ts'

/** How far what is here and what is at the central service agree. */
export const useSyncStore = defineStore('sync', () => {
  const status = shallowRef<SyncStatus | null>(null)
  const take = async (answer: Promise<SyncStatus>) => {
    status.value = await answer
  }
  onHostEvent('sync', 'changed', (next) => {
    status.value = next
  })
  return {
    status,
    load: () => take(bridge.sync.status({})),
    syncNow: () => take(bridge.sync.syncNow({})),
    acceptRemovals: () => take(bridge.sync.acceptRemovals({})),
    forget: () => {
      status.value = null
    },
  }
})
