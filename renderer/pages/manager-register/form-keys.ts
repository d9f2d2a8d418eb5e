import { onBeforeUnmount, onMounted, type Ref } from 'vue'
import { enterMoves, isComposing, noteComposed } from '../../components/enter-moves.ts'

/** Keys of the form: Ctrl+S 保存, Ctrl+Enter 提交, Enter the next field, none of them while an input method composes. */
export function useFormKeys(fields: Ref<HTMLElement | undefined>, actions: { save: () => void; submit: () => void; atEnd: () => void }): void {
  function withControl(event: KeyboardEvent): void {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || isComposing(event)) return
    const action = event.key.toLowerCase() === 's' ? actions.save : event.key === 'Enter' ? actions.submit : null
    if (!action) return
    event.preventDefault()
    // A dialog that stands open is dealt with first.
    const isInDialog = event.target instanceof Element && event.target.closest('[role="dialog"]')
    if (!event.repeat && !isInDialog) action()
  }
  const moves = (event: KeyboardEvent) => fields.value && enterMoves(event, fields.value, actions.atEnd)

  onMounted(() => {
    window.addEventListener('keydown', withControl)
    fields.value?.addEventListener('keydown', moves, true)
    fields.value?.addEventListener('compositionend', noteComposed)
  })
  onBeforeUnmount(() => {
    window.removeEventListener('keydown', withControl)
    fields.value?.removeEventListener('keydown', moves, true)
    fields.value?.removeEventListener('compositionend', noteComposed)
  })
}
