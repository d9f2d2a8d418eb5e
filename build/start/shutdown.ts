import type { Running } from './processes.ts'

/** A terminal's Ctrl-C also comes again through npm; only a later one means "now". */
const sameKeyPressMs = 500

/** Everything a job has started, ended in reverse order: by Ctrl-C, by its window closing, or by a failure. */
export function createShutdown() {
  const running: Running[] = []
  const cleanups: (() => void)[] = []
  let stopping: Promise<void> | undefined

  const stop = () => {
    stopping ??= (async () => {
      for (const process of running.toReversed()) await process.stop()
      for (const cleanup of cleanups) cleanup()
    })()
    return stopping
  }

  return {
    track: <T extends Running>(process: T): T => {
      running.push(process)
      return process
    },
    onStop: (cleanup: () => void) => void cleanups.push(cleanup),
    stop,
    /** Resolves when the user has asked to end. */
    asked: new Promise<void>((resolve) => {
      let firstAt: number | undefined
      const onSignal = () => {
        const now = performance.now()
        if (firstAt === undefined) {
          firstAt = now
          resolve()
        } else if (now - firstAt > sameKeyPressMs) {
          for (const process of running) process.kill()
          process.exit(130)
        }
      }
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal)
    }),
  }
}

export type Shutdown = ReturnType<typeof createShutdown>
