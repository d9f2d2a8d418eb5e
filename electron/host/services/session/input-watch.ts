import type { Clock } from '../../ports.ts'

/** When somebody last typed or pointed, in any window of this workstation. */
export interface InputWatch {
  /** @param ago milliseconds since it was */
  note(ago?: number): void
  isLongAgo(): boolean
}

/** By the clock of the wall: a computer that slept over noon locks as it wakes. */
export function createInputWatch(clock: Clock, lockAfterMinutes: number): InputWatch {
  let last = clock.now().getTime()
  return {
    // The windows tell of it in any order.
    note: (ago = 0) => void (last = Math.max(last, clock.now().getTime() - ago)),
    isLongAgo: () => {
      const now = clock.now().getTime()
      // Set back, the clock would hold it open for as long.
      last = Math.min(last, now)
      return now - last >= lockAfterMinutes * 60_000
    },
  }
}
