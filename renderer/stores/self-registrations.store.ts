import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { WaitingSelfRegistration } from '../../shared/api/self-registrations.ts'
import type { SelfPhoto } from '../../shared/domain/self-registration.ts'
import { bridge } from '../bridge/bridge.ts'
import { readContent } from './attachment-pieces.ts'

/** 扫码登记: what waits on one project. All of it comes from the central service and goes with the page. */
export const useSelfRegistrationsStore = defineStore('self-registrations', () => {
  const waiting = shallowRef<readonly WaitingSelfRegistration[]>([])
  const loaded = ref(false)
  let asked = 0

  async function load(projectId: string): Promise<void> {
    const mine = ++asked
    const { items } = await bridge.selfRegistrations.waiting({ projectId })
    if (mine !== asked) return
    waiting.value = items
    loaded.value = true
  }

  return {
    waiting,
    loaded,
    load,
    open: (id: string) => bridge.selfRegistrations.open({ id }),
    photo: (id: string, photo: SelfPhoto) => readContent('image/jpeg', (offset) => bridge.selfRegistrations.readPhoto({ id, photo, offset })),
    accept: (id: string) => bridge.selfRegistrations.accept({ id }),
    acceptRegistered: (id: string) => bridge.selfRegistrations.acceptRegistered({ id }),
    giveBack: (id: string, reason: string) => bridge.selfRegistrations.giveBack({ id, reason }),
    forget: () => {
      asked++
      waiting.value = []
      loaded.value = false
    },
  }
})
