import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export interface CuttableProxy {
  readonly port: number
  /** Resets every connection and refuses new ones, as a pulled network cable looks to a program. */
  cut(): void
  restore(): void
  close(): Promise<void>
}

/**
 * Passes bytes through to a port of this machine. TLS goes through unread.
 * @param targetPort asked at each connection: the proxy's own port is known before its target's
 */
export async function startCuttableProxy(targetPort: () => number): Promise<CuttableProxy> {
  const sockets = new Set<Socket>()
  let isCut = false
  const server = createServer((client) => {
    if (isCut) return void client.resetAndDestroy()
    const target = connect(targetPort(), '127.0.0.1')
    for (const [socket, other] of [[client, target], [target, client]] as const) {
      sockets.add(socket)
      socket.on('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
      // The other end learns of it by its own `close`.
      socket.on('error', () => socket.destroy())
      socket.pipe(other)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const reset = () => {
    for (const socket of sockets) socket.resetAndDestroy()
  }
  return {
    port: (server.address() as AddressInfo).port,
    cut: () => {
      isCut = true
      reset()
    },
    restore: () => {
      isCut = false
    },
    close: async () => {
      reset()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
