import { onBeforeUnmount, watch } from 'vue'
import { useSessionStore } from '../stores/session.store.ts'
import { useTask, type Task } from './use-task.ts'

/**
 * A list of the central service's that others add to: asked for when the page opens and when it is unlocked, and again quietly, as nobody has asked.
 * @param every ms
 */
export function useWatchedList(ask: () => Promise<void>, every: number): Pick<Task, 'busy' | 'failure'> & { load(): Promise<boolean> } {
  const session = useSessionStore()
  const { busy, failure, run } = useTask()
  const load = () => run(ask)
  const timer = setInterval(() => session.phase === 'signed-in' && !busy.value && void ask().catch(() => undefined), every)
  onBeforeUnmount(() => clearInterval(timer))
  watch(
    () => session.phase === 'signed-in',
    (unlocked) => {
      if (unlocked) void load()
    },
    { immediate: true },
  )
  return { busy, failure, load }
}
