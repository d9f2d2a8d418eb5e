const parts = new Intl.DateTimeFormat('zh-CN', {
  timeZone: 'Asia/Shanghai', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hourCycle: 'h23',
})

function read(instant: string): Record<string, string> {
  return Object.fromEntries(parts.formatToParts(new Date(instant)).map(({ type, value }) => [type, value]))
}

/** `10:32` today, `11-24 10:32` on another day; Shanghai time. */
export function shortTime(instant: string): string {
  const then = read(instant)
  const today = read(new Date().toISOString())
  const time = `${then['hour']}:${then['minute']}`
  return then['year'] === today['year'] && then['month'] === today['month'] && then['day'] === today['day'] ? time : `${then['month']}-${then['day']} ${time}`
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
  const { year, month, day } = read(instant)
  return `${year}-${month}-${day}`
}
