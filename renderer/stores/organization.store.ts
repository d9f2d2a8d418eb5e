import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { bridge } from '../bridge/bridge.ts'

type Profile = Awaited<ReturnType<typeof bridge.organization.profile>>

/** 企业基本信息 of the own unit. */
export const useOrganizationStore = defineStore('organization', () => {
  const profile = shallowRef<Profile | null>(null)
  return {
    profile,
    load: async () => {
      profile.value = await bridge.organization.profile({})
    },
    forget: () => {
      profile.value = null
    },
  }
})
