import { fileURLToPath } from 'node:url'
import { bridgeContract, type BridgeClient } from '../../shared/contract/index.ts'
import type { RegistrationForm } from '../../shared/contract/registrations.contract.ts'
import type { SyncStatus } from '../../shared/contract/sync.contract.ts'
import type { PersonFieldName } from '../../shared/domain/person-fields.ts'
import { AppError } from '../../shared/errors/app-error.ts'
import type { ErrorCode } from '../../shared/errors/codes.ts'
import { createClient } from '../../shared/wire/client.ts'
import type { Transport } from '../../shared/wire/transport.ts'
import { password } from '../support/central-service.ts'
import type { FuzzAccount } from './central.ts'
import type { Child, Nursery } from './children.ts'
import type { Line } from './line.ts'
import type { CrashPoint, FromWorkstation, ToWorkstation } from './messages.ts'
import { Violation } from './violation.ts'

/** One registration as a clerk sees it: the form, and what the conflict screen shows. */
export interface Shown extends RegistrationForm {
  readonly conflict: Awaited<ReturnType<BridgeClient['registrations']['conflict']>> | null
}

export type Asked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly code: ErrorCode | 'dead' }

export interface Workstation {
  readonly name: string
  readonly account: FuzzAccount
  readonly line: Line
  /** What this clerk was last shown, by id. */
  shown: Map<string, Shown>
  /** Whether the central service knows this session. */
  online: boolean
  status: SyncStatus | null
  page(): BridgeClient
  readonly dead: () => boolean
  /** Starts the program on the same data and signs in: over the line where that is open, else offline. */
  start(): Promise<void>
  /** Ends it in order. */
  quit(): Promise<void>
  kill(): Promise<void>
  dieAt(point: CrashPoint): void
  /** Lets time pass. */
  passTime(milliseconds: number): void
  signIn(): Promise<Asked<unknown>>
  /** Everything it shows. */
  look(): Promise<Map<string, Shown>>
  /** A call that may be refused, or die with the program. @throws Violation where the host failed in a way that is none */
  ask<T>(call: (page: BridgeClient) => Promise<T>): Promise<Asked<T>>
}

const resources = fileURLToPath(new URL('../../resources', import.meta.url))
/** Never an answer to a right call. */
const faults: readonly string[] = ['internal', 'call-invalid', 'call-unknown', 'call-timeout', 'local-damaged', 'local-busy', 'local-full', 'local-read-only', 'local-key-lost', 'central-wrong']

export interface WorkstationOptions {
  readonly name: string
  readonly account: FuzzAccount
  readonly line: Line
  readonly data: string
  readonly nursery: Nursery<ToWorkstation, FromWorkstation>
  readonly fault: (message: string) => void
}

export function createWorkstation({ name, account, line, data, nursery, fault }: WorkstationOptions): Workstation {
  let child: Child<ToWorkstation, FromWorkstation> | undefined
  let page: BridgeClient | undefined
  let ahead = 0

  const alive = () => {
    if (!page) throw new Error(`${name} was never started`)
    return page
  }

  async function ask<T>(call: (page: BridgeClient) => Promise<T>): Promise<Asked<T>> {
    try {
      return { ok: true, value: await call(alive()) }
    } catch (error) {
      if (!(error instanceof AppError)) throw error
      if (error.code === 'call-closed') return { ok: false, code: 'dead' }
      if (faults.includes(error.code)) throw new Violation(`${name}: a call failed with ${error.code} ${JSON.stringify(error.details)}`)
      return { ok: false, code: error.code }
    }
  }

  async function look(): Promise<Map<string, Shown>> {
    const found = new Map<string, Shown>()
    for (let at = 1; ; at++) {
      const { rows, total } = await alive().registrations.list({ query: '', page: at, pageSize: 50 })
      const shown = await Promise.all(
        rows.map(async ({ id, syncState }) => {
          const [form, conflict] = await Promise.all([alive().registrations.open({ id }), syncState === 'conflict' ? alive().registrations.conflict({ id }) : null])
          return { ...form, conflict }
        }),
      )
      for (const each of shown) found.set(each.id, each)
      if (at * 50 >= total) return found
    }
  }

  const workstation: Workstation = {
    name, account, line, ask, look,
    shown: new Map(),
    online: false,
    status: null,
    page: alive,
    dead: () => !child || child.ended(),
    start: async () => {
      const next = await nursery.take()
      next.onMessage((message) => message.kind === 'fault' && fault(`${name}: ${message.message}`))
      const opened = next.next('opened')
      next.send({ kind: 'open', data, resources, centralUrl: line.url, ahead })
      await opened
      child = next
      page = createClient(bridgeContract, transportOf(next)).call
      workstation.online = false
    },
    signIn: async () => {
      const answer = await ask((each) => each.session.signInWithPassword({ username: account.username, password }))
      if (answer.ok && answer.value.phase === 'signed-in') workstation.online = answer.value.connection === 'online'
      return answer
    },
    quit: async () => {
      child?.send({ kind: 'close' })
      await child?.exited
    },
    kill: async () => {
      child?.kill()
      await child?.exited
    },
    dieAt: (point) => child?.send({ kind: 'die', point }),
    passTime: (milliseconds) => {
      ahead += milliseconds
      child?.send({ kind: 'ahead', milliseconds })
    },
  }
  return workstation
}

function transportOf(child: Child<ToWorkstation, FromWorkstation>): Transport {
  return {
    send: (frame) => child.send({ kind: 'frame', frame }),
    onFrame: (listener) => child.onMessage((message) => message.kind === 'frame' && listener(message.frame)),
    onClose: (listener) => void child.exited.then(listener),
    close: () => child.kill(),
  }
}

/** The texts on one side of the conflict screen. */
export function sideOf({ conflict }: Shown, side: 'mine' | 'theirs'): Partial<Record<PersonFieldName, string>> {
  return Object.fromEntries((conflict?.fields ?? []).map((each) => [each.field, each[side]]))
}
