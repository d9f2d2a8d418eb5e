/**
 * Whether the focus may be taken to something in `around`: nobody is anywhere else. It stands on the page or dialog that
 * holds it, or on what the lock screen has just covered.
 */
export function focusIsFree(around: Element | null | undefined): boolean {
  const at = document.activeElement
  return !at || !around || at.contains(around) || at.closest('[inert]') !== null
}
