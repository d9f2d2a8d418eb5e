import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { bridge } from '../bridge/bridge.ts'

type Page = Awaited<ReturnType<typeof bridge.reveals.search>>

export interface RevealLogFilter {
  readonly from: string | null
  readonly to: string | null
  readonly accountId: string | null
  readonly name: string
}

/** 查看记录 of the own unit, as far as it was asked for. */
export const useRevealLogStore = defineStore('reveal-log', () => {
  const items = shallowRef<Page['items']>([])
  const accounts = shallowRef<Page['accounts']>([])
  const next = ref<string | null>(null)
  const loaded = ref(false)
  let asked = 0
  let filter: RevealLogFilter = { from: null, to: null, accountId: null, name: '' }

  async function ask(cursor: string | null): Promise<void> {
    const mine = ++asked
    const answer = await bridge.reveals.search({ ...filter, cursor })
    if (mine !== asked) return
    items.value = cursor === null ? answer.items : [...items.value, ...answer.items]
    accounts.value = answer.accounts
    next.value = answer.next
    loaded.value = true
  }

  return {
    items,
    accounts,
    next,
    loaded,
    search: (wanted: RevealLogFilter) => {
      filter = wanted
      return ask(null)
    },
    more: () => ask(next.value),
    forget: () => {
      asked++
      items.value = []
      accounts.value = []
      next.value = null
      loaded.value = false
    },
  }
})
