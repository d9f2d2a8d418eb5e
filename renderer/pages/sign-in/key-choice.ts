import { computed, shallowRef, watch, type ComputedRef, type Ref, type WritableComputedRef } from 'vue'
import type { KeyCertificate } from '../../../shared/contract/ca-key.contract.ts'

export interface KeyChoice {
  /** Empty while none is chosen. Written by the clerk's hand only. */
  readonly certificateId: WritableComputedRef<string>
  readonly chosen: ComputedRef<KeyCertificate | undefined>
  /** The one that was chosen was pulled out, and the clerk has not chosen anew. */
  readonly isGone: ComputedRef<boolean>
}

/**
 * Which CA lock a PIN goes to. A PIN that reaches a lock nobody meant burns one of its tries, so none is chosen by itself
 * but the only one there is, and no other takes the place of one whose PIN was being typed. What is chosen stays chosen,
 * whatever else is plugged in: the clerk is about to type.
 * @param isOwn the locks of the unit that is open: no other one is ever chosen by itself; null where nobody is signed in
 * @param isTyping something stands in the PIN field
 */
export function useKeyChoice(usable: Ref<readonly KeyCertificate[]>, isOwn: ((key: KeyCertificate) => boolean) | null, isTyping: () => boolean): KeyChoice {
  const id = shallowRef('')
  /** The chosen one went away under the typing hand: which one now, only the clerk knows. */
  let byHandOnly = false
  const lastChosen = shallowRef('')

  function choose(key: KeyCertificate | undefined): void {
    if (id.value !== '') lastChosen.value = id.value
    id.value = key?.certificateId ?? ''
  }

  function settle(keys: readonly KeyCertificate[]): void {
    const candidates = isOwn ? keys.filter(isOwn) : keys
    const only = candidates.length === 1 ? candidates[0] : undefined
    const current = keys.find(({ certificateId }) => certificateId === id.value)
    if (candidates.length === 0) byHandOnly = false
    // Another unit's lock, put in by mistake and chosen, gives way to the right one.
    if (current && isOwn && only && !isOwn(current) && !isTyping()) return choose(only)
    if (current) return
    if (id.value !== '' && candidates.length > 0 && isTyping()) byHandOnly = true
    choose(byHandOnly ? undefined : only)
  }

  watch(usable, settle, { immediate: true })

  return {
    certificateId: computed({
      get: () => id.value,
      set: (chosen) => {
        id.value = chosen
        byHandOnly = false
      },
    }),
    isGone: computed(() => id.value === '' && lastChosen.value !== '' && !usable.value.some(({ certificateId }) => certificateId === lastChosen.value)),
    chosen: computed(() => usable.value.find(({ certificateId }) => certificateId === id.value)),
  }
}
