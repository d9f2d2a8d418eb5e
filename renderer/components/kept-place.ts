/**
 * Where somebody is typing: the field, and the caret in it. A dialog that loses the focus selects all of its field, and the
 * next key would replace what stands there.
 * @returns goes back there
 */
export function keepPlace(): () => void {
  const at = document.activeElement
  const field = at instanceof HTMLInputElement || at instanceof HTMLTextAreaElement ? at : null
  // Null where a field has no caret, as a tick box.
  const [start, end, direction] = field ? [field.selectionStart, field.selectionEnd, field.selectionDirection] : [null, null, null]
  return () => {
    if (at instanceof HTMLElement) at.focus()
    if (field && start !== null) field.setSelectionRange(start, end, direction ?? undefined)
  }
}
