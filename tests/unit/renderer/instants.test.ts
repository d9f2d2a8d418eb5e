import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { calendarDate, shortTime } from '../../../renderer/components/instants.ts'

beforeEach(() => void vi.useFakeTimers({ now: new Date('2026-11-25T16:30:00Z') }))
afterEach(() => void vi.useRealTimers())

it('an instant shows as Shanghai has it, with its day where that is not today there', () => {
  expect(shortTime('2026-11-25T16:05:59Z')).toBe('00:05')
  expect(shortTime('2026-11-25T15:59:59Z')).toBe('11-25 23:59')
  expect(shortTime('2025-11-25T17:00:00+08:00')).toBe('11-25 17:00')
  expect(calendarDate('2026-12-31T16:00:00Z')).toBe('2027-01-01')
})

it('shows in another zone what a format of the browser for Shanghai shows', () => {
  const parts = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short', timeStyle: 'short' })
  for (let hour = 0; hour < 24 * 366; hour += 7) {
    const at = new Date(Date.UTC(2026, 0, 1, hour, hour % 60))
    expect(calendarDate(at.toISOString())).toBe(parts.format(at).slice(0, 10))
    expect(shortTime(at.toISOString()).slice(-5)).toBe(parts.format(at).slice(11))
  }
})
