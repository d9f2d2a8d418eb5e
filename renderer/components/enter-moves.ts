/** What Enter stops at: what can be typed into or chosen, in the order of the page. */
const stops = 'input:enabled:not([type="file"], [type="radio"], [type="checkbox"], [tabindex="-1"]), button.region-value:enabled'

/** Some input methods end composing before the key that ended it arrives: until the next task that key still belongs to them. */
let justComposed = false

export function noteComposed(): void {
  justComposed = true
  setTimeout(() => (justComposed = false))
}

/** Whether a key is the input method's: Enter there takes over what is being composed and means nothing else. */
export function isComposing(event: KeyboardEvent): boolean {
  // 229 is what browsers report where the input method has the key (element-plus 13844).
  return event.isComposing || event.keyCode === 229 || justComposed
}

/**
 * Enter goes on to the next field and Shift+Enter back, as clerks know it from spreadsheets. A list that is open, or a choice
 * that is still empty, keeps its own Enter. To be called while the key goes down through the page (capture).
 * @param atEnd behind the last field
 */
export function enterMoves(event: KeyboardEvent, root: HTMLElement, atEnd: () => void): void {
  const at = event.target
  if (event.key !== 'Enter' || event.ctrlKey || event.metaKey || event.altKey || isComposing(event)) return
  if (!(at instanceof HTMLElement) || !at.matches(stops) || keepsEnter(at, event.shiftKey)) return
  event.preventDefault()
  event.stopPropagation()
  const all = [...root.querySelectorAll<HTMLElement>(stops)].filter((each) => each.checkVisibility())
  const next = all[all.indexOf(at) + (event.shiftKey ? -1 : 1)]
  if (next) reach(next)
  else if (!event.shiftKey) atEnd()
}

function keepsEnter(at: HTMLElement, goesBack: boolean): boolean {
  if (at.getAttribute('aria-expanded') === 'true') return true
  if (goesBack) return false
  if (at.classList.contains('region-value')) return at.classList.contains('none')
  const select = at.closest('.el-select')
  return select !== null && select.querySelector('.el-select__placeholder:not(.is-transparent)') === null
}

function reach(field: HTMLElement): void {
  field.focus()
  // What stands there is to be typed over or left alone.
  if (field instanceof HTMLInputElement && field.type === 'text' && !field.closest('.el-select')) field.select()
}
