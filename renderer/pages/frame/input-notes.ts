import { useSessionStore } from '../../stores/session.store.ts'

const spacing = 20_000
// `input` besides the keys: handwriting and dictation press none.
const inputs = ['keydown', 'input', 'pointerdown', 'pointermove', 'wheel', 'touchstart'] as const

/**
 * Tells the host that somebody is at the workstation: left alone, it locks. In every window, since one that lies idle must not
 * lock the other that is worked in.
 * @returns how to stop
 */
export function noteInputs(): () => void {
  const session = useSessionStore()
  let told = -Infinity
  const note = () => {
    const now = Date.now()
    if (session.phase !== 'signed-in' || Math.abs(now - told) < spacing) return
    told = now
    // Out of reach the host is signed out or comes back: the next input tells it.
    session.noteInput().catch(() => (told = -Infinity))
  }
  const options = { capture: true, passive: true }
  for (const input of inputs) window.addEventListener(input, note, options)
  return () => {
    for (const input of inputs) window.removeEventListener(input, note, options)
  }
}
