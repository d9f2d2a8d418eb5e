let pressed = false
const waiting: (() => void)[] = []

window.addEventListener('pointerdown', () => (pressed = true), true)
window.addEventListener('pointerup', released, true)
window.addEventListener('pointercancel', released, true)
// Pressed here and let go in another window.
window.addEventListener('blur', released)

function released(): void {
  pressed = false
  // The click comes behind its pointerup.
  setTimeout(() => waiting.splice(0).forEach((show) => show()))
}

/**
 * Runs what may move the page: at once, or, while a mouse button is down, once it is up and its click has arrived. What moves away
 * under a pressed mouse is not clicked.
 */
export function afterPress(show: () => void): void {
  if (pressed) waiting.push(show)
  else show()
}
