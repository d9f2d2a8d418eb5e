import { onBeforeUnmount, shallowRef, watch, type ShallowRef } from 'vue'
import { useBindingsStore } from '../../stores/bindings.store.ts'

/**
 * What the bindings say of the person whose form it is, following them while the form is open. It is no reason to stop filling in the form that
 * this cannot be had: the next change asks again.
 */
export function useBindingsOf<T>(recordId: () => string, ask: (recordId: string) => Promise<readonly T[]>): ShallowRef<readonly T[]> {
  const rows = shallowRef<readonly T[]>([])
  const load = async () => {
    rows.value = await ask(recordId()).catch(() => rows.value)
  }
  onBeforeUnmount(useBindingsStore().whenChanged(() => void load()))
  watch(recordId, load, { immediate: true })
  return rows
}
