import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { createRegions, type RegionNode, type Regions } from '../../shared/domain/regions.ts'

const file = new URL('../../resources/regions/regions.json', import.meta.url).href

/** 行政区划, read once when the first form wants them. */
export const useRegionsStore = defineStore('regions', () => {
  const regions = shallowRef<Regions | null>(null)
  /** The last reading failed; the next wish reads again. */
  const failed = ref(false)
  let loading: Promise<void> | undefined

  async function read(): Promise<void> {
    try {
      const answer = await fetch(file)
      if (!answer.ok) throw new Error(`regions: ${answer.status}`)
      const { regions: nodes } = (await answer.json()) as { regions: RegionNode[] }
      regions.value = createRegions(nodes)
      failed.value = false
    } catch {
      failed.value = true
      loading = undefined
    }
  }

  return {
    regions,
    failed,
    /** Never throws: a form without the regions is still a form. */
    load: () => (loading ??= read()),
    /** `上海市徐汇区`; the code while the file is still being read. */
    label: (code: string) => regions.value?.label(code) ?? code,
  }
})
