import { defineStore } from 'pinia'
import { shallowRef } from 'vue'
import { createRegions, type RegionNode, type Regions } from '../../shared/domain/regions.ts'

const file = new URL('../../resources/regions/regions.json', import.meta.url).href

/** 行政区划, read once when the first form wants them. */
export const useRegionsStore = defineStore('regions', () => {
  const regions = shallowRef<Regions | null>(null)
  let loading: Promise<void> | undefined

  async function read(): Promise<void> {
    const answer = await fetch(file)
    const { regions: nodes } = (await answer.json()) as { regions: RegionNode[] }
    regions.value = createRegions(nodes)
  }

  return {
    regions,
    load: () => (loading ??= read()),
    /** `上海市徐汇区`; the code while the file is still being read. */
    label: (code: string) => regions.value?.label(code) ?? code,
  }
})
