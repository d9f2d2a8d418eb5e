import { createHash } from 'node:crypto'
import { createServer } from 'node:net'

/**
 * Lets one workstation at a time use a data directory: two writers of one local file would each believe they own it.
 * The claim is a local socket that the system itself releases however the process ends, so no stale lock can remain.
 * @returns how to give the claim back
 * @throws Error with a sentence for the user where another workstation holds it
 */
export async function claimSingleInstance(directory: string): Promise<() => void> {
  const server = createServer((socket) => socket.destroy())
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? new Error(`已有一个工作站在使用 ${directory}，请先关闭它。`, { cause: error }) : error),
    )
    server.listen(socketName(directory), resolve)
  })
  server.unref()
  return () => void server.close()
}

function socketName(directory: string): string {
  const name = `xiushan-workstation-${createHash('sha256').update(directory).digest('hex').slice(0, 24)}`
  // A leading NUL is Linux's namespace of sockets that leave no file behind.
  return process.platform === 'win32' ? `\\\\.\\pipe\\${name}` : `\0${name}`
}
