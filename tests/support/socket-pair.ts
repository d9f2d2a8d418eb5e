import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { WebSocket, WebSocketServer } from 'ws'
import { createWebSocketTransport } from '../../electron/browser/web-socket-transport.ts'
import type { Transport } from '../../shared/wire/transport.ts'

/** Both ends of the browser shell's bridge over a real socket of this machine. */
export async function openSocketPair(): Promise<{ server: Transport; client: Transport; close: () => void }> {
  const sockets = new WebSocketServer({ host: '127.0.0.1', port: 0 })
  await once(sockets, 'listening')
  const calling = new WebSocket(`ws://127.0.0.1:${(sockets.address() as AddressInfo).port}`)
  const opened = once(calling, 'open')
  const [answering] = (await once(sockets, 'connection')) as [WebSocket]
  await opened
  return {
    server: createWebSocketTransport(answering),
    client: createWebSocketTransport(calling),
    close: () => {
      calling.terminate()
      sockets.close()
    },
  }
}
