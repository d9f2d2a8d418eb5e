import type { SyncStatus } from '../../../shared/contract/sync.contract.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import type { ErrorCode } from '../../../shared/errors/codes.ts'
import { localFailure } from '../database/local-failure.ts'
import { readMeta, writeMeta } from '../database/meta.repository.ts'
import { countQueued } from '../database/outbox.repository.ts'
import { countByState } from '../database/record.repository.ts'
import { backoffDelay } from './backoff.ts'
import { sendOutbox } from './outbox-sender.ts'
import { pullChanges } from './puller.ts'
import type { SyncContext } from './sync-context.ts'

export interface SyncEngine {
  status(): SyncStatus
  onChange(listener: (status: SyncStatus) => void): void
  /** Something new waits in the outbox. */
  wake(): void
  /** Tries at once; answers when the attempt is over. */
  syncNow(): Promise<SyncStatus>
  acceptRemovals(): Promise<SyncStatus>
  pause(reason: 'key-removed'): void
  /** After a sign-in or unlock. */
  resume(): void
  /** Ends after the step under way. */
  stop(): Promise<void>
}

export interface SyncOptions {
  /** How often others' changes are fetched while nothing else happens, in ms. */
  pullEvery?: number
  random?: () => number
}

const signInWanted: readonly ErrorCode[] = ['session-missing', 'session-expired', 'session-suspended', 'not-signed-in']
/** Trying again by itself would change nothing. */
const final: readonly ErrorCode[] = ['central-wrong', 'central-not-trusted', 'sync-many-removals', 'account-disabled', 'forbidden']

/** Brings what waits here to the central service and fetches what is new there, for as long as the unit is open. */
export async function startSyncEngine(context: SyncContext, options: SyncOptions = {}): Promise<SyncEngine> {
  const { pullEvery = 15_000, random = Math.random } = options
  const listeners: ((status: SyncStatus) => void)[] = []
  let status = await countInto({ phase: 'syncing', queued: 0, needsAttention: 0, lastSyncedAt: await readMeta(context.local.db, 'last-synced-at'), nextTryAt: null, problem: null })
  let paused = true
  let stopped = false
  let failures = 0
  let acceptRemovals = false
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  let again = false

  async function countInto(next: SyncStatus): Promise<SyncStatus> {
    const [queued, states] = [await countQueued(context.local.db), await countByState(context.local.db)]
    return { ...next, queued, needsAttention: (states.returned ?? 0) + (states.conflict ?? 0) }
  }

  async function tell(change: Partial<SyncStatus>): Promise<void> {
    status = await countInto({ ...status, ...change })
    for (const listener of listeners) listener(status)
  }

  /** One attempt at a time; a wish that comes during one leads to another after it. */
  function run(): Promise<void> {
    if (stopped || paused) return Promise.resolve()
    clearTimeout(timer)
    if (running) {
      again = true
      return running
    }
    running = attempt().finally(() => {
      running = undefined
      if (again && !stopped) {
        again = false
        void run()
      }
    })
    return running
  }

  async function attempt(): Promise<void> {
    try {
      await tell({ phase: 'syncing', nextTryAt: null })
      await sendOutbox(context)
      await pullChanges(context, acceptRemovals)
      acceptRemovals = false
      failures = 0
      const at = context.clock.now().toISOString()
      await writeMeta(context.local.db, 'last-synced-at', at)
      await tell({ phase: paused ? 'paused-key-removed' : 'idle', lastSyncedAt: at, problem: null })
      schedule(pullEvery)
    } catch (error) {
      await fail(error).catch((worse: unknown) => context.log.error('sync cannot even report', worse))
    }
  }

  async function fail(error: unknown): Promise<void> {
    const known = error instanceof AppError ? error : localFailure(error)
    if (!known) context.log.error('sync step failed', error)
    const { code, details } = known ?? new AppError('internal')
    if (paused) return tell({ phase: 'paused-key-removed', problem: null })
    if (signInWanted.includes(code)) return tell({ phase: 'waiting-for-sign-in', problem: null })
    if (final.includes(code)) return tell({ phase: 'stopped', problem: { code, details: { ...details } } })
    failures += 1
    const asked = Number(details['retryAfterSeconds'] ?? 0) * 1_000
    const delay = Math.max(asked, backoffDelay(failures, random()))
    schedule(delay)
    await tell({ phase: 'offline', problem: { code, details: { ...details } }, nextTryAt: new Date(context.clock.now().getTime() + delay).toISOString() })
  }

  function schedule(delay: number): void {
    clearTimeout(timer)
    if (stopped) return
    timer = setTimeout(() => void run(), delay)
  }

  return {
    status: () => status,
    onChange: (listener) => void listeners.push(listener),
    wake: () => {
      // A line that is known to be down is not tried at every keystroke; a new write waits with the others.
      if (status.phase === 'idle' || status.phase === 'syncing') void run()
      else void tell({}).catch((error: unknown) => context.log.error('sync status', error))
    },
    syncNow: async () => {
      await run()
      return status
    },
    acceptRemovals: async () => {
      acceptRemovals = true
      await run()
      return status
    },
    pause: () => {
      paused = true
      clearTimeout(timer)
      void tell({ phase: 'paused-key-removed', nextTryAt: null }).catch((error: unknown) => context.log.error('sync status', error))
    },
    resume: () => {
      paused = false
      failures = 0
      void run()
    },
    stop: async () => {
      stopped = true
      clearTimeout(timer)
      await running
    },
  }
}
