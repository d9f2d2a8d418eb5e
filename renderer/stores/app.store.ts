import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type * as v from 'valibot'
import type { appInfoSchema } from '../../shared/contract/app.contract.ts'
import { bridge } from '../bridge/bridge.ts'

/** The program itself: which shell, which version, and where the clerk is in it. */
export const useAppStore = defineStore('app', () => {
  const info = shallowRef<v.InferOutput<typeof appInfoSchema> | null>(null)
  return {
    info,
    load: async () => {
      info.value = await bridge.app.info({})
    },
    /** @param place a router path; holds no personal data */
    keepPlace: async (place: string) => {
      await bridge.app.keepPlace({ place })
    },
  }
})
