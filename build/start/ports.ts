import { createHash } from 'node:crypto'
import { createServer } from 'node:net'
import type { AddressInfo, ListenOptions } from 'node:net'

/** Whether nobody listens on a port of 127.0.0.1. */
export async function isPortFree(port: number): Promise<boolean> {
  const release = await listen({ port, host: '127.0.0.1' })
  release?.()
  return release !== undefined
}

/**
 * Lets one `npm start` at a time use a data directory. The system gives the claim back however this process ends.
 * @returns undefined where another has it
 */
export async function claimDirectory(directory: string): Promise<(() => void) | undefined> {
  const name = `xiushan-start-${createHash('sha256').update(directory).digest('hex').slice(0, 24)}`
  return listen({ path: process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : `\0${name}` })
}

async function listen(options: ListenOptions): Promise<(() => void) | undefined> {
  const server = createServer((socket) => socket.destroy())
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => (error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error)))
    server.listen(options, () => resolve(() => void server.close()))
  })
}

/** A port of 127.0.0.1 that nobody listens on now. */
export async function findFreePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}
