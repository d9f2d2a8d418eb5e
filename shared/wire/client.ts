import * as v from 'valibot'
import { AppError } from '../errors/app-error.ts'
import { after } from './timers.ts'
import type { Client, Contract, EventData } from './contract.ts'
import type { Reply, Transport } from './transport.ts'

const incomingFrame = v.variant('kind', [
  v.object({ kind: v.literal('reply'), id: v.number(), reply: v.unknown() }),
  v.object({ kind: v.literal('event'), name: v.string(), data: v.unknown() }),
])

export interface ConnectedClient<C extends Contract> {
  readonly call: Client<C>
  on<G extends keyof C & string, E extends keyof C[G]['events'] & string>(
    group: G,
    event: E,
    listener: (data: EventData<C, G, E>) => void,
  ): () => void
}

export interface ClientOptions {
  /** How long a call may take, in ms. Undefined: for ever. */
  deadline?: (method: string) => number | undefined
  /** Told when a call has overrun; the call itself fails with `call-timeout`. */
  onOverrun?: (method: string) => void
}

/** The calling end of a transport, by names alone. */
export interface Caller {
  /** @param method `group.name` */
  call(method: string, input: unknown): Promise<unknown>
  /** @param event `group.name` */
  on(event: string, listener: (data: unknown) => void): () => void
}

/**
 * For a program that would rather not load the schemas of its contract: they are the other end's to check with. Failures are
 * thrown as AppError.
 */
export function createCaller(transport: Transport, options: ClientOptions = {}): Caller {
  let lastId = 0
  let closed = false
  const waiting = new Map<number, (reply: Reply) => void>()
  const listeners = new Map<string, Set<(data: unknown) => void>>()

  transport.onFrame((raw) => {
    const frame = v.safeParse(incomingFrame, raw)
    if (!frame.success) return
    if (frame.output.kind === 'event') {
      for (const listener of listeners.get(frame.output.name) ?? []) listener(frame.output.data)
      return
    }
    const settle = waiting.get(frame.output.id)
    waiting.delete(frame.output.id)
    settle?.(frame.output.reply as Reply)
  })
  transport.onClose(() => {
    closed = true
    for (const settle of waiting.values()) settle({ ok: false, error: new AppError('call-closed').toWire() })
    waiting.clear()
  })

  function send(method: string, input: unknown): Promise<Reply> {
    if (closed) return Promise.resolve({ ok: false, error: new AppError('call-closed').toWire() })
    const id = ++lastId
    return new Promise((resolve, reject) => {
      const limit = options.deadline?.(method)
      const overrun = () => {
        waiting.delete(id)
        resolve({ ok: false, error: new AppError('call-timeout', { method }).toWire() })
        options.onOverrun?.(method)
      }
      const cancel = limit === undefined ? undefined : after(limit, overrun)
      waiting.set(id, (reply) => {
        cancel?.()
        resolve(reply)
      })
      try {
        transport.send({ kind: 'call', id, method, input })
      } catch (error) {
        // Nothing went out, so no reply will come to clear these.
        waiting.delete(id)
        cancel?.()
        reject(error instanceof Error ? error : new Error('frame not sent'))
      }
    })
  }

  return {
    call: async (method, input) => {
      const reply = await send(method, input)
      if (reply.ok) return reply.value
      throw AppError.fromWire(reply.error)
    },
    on: (event, listener) => {
      const set = listeners.get(event) ?? new Set()
      listeners.set(event, set.add(listener))
      return () => void set.delete(listener)
    },
  }
}

/** The calling end of a contract over a transport. Failures are thrown as AppError. */
export function createClient<C extends Contract>(contract: C, transport: Transport, options: ClientOptions = {}): ConnectedClient<C> {
  const caller = createCaller(transport, options)
  const call = Object.fromEntries(
    Object.entries(contract).map(([group, { methods }]) => [
      group,
      Object.fromEntries(Object.keys(methods).map((name) => [name, (input: unknown) => caller.call(`${group}.${name}`, input)])),
    ]),
  ) as Client<C>
  return { call, on: (group, event, listener) => caller.on(`${group}.${event}`, listener) }
}
