/** Calendar dates as `yyyy-MM-dd` text; no time zone is ever involved. */

/** Is it a real date of the Gregorian calendar? 2020-02-30 is not: nothing is shifted to March. */
export function isRealDate(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
  const days = [31, leap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0
  return day <= days
}

export function formatDate(year: number, month: number, day: number): string {
  return `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
}

const forms = [
  /^(?<year>\d{4})(?<month>\d{2})(?<day>\d{2})$/,
  /^(?<year>\d{4})(?<separator>[-./。])(?<month>\d{1,2})\k<separator>(?<day>\d{1,2})$/,
  /^(?<year>\d{4})年(?<month>\d{1,2})月(?<day>\d{1,2})日$/,
]

/**
 * Reads a date the way clerks type it: 20200307, 2020-3-7, 2020.3.7 (also with 。), 2020/3/7, 2020年3月7日. Whole text or
 * nothing: an ID number pasted by mistake is no date. A year has four digits: 26-3-7 might be 1926 or 2026.
 * @returns `yyyy-MM-dd`, or null where it is not exactly one real date from 1900 on
 */
export function parseDate(text: string): string | null {
  const compact = text.normalize('NFKC').replace(/\s+/g, '')
  for (const form of forms) {
    const parts = form.exec(compact)?.groups
    if (!parts) continue
    const [year, month, day] = [Number(parts.year), Number(parts.month), Number(parts.day)]
    return year >= 1900 && isRealDate(year, month, day) ? formatDate(year, month, day) : null
  }
  return null
}

/** Today in Shanghai, where the register is kept, whatever the machine's own time zone. */
export function shanghaiDate(instant: { getTime(): number }): string {
  return shanghaiMinute(instant).slice(0, 10)
}

/** `2026-11-25 10:32`, Shanghai. */
export function shanghaiMinute(instant: { getTime(): number }): string {
  // Shanghai has had no daylight saving since 1991: always UTC+8.
  return new Date(instant.getTime() + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ')
}
