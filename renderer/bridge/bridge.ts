import { shallowRef } from 'vue'
import type { BridgeClient, BridgeContract } from '../../shared/contract/index.ts'
import { createCaller, type Caller, type ConnectedClient } from '../../shared/wire/client.ts'
import type { Transport } from '../../shared/wire/transport.ts'
import { openPageTransport } from './page-transport.ts'

type Listen = ConnectedClient<BridgeContract>['on']

/** `lost`: the host went away; the page goes on trying to reach it again. */
export const hostConnection = shallowRef<'connecting' | 'open' | 'lost'>('connecting')

const firstRetryMs = 300
const longestRetryMs = 3_000

const subscriptions: ((client: Caller) => void)[] = []
const reconnected: (() => void)[] = []
let opening: Promise<Caller> | undefined

function connected(): Promise<Caller> {
  opening ??= reach()
  return opening
}

async function reach(): Promise<Caller> {
  for (let wait = firstRetryMs; ; wait = Math.min(wait * 2, longestRetryMs)) {
    const transport = await openPageTransport().catch(() => null)
    if (transport) return begin(transport)
    hostConnection.value = 'lost'
    await new Promise((resolve) => setTimeout(resolve, wait))
  }
}

function begin(transport: Transport): Caller {
  const client = createCaller(transport)
  for (const subscribe of subscriptions) subscribe(client)
  const again = hostConnection.value === 'lost'
  hostConnection.value = 'open'
  transport.onClose(() => {
    hostConnection.value = 'lost'
    opening = undefined
    void connected()
  })
  if (again) for (const listener of reconnected) listener()
  return client
}

/** Every call of the contract, by its name alone: loading all schemas would keep the first page waiting. Failures are thrown as AppError. */
export const bridge = named((group) => named((name) => async (input: unknown) => (await connected()).call(`${group}.${name}`, input))) as BridgeClient

function named(member: (name: string) => unknown): object {
  return new Proxy({}, { get: (_, name) => (typeof name === 'string' ? member(name) : undefined) })
}

/** Listens to an event of the host for as long as the page lives, across reconnections. */
export const onHostEvent: Listen = (group, event, listener) => {
  const subscribe = (client: Caller) => client.on(`${group}.${event}`, listener as (data: unknown) => void)
  subscriptions.push(subscribe)
  if (hostConnection.value === 'open') void connected().then(subscribe)
  return () => undefined
}

/** Listens to what the shell itself asks of the page (shared/wire/shell-events.ts), across reconnections. */
export function onShellEvent(name: string, listener: (data: unknown) => void): void {
  const subscribe = (client: Caller) => client.on(name, listener)
  subscriptions.push(subscribe)
  if (hostConnection.value === 'open') void connected().then(subscribe)
}

/** Called when the host is there again: what it told before may be out of date. */
export function onHostReconnected(listener: () => void): void {
  reconnected.push(listener)
}
