import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { bridge } from '../bridge/bridge.ts'

type Profile = Awaited<ReturnType<typeof bridge.organization.profile>>

/** 企业基本信息 of the own unit. */
export const useOrganizationStore = defineStore('organization', () => {
  const profile = shallowRef<Profile | null>(null)
  /** How often it was forgotten: an answer from before is another clerk's. */
  let forgotten = 0
  return {
    profile,
    load: async () => {
      const before = forgotten
      const answer = await bridge.organization.profile({})
      if (before === forgotten) profile.value = answer
    },
    forget: () => {
      forgotten++
      profile.value = null
    },
  }
})
