import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** How many requests are under way at any time. */
export const lanes = 20

export interface Sent {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

/** A request as it goes over the wire, made before anything is timed. */
export function wireBytes({ method, path, headers, body }: Sent): Buffer {
  const all = { host: '127.0.0.1', ...headers, ...(body === undefined ? {} : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(body)) }) }
  return Buffer.from(`${method} ${path} HTTP/1.1\r\n${Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body ?? ''}`)
}

export interface Load {
  readonly perSecond: number
  /** ms of each request. */
  readonly times: readonly number[]
  /** Bytes of all answers together. */
  readonly bytes: number
}

/**
 * Sends all requests over connections of their own, each as soon as the one before it is answered. Little more than
 * writing and counting bytes: an HTTP client would take as long as the services that are measured.
 * @throws Error at an answer that is not 2xx
 */
export async function load(url: string, requests: readonly Buffer[], atOnce: number = lanes): Promise<Load> {
  const { hostname, port } = new URL(url)
  const sockets = await Promise.all(Array.from({ length: atOnce }, async () => {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true })
    await once(socket, 'connect')
    return socket
  }))
  const times: number[] = []
  let [next, bytes] = [0, 0]
  const started = performance.now()
  await Promise.all(sockets.map(async (socket) => {
    const answers = answersOf(socket)
    for (let request = requests[next++]; request; request = requests[next++]) {
      const sent = performance.now()
      const got = await answers.to(request)
      bytes += got
      times.push(performance.now() - sent)
    }
  }))
  const took = performance.now() - started
  for (const socket of sockets) socket.destroy()
  return { perSecond: (1_000 * requests.length) / took, times, bytes }
}

const endOfHead = Buffer.from('\r\n\r\n')

function answersOf(socket: Socket): { to(request: Buffer): Promise<number> } {
  let waiting: { resolve: (bytes: number) => void; reject: (error: Error) => void } | undefined
  let [got, wanted] = [0, 0]
  const fail = (message: string) => waiting?.reject(new Error(message))
  socket.on('error', (error) => fail(error.message))
  socket.on('close', () => fail('closed before it answered'))
  socket.on('data', (part: Buffer) => {
    if (got === 0) {
      const end = part.indexOf(endOfHead)
      const head = part.toString('latin1', 0, end)
      if (!/^HTTP\/1\.1 2\d\d /.test(head)) return fail(part.toString('utf8').slice(0, 600))
      wanted = end + endOfHead.length + Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0)
    }
    got += part.length
    if (got < wanted) return
    const whole = got
    got = 0
    waiting?.resolve(whole)
  })
  return {
    to: (request) => new Promise((resolve, reject) => {
      waiting = { resolve, reject }
      socket.write(request)
    }),
  }
}
