import type { SyncStatus } from '../../../shared/contract/sync.contract.ts'
import { AppError, type ErrorDetails } from '../../../shared/errors/app-error.ts'
import type { ErrorCode } from '../../../shared/errors/codes.ts'
import { localFailure } from '../database/local-failure.ts'
import { readMeta, writeMeta } from '../database/meta.repository.ts'
import { countQueued, firstPutOff } from '../database/outbox.repository.ts'
import { countProjectWrites, firstProjectWritePutOff } from '../database/project-outbox.repository.ts'
import { countByState } from '../database/record.repository.ts'
import { backoffDelay } from './backoff.ts'
import { exchange } from './exchange.ts'
import { isAboutKey } from './key-wanted.ts'
import { signInWanted } from './settle.ts'
import { listenForNews, type NewsOptions } from './news-listener.ts'
import type { SyncContext } from './sync-context.ts'

export interface SyncEngine {
  status(): SyncStatus
  onChange(listener: (status: SyncStatus) => void): void
  /** Something new waits in the outbox. */
  wake(): void
  /** Tries at once, or right after the attempt under way; answers when that is over. */
  syncNow(): Promise<SyncStatus>
  /** Agrees to as many removals as were last asked about, in the next attempt and no later one. */
  acceptRemovals(): Promise<SyncStatus>
  /** Breaks off what is under way. */
  pause(reason: 'key-removed'): void
  /** After a sign-in or unlock. */
  resume(): void
  /** Breaks off what is under way; nothing is sent or applied afterwards. */
  stop(): Promise<void>
}

export interface SyncOptions {
  /** How often others' changes are fetched while nothing else happens, in ms. */
  pullEvery?: number
  random?: () => number
  /** Asks whether there is news for as long as nothing else happens; without it others' changes come by `pullEvery` alone. */
  news?: NewsOptions
}

/** Trying again by itself would change nothing. */
const final: readonly ErrorCode[] = ['central-wrong', 'sync-many-removals', 'account-disabled', 'forbidden']
/** Times `pullEvery` until a lock that was refused is tried again: it will hardly be better soon. */
const refusedKeyPause = 20

/** Brings what waits here to the central service and fetches what is new there, for as long as the unit is open. */
export async function startSyncEngine(context: SyncContext, options: SyncOptions = {}): Promise<SyncEngine> {
  const { pullEvery = 15_000, random = Math.random, news } = options
  const { db } = context.local
  const listeners: ((status: SyncStatus) => void)[] = []
  let status = await countInto({ phase: 'syncing', queued: 0, needsAttention: 0, lastSyncedAt: await readMeta(db, 'last-synced-at'), nextTryAt: null, problem: null })
  let paused = true
  let stopped = false
  let failures = 0
  let acceptedRemovals = 0
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  let following: Promise<void> | undefined
  let breakOff = new AbortController()
  const listener = news ? listenForNews(context, news, () => void run()) : null

  async function countInto(next: SyncStatus): Promise<SyncStatus> {
    const [queued, states] = [await countQueued(db), await countByState(db)]
    return { ...next, queued: queued + (await countProjectWrites(db)), needsAttention: (states.returned ?? 0) + (states.conflict ?? 0) }
  }

  async function tell(change: Partial<SyncStatus>): Promise<void> {
    status = await countInto({ ...status, ...change })
    for (const listener of listeners) listener(status)
  }

  const tellSoon = (change: Partial<SyncStatus>) => void tell(change).catch((error: unknown) => context.log.error('sync status', error))

  /** One attempt at a time; a wish that comes during one is another after it. */
  function run(): Promise<void> {
    if (stopped || paused) return Promise.resolve()
    clearTimeout(timer)
    if (!running) return begin()
    following ??= running.then(() => {
      following = undefined
      return stopped || paused ? undefined : begin()
    })
    return following
  }

  function begin(): Promise<void> {
    listener?.pause()
    breakOff = new AbortController()
    running = attempt(breakOff.signal).finally(() => {
      running = undefined
    })
    return running
  }

  async function attempt(signal: AbortSignal): Promise<void> {
    const accepted = acceptedRemovals
    acceptedRemovals = 0
    try {
      await tell({ phase: 'syncing', nextTryAt: null })
      await exchange({ ...context, signal, random, acceptedRemovals: accepted })
      await succeed(signal)
    } catch (error) {
      if (signal.aborted) return
      await fail(error).catch((worse: unknown) => context.log.error('sync cannot even report', worse))
    }
  }

  async function succeed(signal: AbortSignal): Promise<void> {
    if (signal.aborted) return
    failures = 0
    const at = context.clock.now().toISOString()
    await writeMeta(db, 'last-synced-at', at)
    const putOff = await firstPutOff(db)
    const next = [putOff?.nextAt, await firstProjectWritePutOff(db)].flatMap((instant) => (instant ? [Math.max(Date.parse(instant) - Date.parse(at), 0)] : []))
    schedule(Math.min(pullEvery, ...next))
    if (signal.aborted) return
    listener?.resume()
    const problem = putOff ? { code: putOff.problem.code, details: { ...putOff.problem.details } } : null
    await tell({ phase: 'idle', lastSyncedAt: at, nextTryAt: putOff?.nextAt ?? null, problem })
  }

  async function fail(error: unknown): Promise<void> {
    const known = error instanceof AppError ? error : localFailure(error)
    if (!known) context.log.error('sync step failed', error)
    const { code, details } = known ?? new AppError('internal')
    if (signInWanted.includes(code)) return tell({ phase: 'waiting-for-sign-in', problem: code === 'session-password-changed' ? { code, details: {} } : null })
    // Others' changes came in all the same: the pull comes first.
    if (isAboutKey(code)) return waitForKey(code, details)
    if (final.includes(code)) return tell({ phase: 'stopped', problem: { code, details: { ...details } } })
    failures += 1
    const asked = Number(details['retryAfterSeconds'] ?? 0) * 1_000
    const delay = Math.max(asked, backoffDelay(failures, random()))
    schedule(delay)
    await tell({ phase: 'offline', problem: { code, details: { ...details } }, nextTryAt: new Date(context.clock.now().getTime() + delay).toISOString() })
  }

  async function waitForKey(code: ErrorCode, details: ErrorDetails): Promise<void> {
    failures = 0
    const at = context.clock.now().toISOString()
    await writeMeta(db, 'last-synced-at', at)
    schedule(code.startsWith('ca-') ? pullEvery * refusedKeyPause : pullEvery)
    listener?.resume()
    await tell({ phase: 'waiting-for-key', lastSyncedAt: at, problem: { code, details: { ...details } } })
  }

  function schedule(delay: number): void {
    clearTimeout(timer)
    if (stopped || paused) return
    timer = setTimeout(() => void run(), delay)
  }

  return {
    status: () => status,
    onChange: (listener) => void listeners.push(listener),
    wake: () => {
      // A line that is known to be down is not tried at every keystroke; a new write waits with the others.
      if (status.phase === 'idle' || status.phase === 'syncing') void run()
      else tellSoon({})
    },
    syncNow: async () => {
      await run()
      return status
    },
    acceptRemovals: async () => {
      if (status.problem?.code === 'sync-many-removals') acceptedRemovals = Number(status.problem.details['count'] ?? 0)
      await run()
      return status
    },
    pause: () => {
      paused = true
      clearTimeout(timer)
      listener?.pause()
      breakOff.abort()
      tellSoon({ phase: 'paused-key-removed', nextTryAt: null, problem: null })
    },
    resume: () => {
      paused = false
      failures = 0
      void run()
    },
    stop: async () => {
      stopped = true
      clearTimeout(timer)
      listener?.pause()
      breakOff.abort()
      await running
    },
  }
}
