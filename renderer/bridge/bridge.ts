import { shallowRef } from 'vue'
import { bridgeContract, type BridgeClient, type BridgeContract } from '../../shared/contract/index.ts'
import { createClient, type ConnectedClient } from '../../shared/wire/client.ts'
import type { Transport } from '../../shared/wire/transport.ts'
import { openPageTransport } from './page-transport.ts'

type HostClient = ConnectedClient<BridgeContract>
type Listen = HostClient['on']

/** `lost`: the host went away; the page goes on trying to reach it again. */
export const hostConnection = shallowRef<'connecting' | 'open' | 'lost'>('connecting')

const firstRetryMs = 300
const longestRetryMs = 3_000

const subscriptions: ((client: HostClient) => void)[] = []
const reconnected: (() => void)[] = []
let opening: Promise<HostClient> | undefined

function connected(): Promise<HostClient> {
  opening ??= reach()
  return opening
}

async function reach(): Promise<HostClient> {
  for (let wait = firstRetryMs; ; wait = Math.min(wait * 2, longestRetryMs)) {
    const transport = await openPageTransport().catch(() => null)
    if (transport) return begin(transport)
    hostConnection.value = 'lost'
    await new Promise((resolve) => setTimeout(resolve, wait))
  }
}

function begin(transport: Transport): HostClient {
  const client = createClient(bridgeContract, transport)
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

/** Every call of the contract. Failures are thrown as AppError. */
export const bridge = Object.fromEntries(
  Object.entries(bridgeContract).map(([group, { methods }]) => [
    group,
    Object.fromEntries(
      Object.keys(methods).map((name) => [
        name,
        async (input: unknown) => {
          const { call } = await connected()
          const methodsOfGroup = call[group as keyof BridgeContract] as Record<string, (input: unknown) => Promise<unknown>>
          return methodsOfGroup[name]?.(input)
        },
      ]),
    ),
  ]),
) as unknown as BridgeClient

/** Listens to an event of the host for as long as the page lives, across reconnections. */
export const onHostEvent = ((group, event, listener) => {
  const subscribe = (client: HostClient) => client.on(group, event, listener)
  subscriptions.push(subscribe)
  if (hostConnection.value === 'open') void connected().then(subscribe)
  return () => undefined
}) as Listen

/** Called when the host is there again: what it told before may be out of date. */
export function onHostReconnected(listener: () => void): void {
  reconnected.push(listener)
}
