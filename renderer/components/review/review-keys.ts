import { onBeforeUnmount, onMounted } from 'vue'
import { isComposing } from '../enter-moves.ts'

/** Keys of the review page, as its buttons show them. */
export const reviewKeys = {
  before: { shown: 'Alt+↑', aria: 'Alt+ArrowUp' },
  after: { shown: 'Alt+↓', aria: 'Alt+ArrowDown' },
  approve: { shown: 'Ctrl+Enter', aria: 'Control+Enter' },
  refuse: { shown: 'Ctrl+退格', aria: 'Control+Backspace' },
} as const
type ReviewKey = keyof typeof reviewKeys

/** None of them where something is typed, while an input method composes, in a dialog, or held down: a decision is one stroke. */
export function useReviewKeys(actions: Readonly<Record<ReviewKey, () => void>>): void {
  function press(event: KeyboardEvent): void {
    const pressed = [...(event.ctrlKey || event.metaKey ? ['Control'] : []), ...(event.altKey ? ['Alt'] : []), ...(event.shiftKey ? ['Shift'] : []), event.key].join('+')
    const key = (Object.keys(reviewKeys) as ReviewKey[]).find((name) => reviewKeys[name].aria === pressed)
    if (!key || isTyping(event.target) || isDialogOpen() || isComposing(event)) return
    event.preventDefault()
    if (!event.repeat) actions[key]()
  }
  onMounted(() => window.addEventListener('keydown', press))
  onBeforeUnmount(() => window.removeEventListener('keydown', press))
}

const isTyping = (at: EventTarget | null) => at instanceof Element && at.closest('input, textarea, select, [contenteditable]') !== null
const isDialogOpen = () => [...document.querySelectorAll('[role="dialog"]')].some((dialog) => dialog.checkVisibility())
