import { computed, ref, shallowRef, type ComputedRef, type ShallowRef } from 'vue'
import type { AppError } from '../../shared/errors/app-error.ts'
import { toAppError } from '../bridge/failure.ts'

export interface List {
  readonly busy: ComputedRef<boolean>
  /** Of what was asked last; null where that went well. */
  readonly failure: ShallowRef<AppError | null>
  show(work: Promise<void>): Promise<void>
}

/** A list that is asked for again while it is still being asked for, at each key: which answer counts is its store's to say. */
export function useList(): List {
  const asked = ref(0)
  let newest = 0
  const failure = shallowRef<AppError | null>(null)
  return {
    busy: computed(() => asked.value > 0),
    failure,
    show: async (work) => {
      const mine = ++newest
      asked.value++
      const failed = await work.then(() => null, toAppError)
      asked.value--
      if (mine === newest) failure.value = failed
    },
  }
}
