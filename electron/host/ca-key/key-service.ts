import { isDeepStrictEqual } from 'node:util'
import type { CaKeyState } from '../../../shared/contract/ca-key.contract.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import type { KeyProcess, Log } from '../ports.ts'
import type { SessionKeys } from '../services/session/session-ports.ts'
import type { DriverCandidate } from './driver-catalogue.ts'
import { connectKeyProcess, keyDeadlines, type KeyConnection, type KeyDeadlines } from './key-connection.ts'

export interface KeyServiceOptions {
  readonly startKeyProcess: () => KeyProcess
  /** In the order in which they are tried. */
  readonly candidates: () => DriverCandidate[]
  readonly emit: (state: CaKeyState) => void
  /** The watched key is gone. */
  readonly onRemoved: () => void
  readonly log: Log
  readonly deadlines?: KeyDeadlines
  /** How often the slots are looked at, in ms. */
  readonly pollEvery?: number
}

export interface KeyService extends SessionKeys {
  refresh(): Promise<CaKeyState>
  /** Tries one driver file; the one in use stays where it cannot be loaded. */
  tryDriver(candidate: DriverCandidate): Promise<CaKeyState>
  close(): void
}

/** A key counts as pulled when it is missing this many looks in a row: some readers blink. */
const missesUntilRemoved = 2

/** CA locks as the rest of the host sees them: always answering, whatever the vendor's library does. */
export function createKeyService(options: KeyServiceOptions): KeyService {
  const { emit, onRemoved, log, deadlines = keyDeadlines, pollEvery = 1_000 } = options
  let state: CaKeyState = { phase: 'starting', driver: null, certificates: [], problem: null }
  let connection: KeyConnection | undefined
  let starting: Promise<KeyConnection> | undefined
  let closed = false
  let watched: string | null = null
  let misses = 0
  let lastSerials: readonly string[] = []
  let poller: NodeJS.Timeout | undefined

  function tell(change: Partial<CaKeyState>): CaKeyState {
    const next = { ...state, ...change }
    if (!isDeepStrictEqual(next, state)) {
      state = next
      emit(state)
    }
    return state
  }

  /** The running process with a driver loaded; started where there is none. */
  function connected(): Promise<KeyConnection> {
    if (connection) return Promise.resolve(connection)
    starting ??= start().finally(() => (starting = undefined))
    return starting
  }

  async function start(): Promise<KeyConnection> {
    const fresh = launch()
    const wanted = state.driver ? [state.driver, ...options.candidates()] : options.candidates()
    const driver = await loadFirst(fresh, wanted)
    tell({ phase: driver ? 'ready' : 'no-driver', driver, certificates: driver ? state.certificates : [] })
    return fresh
  }

  function launch(): KeyConnection {
    const fresh = connectKeyProcess(options.startKeyProcess(), deadlines)
    connection = fresh
    void fresh.ended.then(() => {
      if (connection !== fresh) return
      connection = undefined
      if (closed) return
      log.warn('key process ended, starting another')
      void connected().catch((error: unknown) => log.error('key process does not start', error))
    })
    return fresh
  }

  /** The first driver that shows a key, else the first that loads at all. */
  async function loadFirst(fresh: KeyConnection, candidates: readonly DriverCandidate[]): Promise<DriverCandidate | null> {
    let loads: DriverCandidate | null = null
    for (const candidate of candidates) {
      try {
        await fresh.driver.load(candidate.path)
        if ((await fresh.driver.presentSerials()).length > 0) return candidate
        loads ??= candidate
      } catch (error) {
        if (!(error instanceof AppError)) throw error
        log.info('driver not used', { code: error.code })
      }
    }
    if (loads && candidates.length > 1) await fresh.driver.load(loads.path)
    return loads
  }

  async function refresh(): Promise<CaKeyState> {
    try {
      const { driver } = await connected()
      if (!state.driver) {
        const found = await loadFirst(await connected(), options.candidates())
        if (!found) return tell({ phase: 'no-driver', driver: null, certificates: [], problem: { code: 'key-driver-missing', details: {} } })
        tell({ phase: 'ready', driver: found })
      }
      return tell({ phase: 'ready', certificates: await driver.listCertificates(), problem: null })
    } catch (error) {
      return tell({ certificates: [], problem: problemOf(error) })
    }
  }

  async function poll(): Promise<void> {
    // No new process just to look: a start under way reports by itself.
    if (!connection || !state.driver) return void (await refresh())
    const serials = await connection.driver.presentSerials()
    if (!isDeepStrictEqual(serials, lastSerials)) {
      lastSerials = serials
      await refresh()
    }
    if (watched === null) return
    misses = serials.includes(watched) ? 0 : misses + 1
    if (misses >= missesUntilRemoved) removed()
  }

  function removed(): void {
    watched = null
    misses = 0
    onRemoved()
  }

  function keepPolling(): void {
    poller = setTimeout(() => {
      void poll()
        .catch((error: unknown) => {
          tell({ problem: problemOf(error) })
          // A library that cannot even be asked cannot vouch for the key's presence.
          if (watched !== null && ++misses >= missesUntilRemoved) removed()
        })
        .finally(() => {
          if (!closed) keepPolling()
        })
    }, pollEvery)
  }
  void refresh().finally(keepPolling)

  /** After a failed try the flags on the key have changed; the page shows them. */
  async function withFreshFlags<T>(attempt: Promise<T>): Promise<T> {
    try {
      return await attempt
    } finally {
      await refresh()
    }
  }

  return {
    state: () => state,
    refresh,
    tryDriver: async (candidate) => {
      const previous = state.driver
      const { driver } = await connected()
      try {
        await driver.load(candidate.path)
      } catch (error) {
        if (previous) await driver.load(previous.path)
        throw error
      }
      tell({ phase: 'ready', driver: candidate })
      return refresh()
    },
    login: async (certificateId, pin, confirmFinalTry) => withFreshFlags((await connected()).driver.login(certificateId, pin, confirmFinalTry)),
    sign: async (certificateId, statement) => {
      try {
        return await (await connected()).driver.sign(certificateId, statement)
      } catch (error) {
        if (AppError.is(error, 'key-removed')) throw new AppError('key-removed-while-signing')
        throw error
      }
    },
    logout: async (certificateId) => {
      if (connection) await connection.driver.logout(certificateId)
    },
    watch: (serial) => {
      watched = serial
      misses = 0
    },
    close: () => {
      closed = true
      clearTimeout(poller)
      connection?.kill()
    },
  }
}

function problemOf(error: unknown): CaKeyState['problem'] {
  if (error instanceof AppError) return { code: error.code, details: { ...error.details } }
  return { code: 'internal', details: {} }
}
