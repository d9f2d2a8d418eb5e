import { useSessionStore } from '../../stores/session.store.ts'

const spacing = 20_000
const inputs = ['keydown', 'pointerdown', 'pointermove', 'wheel', 'touchstart'] as const

/**
 * Tells the host that somebody is at the workstation: left alone, it locks. In every window, since one that lies idle must not
 * lock the other that is worked in. At once for the first input, now and then while more come, and when the last one was: the time
 * to the lock runs from that.
 * @returns how to stop
 */
export function noteInputs(): () => void {
  const session = useSessionStore()
  let told = -Infinity
  let last = 0
  let later: number | undefined
  function tell() {
    clearTimeout(later)
    later = undefined
    if (session.phase !== 'signed-in') return
    told = Date.now()
    // Out of reach the host is signed out or comes back: the next input tells it.
    session.noteInput(Math.max(0, told - last)).catch(() => (told = -Infinity))
  }
  const note = () => {
    last = Date.now()
    if (session.phase !== 'signed-in') return
    const wait = spacing - Math.abs(last - told)
    if (wait <= 0) tell()
    else later ??= window.setTimeout(tell, wait)
  }
  const options = { capture: true, passive: true }
  for (const input of inputs) window.addEventListener(input, note, options)
  return () => {
    clearTimeout(later)
    for (const input of inputs) window.removeEventListener(input, note, options)
  }
}
