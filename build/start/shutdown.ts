import type { Running } from './processes.ts'

/** A terminal's Ctrl-C also comes again through npm; only a later one means "now". */
const sameKeyPressMs = 500

/** Everything a job has started, ended in reverse order: by Ctrl-C, by its window closing, or by a failure. */
export function createShutdown() {
  const running: Running[] = []
  const cleanups: (() => void | Promise<void>)[] = []
  let stopping: Promise<void> | undefined

  const stop = () => {
    stopping ??= (async () => {
      for (const process of running.toReversed()) await process.stop()
      for (const cleanup of cleanups.toReversed()) await cleanup()
    })()
    return stopping
  }

  return {
    /**
     * Takes charge of a process. To be called in the same breath as it is started: while anything is waited for, a
     * Ctrl-C may come.
     * @throws Error where everything is being ended already; the process is ended with it
     */
    track: <T extends Running>(process: T): T => {
      if (stopping) {
        process.kill()
        throw new Error('Stopped.')
      }
      running.push(process)
      return process
    },
    onStop: (cleanup: () => void | Promise<void>) => void cleanups.push(cleanup),
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

/**
 * Runs a job until it is done, has failed, or the user asks to end; then ends all it has started, and this process.
 * A job that is broken off goes on in the background for a moment; whatever it starts then is ended at once.
 */
export async function runUntilDone(shutdown: Shutdown, job: () => Promise<void>): Promise<never> {
  let code = 0
  try {
    const how = await Promise.race([job(), shutdown.asked.then(() => 'asked' as const)])
    if (how === 'asked') console.log('Stopping …')
  } catch (error) {
    console.error(explain(error))
    code = 1
  }
  await shutdown.stop()
  process.exit(code)
}

function explain(error: unknown): string {
  const { code, path, message } = error as NodeJS.ErrnoException
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') return `${path ?? 'This folder'} cannot be written. Run it in a copy of your own, or: sudo chown -R "$(id -un)" .`
  if (code === 'ENOSPC') return `The disk is full (${path ?? message}). Free some space and run this again.`
  return error instanceof Error ? message : String(error)
}
