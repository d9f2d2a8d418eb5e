import { nextTick, ref, shallowRef, type Ref } from 'vue'
import type { AppError } from '../../shared/errors/app-error.ts'
import { toAppError } from '../bridge/failure.ts'

export interface Task {
  readonly busy: Ref<boolean>
  /** Of the last run; null while it went well. */
  readonly failure: Ref<AppError | null>
  /** Runs one at a time; a second wish during a run is dropped. @returns whether it went well */
  run(work: () => Promise<unknown>): Promise<boolean>
}

/** One action of the clerk: busy while it runs, and what went wrong. */
export function useTask(): Task {
  const busy = ref(false)
  const failure = shallowRef<AppError | null>(null)
  return {
    busy,
    failure,
    run: async (work) => {
      if (busy.value) return false
      const focused = document.activeElement
      busy.value = true
      failure.value = null
      try {
        await work()
        return true
      } catch (error) {
        failure.value = toAppError(error)
        return false
      } finally {
        busy.value = false
        await giveBack(focused)
      }
    },
  }
}

/** A button that is disabled while its task runs loses the focus to nothing at all. */
async function giveBack(focused: Element | null): Promise<void> {
  await nextTick()
  if (focused instanceof HTMLElement && focused.isConnected && document.activeElement === document.body) focused.focus()
}
