import { ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import type { AppError } from '../../../shared/errors/app-error.ts'
import { toAppError } from '../../bridge/failure.ts'
import { useRegionsStore } from '../../stores/regions.store.ts'
import { useSessionStore } from '../../stores/session.store.ts'

export interface Reviewed<One> {
  /** null while it is read, and behind the lock screen. */
  readonly found: ShallowRef<One | null>
  readonly reading: Ref<boolean>
  readonly failure: ShallowRef<AppError | null>
  /** Reads it from the beginning. */
  open(): Promise<void>
  /** Reads what is there now, over what is shown. */
  read(): Promise<void>
}

/**
 * One of a list that is reviewed, read as soon as it is turned to. Whoever is turned to last is shown, also while a decision on the one
 * before is still being told.
 *
 * @param list sees to the list in which it stands: loaded again here, a page has none to go on in
 */
export function useReviewed<One>(id: () => string, ask: (id: string) => Promise<One>, list: () => Promise<unknown>): Reviewed<One> {
  const session = useSessionStore()
  const regions = useRegionsStore()
  const found = shallowRef<One | null>(null)
  const reading = ref(false)
  const failure = shallowRef<AppError | null>(null)
  let turn = 0

  async function read(): Promise<void> {
    const wanted = id()
    const answer = await ask(wanted)
    if (wanted === id() && session.phase === 'signed-in') found.value = answer
  }

  async function open(): Promise<void> {
    const mine = ++turn
    found.value = null
    failure.value = null
    reading.value = true
    try {
      await Promise.all([list(), regions.load(), read()])
    } catch (error) {
      if (mine === turn) failure.value = toAppError(error)
    } finally {
      if (mine === turn) reading.value = false
    }
  }

  watch(
    [id, () => session.phase === 'signed-in'],
    ([, unlocked]) => {
      if (unlocked) void open()
      // Nobody reads on behind the lock screen.
      else found.value = null
    },
    { immediate: true },
  )
  return { found, reading, failure, open, read }
}
