import type { AppError } from '../../shared/errors/app-error.ts'
import { toAppError } from '../bridge/failure.ts'

/** After the last key, and at most after the first one not yet kept: what is typed is durable within a second. */
const quietMs = 300
const longestMs = 700
const retryMs = 1_500

export interface DraftKeeper {
  /** Something was typed. */
  changed(): void
  /** Keeps what is not kept yet, now. */
  flush(): Promise<void>
  /** Nothing is left to keep: it was saved, submitted or thrown away. */
  settled(): void
  readonly isPending: boolean
}

/**
 * Turns keystrokes into a few durable writes, one at a time.
 * @param keep makes what is in the form durable
 * @param failed told of each failure; null when the next attempt went well. A retriable one is tried again
 */
export function createDraftKeeper(keep: () => Promise<void>, failed: (failure: AppError | null) => void): DraftKeeper {
  let pending = false
  let firstAt = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let running: Promise<void> | undefined

  function schedule(delay: number): void {
    clearTimeout(timer)
    timer = setTimeout(() => void flush(), delay)
  }

  function flush(): Promise<void> {
    clearTimeout(timer)
    running ??= run().finally(() => {
      running = undefined
    })
    return running
  }

  async function run(): Promise<void> {
    while (pending) {
      pending = false
      try {
        await keep()
        failed(null)
      } catch (error) {
        const failure = toAppError(error)
        failed(failure)
        pending = true
        if (failure.retriable || failure.code === 'internal') schedule(retryMs)
        return
      }
    }
  }

  return {
    changed: () => {
      const now = performance.now()
      if (!pending) firstAt = now
      pending = true
      schedule(Math.max(0, Math.min(quietMs, firstAt + longestMs - now)))
    },
    flush,
    settled: () => {
      clearTimeout(timer)
      pending = false
    },
    get isPending() {
      return pending || running !== undefined
    },
  }
}
