import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import type { DisplaySettings } from '../../shared/contract/display.contract.ts'
import { bridge, onHostEvent } from '../bridge/bridge.ts'
import { shownSettings } from '../theme/display.ts'

/** 显示设置 of this workstation. */
export const useDisplayStore = defineStore('display', () => {
  const settings = shallowRef(shownSettings())
  onHostEvent('display', 'changed', (changed) => void (settings.value = changed))
  return {
    settings,
    /** This window and every other follows by the event that comes of it. */
    change: async (wanted: DisplaySettings) => {
      await bridge.display.change(wanted)
      settings.value = wanted
    },
  }
})
