import type { Clock, Log } from '../../ports.ts'
import { clockSlack } from './offline-unlock.ts'
import type { SessionDevice } from './session-ports.ts'

/** While a unit is open, its file is written for this no more often, in ms. */
const noteEvery = 5 * 60_000

/** Remembers over restarts how late it has been here: seven days would never end on a clock that is set back each week. */
export interface ClockWatch {
  isSetBack(): boolean
  /** Moves the remembered instant up to now. */
  note(): Promise<void>
  /** The same, only where it lies well behind. */
  noteSparingly(): Promise<void>
}

export function createClockWatch(device: SessionDevice, clock: Clock, log: Log): ClockWatch {
  const seen = () => Date.parse(device.lastSeenAt() ?? '1970-01-01T00:00:00Z')

  async function noteAfter(wait: number): Promise<void> {
    const now = clock.now()
    if (now.getTime() <= seen() + wait) return
    // Work goes on where this cannot be written: only the fence of the clock stands a little further back.
    await device.seeAt(now.toISOString()).catch((error: unknown) => log.error('instant not remembered', error))
  }

  return {
    isSetBack: () => clock.now().getTime() < seen() - clockSlack,
    note: () => noteAfter(0),
    noteSparingly: () => noteAfter(noteEvery),
  }
}
