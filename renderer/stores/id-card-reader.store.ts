import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { IdCard } from '../../shared/contract/id-card-reader.contract.ts'
import { bridge } from '../bridge/bridge.ts'
import { useManagerFormStore } from './manager-form.store.ts'

/** 读身份证: types what the chip says. A card that was read waits here until the form of that person is open. */
export const useIdCardReaderStore = defineStore('id-card-reader', () => {
  const form = useManagerFormStore()
  const label = ref<string | null>(null)
  const waiting = shallowRef<IdCard | null>(null)

  /** Into what is still empty. @returns false where the form is another person's */
  function fill({ idCardNo, name, ethnicity }: IdCard): boolean {
    if (form.values.idCardNo !== idCardNo) return false
    for (const [field, text] of [['name', name], ['ethnicity', ethnicity]] as const) if (form.values[field] === '') form.change(field, text)
    return true
  }

  return {
    label,
    load: async () => {
      label.value = (await bridge.idCardReader.state({})).reader?.label ?? null
    },
    /** @returns the card's number, for 新增 */
    read: async (): Promise<string> => {
      waiting.value = await bridge.idCardReader.read({})
      return waiting.value.idCardNo
    },
    /** The form has just been opened for a person whose card was read. */
    fillOpened: () => {
      if (waiting.value) fill(waiting.value)
      waiting.value = null
    },
    forget: () => {
      waiting.value = null
    },
  }
})
