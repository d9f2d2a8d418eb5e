import { AppError } from '../../../shared/errors/app-error.ts'
import type { KeyProcess, Log } from '../ports.ts'
import type { DriverCandidate } from './driver-catalogue.ts'
import { connectKeyProcess, type KeyConnection, type KeyDeadlines } from './key-connection.ts'

/** A driver in a process of its own: what one vendor's library does to a process never meets another's. */
export interface RunningDriver {
  readonly candidate: DriverCandidate
  readonly connection: KeyConnection
}

export interface DriverSearch {
  /** Starts a process and loads the driver in it. @throws AppError of the `key-*` family; the process has ended then */
  open(candidate: DriverCandidate): Promise<RunningDriver>
  /**
   * The first driver that shows a key, else the first that loads.
   * @throws AppError why the first of them did not load; key-driver-missing where there is none
   */
  findBest(candidates: readonly DriverCandidate[]): Promise<RunningDriver>
  /** The first driver that shows a key. */
  findWithKey(candidates: readonly DriverCandidate[]): Promise<RunningDriver | null>
}

export function createDriverSearch(startKeyProcess: () => KeyProcess, deadlines: KeyDeadlines, log: Log): DriverSearch {
  async function open(candidate: DriverCandidate): Promise<RunningDriver> {
    const connection = connectKeyProcess(startKeyProcess(), deadlines)
    try {
      await connection.driver.load(candidate.path)
      return { candidate, connection }
    } catch (error) {
      connection.kill()
      throw error
    }
  }

  async function openAndLook(candidate: DriverCandidate): Promise<{ running: RunningDriver; hasKey: boolean }> {
    const running = await open(candidate)
    try {
      return { running, hasKey: (await running.connection.driver.presentSerials()).length > 0 }
    } catch (error) {
      running.connection.kill()
      throw error
    }
  }

  /** Looks at one after the other until one shows a key; ends the processes of those it does not return. */
  async function walk(candidates: readonly DriverCandidate[], keepSpare: boolean): Promise<{ found: RunningDriver | null; failure: AppError | null }> {
    let spare: RunningDriver | null = null
    let failure: AppError | null = null
    for (const candidate of candidates) {
      try {
        const { running, hasKey } = await openAndLook(candidate)
        if (hasKey) {
          spare?.connection.kill()
          return { found: running, failure }
        }
        if (keepSpare && !spare) spare = running
        else running.connection.kill()
      } catch (error) {
        if (!(error instanceof AppError)) throw error
        log.info('driver not used', { driver: candidate.name, code: error.code })
        failure ??= error
      }
    }
    return { found: spare, failure }
  }

  return {
    open,
    findBest: async (candidates) => {
      const { found, failure } = await walk(candidates, true)
      if (!found) throw failure ?? new AppError('key-driver-missing')
      return found
    },
    findWithKey: async (candidates) => (await walk(candidates, false)).found,
  }
}
