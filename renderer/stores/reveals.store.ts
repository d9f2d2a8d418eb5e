import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import type { RevealedField, RevealReason } from '../../shared/domain/reveals.ts'
import { bridge } from '../bridge/bridge.ts'

interface Shown {
  readonly value: string
  /** ms since the epoch. */
  readonly until: number
}

const keyOf = (id: string, field: RevealedField) => `${id}/${field}`

/** Masked numbers that are shown in clear just now, each for its seconds and in this window alone. */
export const useRevealsStore = defineStore('reveals', () => {
  const shown = shallowRef<ReadonlyMap<string, Shown>>(new Map())
  const now = ref(Date.now())
  let timer: ReturnType<typeof setInterval> | undefined
  /** How often everything was hidden: an answer from before shows nothing. */
  let hidden = 0

  function keep(next: ReadonlyMap<string, Shown>) {
    shown.value = next
    if (next.size > 0) timer ??= setInterval(tick, 250)
    else {
      clearInterval(timer)
      timer = undefined
    }
  }

  function tick() {
    now.value = Date.now()
    const rest = [...shown.value].filter(([, { until }]) => until > now.value)
    if (rest.length < shown.value.size) keep(new Map(rest))
  }

  return {
    /** The number and for how many seconds more; null while it is masked. */
    shownOf: (id: string, field: RevealedField): { value: string; seconds: number } | null => {
      const found = shown.value.get(keyOf(id, field))
      return found ? { value: found.value, seconds: Math.max(1, Math.ceil((found.until - now.value) / 1_000)) } : null
    },
    show: async (input: { id: string; field: RevealedField; reason: RevealReason; words: string }) => {
      const before = hidden
      const { value, seconds } = await bridge.reveals.show(input)
      if (before !== hidden) return
      now.value = Date.now()
      keep(new Map([...shown.value, [keyOf(input.id, input.field), { value, until: now.value + seconds * 1_000 }]]))
    },
    hide: (id: string, field: RevealedField) => keep(new Map([...shown.value].filter(([key]) => key !== keyOf(id, field)))),
    /** Another clerk, or the lock screen. */
    forget: () => {
      hidden++
      keep(new Map())
    },
  }
})
