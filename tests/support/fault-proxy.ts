import { once } from 'node:events'
import { createServer, request as send, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What a bad line, or somebody on it, does to one request. */
export type Fault =
  /** It never arrives. */
  | { readonly kind: 'drop-request' }
  /** It arrives and is carried out; the answer is lost. */
  | { readonly kind: 'drop-reply' }
  /** The answer breaks off in the middle. */
  | { readonly kind: 'truncate' }
  /** It arrives twice; the second answer comes back. */
  | { readonly kind: 'duplicate' }
  /** Something else than the central service answers, and the request never arrives. */
  | { readonly kind: 'answer'; readonly status: number; readonly headers?: Readonly<Record<string, string>>; readonly body?: string | Buffer }
  /** Held back, before or after it is carried out, until `until` is over. */
  | { readonly kind: 'hold-request' | 'hold-reply'; readonly until: Promise<void> }

export const captivePortal: Fault = {
  kind: 'answer', status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body: '<!doctype html><title>上网认证</title><form action="/login"></form>',
}

export const problem = (status: number, code: string, headers: Record<string, string> = {}): Fault => ({
  kind: 'answer', status, headers: { 'content-type': 'application/problem+json', ...headers },
  body: JSON.stringify({ type: `urn:xiushan:problem:${code}`, title: code, status, code, retriable: status >= 429, details: {} }),
})

export interface SeenRequest {
  readonly path: string
  readonly body: string
  /** Of the body. */
  readonly bytes: number
}

interface Rule {
  readonly matches: (request: SeenRequest) => boolean
  readonly fault: Fault
  left: number
}

export interface FaultProxy {
  readonly url: string
  /** Every request that came, oldest first. */
  readonly seen: readonly SeenRequest[]
  /** The next `times` requests whose path begins so (and whose body matches) meet with this fault. */
  on(path: string, fault: Fault, options?: { times?: number; body?: (body: string) => boolean }): void
  /** From now on all is well. */
  heal(): void
  /** Sends what comes from now on to another service. */
  pointAt(url: string): void
  /** Settles when a request of this path comes in that is not here yet. */
  nextRequest(path: string): Promise<SeenRequest>
  close(): Promise<void>
}

/** Stands between a workstation and the central service, in plain HTTP, and spoils what it is told to. */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  let rules: Rule[] = []
  let upstream = new URL(target)
  const seen: SeenRequest[] = []
  const waiting: { path: string; tell: (request: SeenRequest) => void }[] = []

  async function handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const payload = await read(incoming)
    const request = { path: incoming.url ?? '', body: payload.toString('utf8'), bytes: payload.length }
    const rule = rules.find(({ matches, left }) => left > 0 && matches(request))
    if (rule) rule.left -= 1
    seen.push(request)
    for (const one of waiting.filter(({ path }) => request.path.startsWith(path))) {
      waiting.splice(waiting.indexOf(one), 1)
      one.tell(request)
    }
    await carryOut(rule?.fault, () => forward(upstream, incoming, payload), outgoing)
  }

  const server = createServer((incoming, outgoing) => {
    handle(incoming, outgoing).catch(() => outgoing.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    on: (path, fault, { times = 1, body = () => true } = {}) =>
      void rules.push({ matches: (request) => request.path.startsWith(path) && body(request.body), fault, left: times }),
    heal: () => void (rules = []),
    pointAt: (url) => void (upstream = new URL(url)),
    nextRequest: (path) => new Promise((tell) => waiting.push({ path, tell })),
    close: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

interface Answer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

async function carryOut(fault: Fault | undefined, carry: () => Promise<Answer>, outgoing: ServerResponse): Promise<void> {
  switch (fault?.kind) {
    case 'drop-request':
      outgoing.destroy()
      return
    case 'drop-reply':
      await carry()
      outgoing.destroy()
      return
    case 'truncate': {
      const { status, body } = await carry()
      outgoing.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length })
      outgoing.write(body.subarray(0, Math.floor(body.length / 2)), () => outgoing.destroy())
      return
    }
    case 'duplicate':
      await carry()
      return reply(outgoing, await carry())
    case 'answer':
      return reply(outgoing, { status: fault.status, headers: fault.headers ?? {}, body: Buffer.from(fault.body ?? '') })
    case 'hold-request':
      await fault.until
      return reply(outgoing, await carry())
    case 'hold-reply': {
      const answer = await carry()
      await fault.until
      return reply(outgoing, answer)
    }
    case undefined:
      return reply(outgoing, await carry())
  }
}

function reply(outgoing: ServerResponse, { status, headers, body }: Answer): void {
  const { connection: _connection, 'transfer-encoding': _encoding, ...kept } = headers
  outgoing.writeHead(status, { ...kept, 'content-length': body.length })
  outgoing.end(body)
}

async function forward(upstream: URL, incoming: IncomingMessage, payload: Buffer): Promise<Answer> {
  const { host: _host, connection: _connection, ...headers } = incoming.headers
  const outgoing = send({ host: upstream.hostname, port: upstream.port, method: incoming.method, path: incoming.url, headers, agent: false })
  outgoing.end(payload)
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
  return { status: response.statusCode ?? 502, headers: response.headers, body: await read(response) }
}

async function read(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
