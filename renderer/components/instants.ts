import { shanghaiDate, shanghaiMinute } from '../../shared/domain/dates.ts'

// Without Intl: making one of its formats takes longer than anything else that the sign-in page does.

/** `10:32` today, `11-24 10:32` on another day; Shanghai time. */
export function shortTime(instant: string): string {
  const minute = shanghaiMinute(new Date(instant))
  return minute.slice(0, 10) === shanghaiDate(new Date()) ? minute.slice(11) : minute.slice(5)
}

/** `2026-11-24 10:32`, Shanghai: where the year may matter. */
export function fullTime(instant: string): string {
  return shanghaiMinute(new Date(instant))
}

/** `8秒后`, `3分钟后`; the time itself where it is further away. */
export function timeLeft(instant: string, now: number): string {
  const seconds = Math.ceil((new Date(instant).getTime() - now) / 1_000)
  if (seconds <= 0) return '即将'
  if (seconds < 60) return `${seconds}秒后`
  return seconds < 3_600 ? `${Math.round(seconds / 60)}分钟后` : shortTime(instant)
}

/** `2026-11-25`, Shanghai. */
export function calendarDate(instant: string): string {
  return shanghaiDate(new Date(instant))
}
