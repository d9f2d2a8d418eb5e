import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { Notice } from '../../shared/contract/notices.contract.ts'
import { bridge, onHostEvent, onHostReconnected } from '../bridge/bridge.ts'
import { useSessionStore } from './session.store.ts'

/** ms in which what comes together is looked at once. */
const pause = 300

/** What changed since one last looked. */
export const useNoticesStore = defineStore('notices', () => {
  const items = shallowRef<readonly Notice[]>([])
  const unseen = ref(0)
  /** Told how many more there are than at the last look. */
  const listeners = new Set<(more: number) => void>()
  let asked = 0
  let waiting: ReturnType<typeof setTimeout> | undefined
  let loaded = false

  async function load(): Promise<void> {
    const mine = ++asked
    const told = await bridge.notices.list({})
    if (mine !== asked) return
    const more = loaded ? told.unseen - unseen.value : 0
    loaded = true
    items.value = told.items
    unseen.value = told.unseen
    if (more > 0) for (const listener of listeners) listener(more)
  }

  /** Nobody waits for it: behind a lock screen it is asked again once that is open. */
  function loadSoon(): void {
    clearTimeout(waiting)
    waiting = setTimeout(() => {
      if (useSessionStore().phase === 'signed-in') load().catch(() => undefined)
    }, pause)
  }
  onHostEvent('registrations', 'changed', loadSoon)
  onHostEvent('transfers', 'changed', loadSoon)
  onHostEvent('bindings', 'changed', loadSoon)
  onHostEvent('projects', 'changed', loadSoon)
  onHostReconnected(loadSoon)

  return {
    items,
    unseen,
    load,
    markSeen: async () => {
      await bridge.notices.markSeen({})
      await load()
    },
    whenMore: (listener: (more: number) => void) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    /** Another account must not see the last one's. */
    forget: () => {
      asked++
      clearTimeout(waiting)
      loaded = false
      items.value = []
      unseen.value = 0
    },
  }
})
