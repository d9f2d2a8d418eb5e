import { hostConnection } from '../../bridge/bridge.ts'
import { useManagerFormStore } from '../../stores/manager-form.store.ts'
import { useOrganizationStore } from '../../stores/organization.store.ts'

/**
 * The window is closed or loaded again: the last keys go to the host at once. Only where they cannot, or 联系信息 was typed
 * and not saved, the browser asks whether to leave all the same: nobody is asked about what is safe.
 * @returns how to stop
 */
export function guardLeaving(): () => void {
  const form = useManagerFormStore()
  const organization = useOrganizationStore()
  const ask = (event: Event) => {
    const isSafe = form.handOver()
    if (!isSafe || (form.unkept && hostConnection.value !== 'open') || organization.isChanged) event.preventDefault()
  }
  // Some ways to go ask nobody before.
  const go = () => void form.handOver()
  window.addEventListener('beforeunload', ask)
  window.addEventListener('pagehide', go)
  return () => {
    window.removeEventListener('beforeunload', ask)
    window.removeEventListener('pagehide', go)
  }
}
