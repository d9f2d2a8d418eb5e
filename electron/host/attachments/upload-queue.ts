import { AppError } from '../../../shared/errors/app-error.ts'
import type { SyncStatus } from '../../../shared/contract/sync.contract.ts'
import type { ErrorCode } from '../../../shared/errors/codes.ts'
import type { CentralAttachments } from '../central/central-port.ts'
import { beginSending, dueUploads, endSending, nextUploadAt, updateAttachment } from '../database/attachment.repository.ts'
import { localFailure } from '../database/local-failure.ts'
import type { AttachmentRow } from '../database/local-tables.ts'
import type { LocalDatabase } from '../database/open-local-database.ts'
import type { Clock, Log } from '../ports.ts'
import { backoffDelay } from '../sync/backoff.ts'
import { signInWanted } from '../sync/settle.ts'
import type { AttachmentFiles } from './attachment-files.ts'
import { carryOutRemovals } from './removals.ts'
import { uploadAttachment } from './upload-attachment.ts'

export interface UploadProgress {
  readonly id: string
  readonly recordId: string | null
  readonly sent: number
  readonly bytesPerSecond: number
}

export interface UploadContext {
  readonly local: LocalDatabase
  readonly files: AttachmentFiles
  readonly central: CentralAttachments
  readonly clock: Clock
  readonly log: Log
  /** Attachments of this registration changed; null: of the unit. */
  readonly changed: (recordId: string | null) => void
  /** What is the unit's own goes out as well: else it waits for a 单位管理员 to sign in here. */
  readonly ofUnit: boolean
  readonly progress: (progress: UploadProgress) => void
  readonly random?: () => number
}

export interface UploadQueue {
  /** Bytes of those under way that have gone out. */
  sentOf(id: string): number | undefined
  /** There may be something to do. */
  wake(): void
  /** Breaks off what is under way of these, before their rows change. */
  breakOff(ids: readonly string[]): Promise<void>
  /**
   * As far as the sync has come: nothing is sent before it has told that the central service is the right one, nor while it
   * waits for a sign-in or for the CA lock. What is under way when the line goes finds that out itself: it may be what fills it.
   */
  follow(phase: SyncStatus['phase']): void
  stop(): Promise<void>
}

/** So many at once; each keeps its order in the table. */
const atOnce = 3
/** A content that arrives wrong this often is not the line's fault. */
const mostWrongArrivals = 3
const progressEvery = 250
/** Worth another try by itself, whatever the code says: the person may be merged or confirmed meanwhile. */
const waitFor: readonly ErrorCode[] = ['not-found']

interface Running {
  readonly abort: AbortController
  readonly done: Promise<void>
  sent: number
}

/** Sends what waits to the central service, several at once, for as long as the line is open. Kills, breaks and restarts cost no byte that has arrived. */
export function createUploadQueue(context: UploadContext): UploadQueue {
  const { local: { db }, clock, log, random = Math.random } = context
  const running = new Map<string, Running>()
  let isOpen = false
  let stopped = false
  let pumping: Promise<void> | undefined
  let again = false
  let timer: NodeJS.Timeout | undefined

  function wake(): void {
    if (stopped) return
    again = true
    pumping ??= pump()
      .catch((error: unknown) => log.error('upload queue', error))
      .finally(() => (pumping = undefined))
  }

  async function pump(): Promise<void> {
    while (again && !stopped) {
      again = false
      const removalIn = await carryOutRemovals(context, isOpen)
      if (isOpen) await startDue()
      await schedule(removalIn)
    }
  }

  async function startDue(): Promise<void> {
    if (running.size >= atOnce) return
    const due = (await dueUploads(db, clock.now().toISOString(), context.ofUnit)).filter(({ id }) => !running.has(id))
    for (const row of due.slice(0, atOnce - running.size)) if (isOpen && !stopped) start(row)
  }

  /** @param removalIn ms until the next removal is to be carried out; null: none waits */
  async function schedule(removalIn: number | null): Promise<void> {
    clearTimeout(timer)
    if (stopped) return
    const nextAt = isOpen ? await nextUploadAt(db, context.ofUnit) : null
    const waits = [removalIn, nextAt === null ? null : Math.max(Date.parse(nextAt) - clock.now().getTime(), 0)].filter((wait) => wait !== null)
    // Where nothing is free, the end of one that is running wakes the queue.
    if (waits.length > 0) timer = setTimeout(wake, Math.max(Math.min(...waits), running.size >= atOnce ? 1_000 : 10))
  }

  function start(row: AttachmentRow): void {
    const abort = new AbortController()
    const each: Running = { abort, sent: row.sent, done: Promise.resolve().then(() => run(row, each)) }
    running.set(row.id, each)
  }

  async function run(row: AttachmentRow, each: Running): Promise<void> {
    const { id, record_id: recordId } = row
    const tell = progressOf(row, each)
    try {
      if (!(await beginSending(db, id))) return
      context.changed(recordId)
      await uploadAttachment(
        {
          ...context,
          signal: each.abort.signal,
          onSent: tell,
          onArrived: async (sent) => {
            tell(sent)
            await updateAttachment(db, id, { sent })
          },
        },
        row,
      )
      await updateAttachment(db, id, { state: 'uploaded', sent: row.size, attempts: 0, next_at: null, uploaded_at: clock.now().toISOString(), problem: null })
    } catch (error) {
      if (!each.abort.signal.aborted) await fail(row, error).catch(rest)
    } finally {
      running.delete(id)
      // Broken off: back to where whoever broke it off wants it.
      await endSending(db, id, { state: 'waiting' }).catch(rest)
      context.changed(recordId)
      wake()
    }
  }

  /** Not even this can be written: the disk is full, or the file damaged. The next sync that goes well tries again. */
  function rest(error: unknown): void {
    log.error('upload queue rests', error)
    isOpen = false
  }

  function progressOf({ id, record_id: recordId, size }: AttachmentRow, each: Running): (sent: number) => void {
    let last = { at: performance.now(), sent: each.sent }
    let speed = 0
    return (sent) => {
      each.sent = sent
      const now = performance.now()
      if (now - last.at < progressEvery && sent < size) return
      const momentary = (Math.max(sent - last.sent, 0) / Math.max(now - last.at, 1)) * 1_000
      speed = speed === 0 ? momentary : speed * 0.7 + momentary * 0.3
      last = { at: now, sent }
      context.progress({ id, recordId, sent, bytesPerSecond: Math.round(speed) })
    }
  }

  async function fail(row: AttachmentRow, error: unknown): Promise<void> {
    const known = error instanceof AppError ? error : localFailure(error)
    if (!known) log.error('upload failed', error)
    const { code, details, retriable } = known ?? new AppError('internal')
    const attempts = row.attempts + 1
    if (signInWanted.includes(code)) {
      // The sync hears it too and asks the clerk; it opens the queue again afterwards.
      isOpen = false
      return
    }
    log.info('upload put off or refused', { code, attempts })
    const arrivesWrong = code === 'attachment-hash-wrong'
    if ((retriable || waitFor.includes(code)) && !(arrivesWrong && attempts >= mostWrongArrivals)) {
      const asked = Number(details['retryAfterSeconds'] ?? 0) * 1_000
      const nextAt = new Date(clock.now().getTime() + Math.max(asked, backoffDelay(attempts, random()))).toISOString()
      await endSending(db, row.id, { state: 'waiting', attempts, next_at: nextAt, problem: { code, details }, ...(arrivesWrong ? { sent: 0 } : {}) })
      return
    }
    const lost = code === 'attachment-lost-here' ? { kept: 0 as const } : {}
    await endSending(db, row.id, { state: 'refused', attempts, next_at: null, problem: { code, details }, ...lost })
  }

  async function breakOff(ids: readonly string[]): Promise<void> {
    const ended = ids.flatMap((id) => running.get(id) ?? [])
    for (const { abort } of ended) abort.abort()
    await Promise.all(ended.map(({ done }) => done))
  }

  return {
    sentOf: (id) => running.get(id)?.sent,
    wake,
    breakOff,
    follow: (phase) => {
      if (phase === 'syncing') return
      isOpen = phase === 'idle' || phase === 'waiting-for-key'
      if (isOpen) wake()
      else if (phase !== 'offline') for (const { abort } of running.values()) abort.abort()
    },
    stop: async () => {
      stopped = true
      isOpen = false
      clearTimeout(timer)
      await breakOff([...running.keys()])
      await pumping
    },
  }
}

