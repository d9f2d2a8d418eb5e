import { longestLockAfterMinutes } from '../host/ports.ts'

/** Minutes of `--lock-after`; a part of one will do. @throws Error of one line: with a number that is none it would never lock */
export function lockAfterIn(text: string): number {
  const minutes = Number(text)
  if (minutes > 0 && minutes <= longestLockAfterMinutes) return minutes
  throw new Error(`--lock-after takes minutes, more than 0 and at most ${longestLockAfterMinutes}`)
}
