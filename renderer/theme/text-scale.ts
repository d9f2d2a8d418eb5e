/** How many times larger than at 字号 标准 everything is: for what reckons in px. Read anew whenever it is used, for it may be changed at any time. */
export function textScale(): number {
  return Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 16 || 1
}
