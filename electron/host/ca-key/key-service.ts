import { isDeepStrictEqual } from 'node:util'
import type { CaKeyState } from '../../../shared/contract/ca-key.contract.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import type { KeyProcess, Log } from '../ports.ts'
import type { SessionKeys } from '../services/session/session-ports.ts'
import type { DriverCandidate } from './driver-catalogue.ts'
import { createDriverSearch, type RunningDriver } from './driver-search.ts'
import { keyDeadlines, type KeyDeadlines } from './key-connection.ts'
import { createKeyPresence } from './key-presence.ts'

export interface KeyServiceOptions {
  readonly startKeyProcess: () => KeyProcess
  /** In the order in which they are tried. */
  readonly candidates: () => DriverCandidate[]
  /** The driver file that the clerk picked; outlives the program. */
  readonly choice: { path(): string | null; keep(path: string | null): Promise<void> }
  readonly emit: (state: CaKeyState) => void
  /** The watched key is gone. */
  readonly onRemoved: () => void
  readonly log: Log
  readonly deadlines?: KeyDeadlines
  /** How often the slots are looked at, in ms. */
  readonly pollEvery?: number
  /** While no key shows: after how long the other drivers are asked for one, in ms. Doubles up to `searchAtMost`. */
  readonly searchAfter?: number
}

export interface KeyService extends SessionKeys {
  refresh(): Promise<CaKeyState>
  /** Takes the driver file that the clerk picked; the one in use stays where it cannot be loaded. */
  choose(candidate: DriverCandidate): Promise<CaKeyState>
  /** Goes back to looking for drivers. */
  forgetChoice(): Promise<CaKeyState>
  close(): void
}

const searchAtMost = 60_000
/** A process that ends sooner than this, in ms, has a driver that ends it. */
const shortestLife = 1_000
/** The longest wait between two looks at a driver that only fails, in ms. */
const pollAtMost = 30_000

/** CA locks as the rest of the host sees them: always answering, whatever the vendor's library does. */
export function createKeyService(options: KeyServiceOptions): KeyService {
  const { choice, emit, log, deadlines = keyDeadlines, pollEvery = 1_000, searchAfter = 5_000 } = options
  const search = createDriverSearch(options.startKeyProcess, deadlines, log)
  const presence = createKeyPresence(options.onRemoved)
  let state: CaKeyState = { phase: 'starting', driver: null, chosenDriver: choice.path(), certificates: [], problem: null }
  let running: RunningDriver | undefined
  let starting: Promise<RunningDriver> | undefined
  let lastSerials: readonly string[] | undefined
  let picks = 0
  let failedLooks = 0
  let searchWait = searchAfter
  let nextSearch = performance.now() + searchAfter
  let closed = false
  let poller: NodeJS.Timeout | undefined

  function tell(change: Partial<CaKeyState>): CaKeyState {
    const next = { ...state, ...change, chosenDriver: choice.path() }
    if (!isDeepStrictEqual(next, state)) {
      state = next
      emit(state)
    }
    return state
  }

  const distinctCandidates = () => [...new Map(options.candidates().map((each) => [each.path, each])).values()]

  /** The driver in use, in a process that is alive. @throws AppError key-driver-missing where there is none to be had */
  function connected(): Promise<RunningDriver> {
    if (running) return Promise.resolve(running)
    starting ??= start().finally(() => (starting = undefined))
    return starting
  }

  /** The driver that was in use goes on in a new process; where there was none, or it fails, one is looked for. */
  async function start(): Promise<RunningDriver> {
    if (state.driver) {
      tell({ phase: 'starting' })
      const again = await search.open(state.driver).catch((error: unknown) => void log.warn('driver does not start again', { code: problemOf(error)?.code }))
      if (again) return useUnlessPicked(again)
    }
    try {
      return useUnlessPicked(await search.findBest(distinctCandidates()))
    } catch (error) {
      if (running) return running
      tell({ phase: 'no-driver', driver: null, certificates: [], problem: problemOf(error) })
      throw error
    }
  }

  /** The clerk may have picked one while others were looked at: that one stays. */
  function useUnlessPicked(found: RunningDriver): RunningDriver {
    if (!running) return use(found)
    found.connection.kill()
    return running
  }

  function use(next: RunningDriver): RunningDriver {
    const previous = running
    running = next
    lastSerials = undefined
    previous?.connection.kill()
    if (closed) next.connection.kill()
    const since = performance.now()
    void next.connection.ended.then(() => {
      if (running !== next) return
      running = undefined
      if (closed) return
      log.warn('key process ended, starting another')
      // One that dies as soon as it lives is started again by the next look, not in a circle.
      if (performance.now() - since < shortestLife) return
      void connected().catch((error: unknown) => tell({ problem: problemOf(error) }))
    })
    tell({ phase: 'ready', driver: next.candidate })
    return next
  }

  /** Reads the certificates and the PIN flags. A failure is a problem of the state, never one of the caller. */
  async function list(): Promise<CaKeyState> {
    try {
      const { driver } = (await connected()).connection
      // Asked before the certificates: a key that comes in between is new to the next look.
      lastSerials = await driver.presentSerials()
      const certificates = await driver.listCertificates()
      const empty = certificates.length === 0 && lastSerials.length > 0
      return tell({ phase: 'ready', certificates, problem: empty ? { code: 'key-no-certificate', details: {} } : null })
    } catch (error) {
      return tell({ certificates: [], problem: problemOf(error) })
    }
  }

  /** Some libraries never see a key that comes after they were loaded, and each sees only its own: all are asked afresh. */
  async function searchOthers(): Promise<void> {
    const picked = picks
    const found = await search.findWithKey(distinctCandidates())
    // Meanwhile the clerk may have picked one, or the one in use has come to see a key, which may be open by now.
    if (closed || picked !== picks || state.certificates.length > 0) return found?.connection.kill()
    if (!found) return
    use(found)
    await list()
  }

  async function look(): Promise<void> {
    const { driver } = (await connected()).connection
    const serials = await driver.presentSerials()
    presence.saw(serials)
    // A key without a certificate beside others may be one that just gets it.
    const shown = new Set(state.certificates.map(({ tokenSerial }) => tokenSerial))
    if (!isDeepStrictEqual(serials, lastSerials) || state.problem !== null || serials.some((serial) => !shown.has(serial))) await list()
    if (serials.length > 0) {
      searchWait = searchAfter
      nextSearch = performance.now() + searchWait
    } else if (performance.now() >= nextSearch) {
      await searchOthers()
      searchWait = Math.min(searchWait * 2, searchAtMost)
      nextSearch = performance.now() + searchWait
    }
  }

  async function poll(): Promise<void> {
    try {
      await look()
      failedLooks = 0
    } catch (error) {
      failedLooks += 1
      tell({ certificates: [], problem: problemOf(error) })
      presence.saw(null)
      // Put in again as the clerk is told to, a key that went bad under a library may stay bad for it: a fresh one sees it.
      if (failedLooks > 1 && AppError.is(error, 'key-unreadable')) running?.connection.kill()
    }
  }

  function keepPolling(): void {
    if (closed) return
    poller = setTimeout(() => void poll().finally(keepPolling), Math.min(pollEvery * 2 ** Math.max(0, failedLooks - 1), pollAtMost))
  }
  void list().finally(keepPolling)

  return {
    state: () => state,
    refresh: async () => {
      const now = await list()
      if (now.certificates.length > 0 || !running) return now
      await searchOthers()
      return state
    },
    choose: async (candidate) => {
      const next = await search.open(candidate)
      try {
        await choice.keep(candidate.path)
      } catch (error) {
        next.connection.kill()
        throw error
      }
      picks += 1
      use(next)
      return list()
    },
    forgetChoice: async () => {
      await choice.keep(null)
      await starting?.catch(() => undefined)
      const forgotten = running
      running = undefined
      forgotten?.connection.kill()
      tell({ phase: 'starting', driver: null, certificates: [], problem: null })
      return list()
    },
    login: async (certificateId, pin, confirmFinalTry) => {
      const { driver } = (await connected()).connection
      try {
        return await driver.login(certificateId, pin, confirmFinalTry)
      } finally {
        // The flags on the key have changed, and the page shows them before it says how the try went.
        if (running) await list()
      }
    },
    sign: async (certificateId, statement) => {
      try {
        return await (await connected()).connection.driver.sign(certificateId, statement)
      } catch (error) {
        if (AppError.is(error, 'key-removed')) throw new AppError('key-removed-while-signing')
        throw error
      }
    },
    logout: async (certificateId) => {
      await running?.connection.driver.logout(certificateId)
    },
    watch: (serial) => presence.watch(serial),
    close: () => {
      closed = true
      clearTimeout(poller)
      running?.connection.kill()
    },
  }
}

function problemOf(error: unknown): CaKeyState['problem'] {
  if (error instanceof AppError) return { code: error.code, details: { ...error.details } }
  return { code: 'internal', details: {} }
}
