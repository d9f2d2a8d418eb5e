import { hostConnection } from '../../bridge/bridge.ts'
import { useManagerFormStore } from '../../stores/manager-form.store.ts'

/**
 * The window is closed or loaded again: the last keys go to the host at once. Only where they cannot, the browser asks
 * whether to leave all the same: nobody is asked about what is safe.
 */
export function guardLeaving(): void {
  const form = useManagerFormStore()
  window.addEventListener('beforeunload', (event) => {
    const isSafe = form.handOver()
    if (!isSafe || (form.unkept && hostConnection.value !== 'open')) event.preventDefault()
  })
  // Some ways to go ask nobody before.
  window.addEventListener('pagehide', () => void form.handOver())
}
