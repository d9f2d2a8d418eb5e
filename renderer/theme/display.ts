import type { DisplaySettings } from '../../shared/contract/display.contract.ts'
import { bridge, onHostEvent, onHostReconnected } from '../bridge/bridge.ts'

/** What the page shows: it came with those of its start (electron/shell-common/dress-page.ts). */
export function shownSettings(): DisplaySettings {
  const { colours = 'system', textSize = 'standard' } = document.documentElement.dataset
  return { colours, textSize } as DisplaySettings
}

function show({ colours, textSize }: DisplaySettings): void {
  Object.assign(document.documentElement.dataset, { colours, textSize })
}

/** The page follows 显示设置 as they change, in this window or another. */
export function followDisplaySettings(): void {
  onHostEvent('display', 'changed', show)
  // Another window may have changed them while the host was away from this one. Where it goes away again, the next time asks again.
  onHostReconnected(() => void bridge.display.settings({}).then(show, () => undefined))
}
