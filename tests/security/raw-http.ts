import { once } from 'node:events'
import { Agent, request, type OutgoingHttpHeaders } from 'node:http'
import { connect } from 'node:net'

export interface RawRequest {
  /** What is wrong with it. */
  readonly what: string
  readonly method: string
  /** Path and query, percent-encoded as it shall go out. */
  readonly path: string
  readonly headers: Readonly<Record<string, string | readonly string[]>>
  readonly body?: string | Uint8Array
}

export interface RawReply {
  readonly status: number
  readonly contentType: string
  readonly text: string
  /** Head and body as text, for finding what should not be in them. */
  readonly whole: string
}

/** Requests as they are written, over real connections that are kept. */
export function createRawHttp(url: string, connections: number) {
  const { hostname, port } = new URL(url)
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  return {
    send: ({ method, path, headers, body }: RawRequest): Promise<RawReply> =>
      new Promise((resolve, reject) => {
        const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
        const call = request({ agent, hostname, port, method, path, headers: { ...length, ...headers } as OutgoingHttpHeaders }, (response) => {
          const parts: Buffer[] = []
          response.on('data', (part: Buffer) => parts.push(part))
          response.on('error', reject)
          response.on('end', () => {
            const text = Buffer.concat(parts).toString('utf8')
            const head = JSON.stringify(response.headers)
            resolve({ status: response.statusCode ?? 0, contentType: String(response.headers['content-type'] ?? ''), text, whole: `${head}\n${text}` })
          })
        })
        call.on('error', reject).end(body)
      }),
    /** Bytes that no client library would send. @returns all that comes back until the service closes */
    sendBytes: async (bytes: string): Promise<RawReply> => {
      const socket = connect(Number(port), hostname)
      const parts: Buffer[] = []
      socket.on('data', (part) => parts.push(part))
      socket.write(bytes, 'latin1')
      await once(socket, 'end')
      socket.destroy()
      const whole = Buffer.concat(parts).toString('utf8')
      const [head = '', text = ''] = whole.split('\r\n\r\n')
      return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1] ?? 0), contentType: /^content-type: (.*)$/im.exec(head)?.[1] ?? '', text, whole }
    },
    close: () => agent.destroy(),
  }
}
