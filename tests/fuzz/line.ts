import { once } from 'node:events'
import type { Agent} from 'node:http';
import { createServer, request as send, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import type { Fault } from '../support/fault-proxy.ts'

/** What happens to one request on the way, and what the driver does while it is there. */
export interface Spoil {
  /** The path begins so. */
  readonly path: string
  readonly fault:
    | Fault
    /** Half of the request's body arrives. */
    | { readonly kind: 'cut-request' }
    | { readonly kind: 'delay'; readonly milliseconds: number }
    | { readonly kind: 'act'; readonly when: 'before' | 'after'; readonly act: () => Promise<void>; readonly lose: boolean }
  times: number
}

export interface Exchanged {
  readonly path: string
  readonly request: string
  readonly status: number
  readonly reply: string
}

export interface Line {
  readonly url: string
  /** Lets requests through, spoilt as planned. */
  open(plan?: Spoil[]): void
  /** From now on each request is cut off; what is under way goes on. */
  shut(): void
  /** Nobody listens at all, or somebody does again. */
  refuse(refused: boolean): Promise<void>
  /** Errors of what the driver did in the middle of a request. */
  readonly failures: unknown[]
  close(): Promise<void>
}

interface Answer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

interface Upstream {
  /** Null while nobody is there. */
  readonly url: () => string | null
  readonly agent: () => Agent
  /** Of the loopback net: sign-ins are counted by address, and each workstation has its own. */
  readonly from: string
}

/** One workstation's way to the central service. Shut unless it is opened. */
export async function startLine(upstream: Upstream, seen: (exchanged: Exchanged) => void): Promise<Line> {
  let plan: Spoil[] | null = null
  const failures: unknown[] = []

  async function handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    if (!plan) return void outgoing.destroy()
    const payload = await read(incoming)
    const path = incoming.url ?? ''
    const spoil = plan.find((each) => each.times > 0 && path.startsWith(each.path))
    if (spoil) spoil.times -= 1
    const carry = async () => {
      const answer = await forward(upstream, incoming, payload)
      seen({ path, request: payload.toString('utf8'), status: answer.status, reply: answer.body.toString('utf8') })
      return answer
    }
    await carryOut(spoil?.fault, carry, outgoing, () => forward(upstream, incoming, payload.subarray(0, payload.length >> 1), payload.length))
  }

  async function carryOut(fault: Spoil['fault'] | undefined, carry: () => Promise<Answer>, outgoing: ServerResponse, carryHalf: () => Promise<unknown>): Promise<void> {
    switch (fault?.kind) {
      case 'drop-request':
        return void outgoing.destroy()
      case 'drop-reply':
        await carry()
        return void outgoing.destroy()
      case 'truncate': {
        const { status, body } = await carry()
        outgoing.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length })
        outgoing.write(body.subarray(0, body.length >> 1), () => outgoing.destroy())
        return
      }
      case 'duplicate':
        await carry()
        return reply(outgoing, await carry())
      case 'answer':
        return reply(outgoing, { status: fault.status, headers: fault.headers ?? {}, body: Buffer.from(fault.body ?? '') })
      case 'cut-request':
        await Promise.race([carryHalf().catch(() => undefined), delay(20)])
        return void outgoing.destroy()
      case 'delay':
        await delay(fault.milliseconds)
        return reply(outgoing, await carry())
      case 'hold-request':
        await fault.until
        return reply(outgoing, await carry())
      case 'hold-reply': {
        const answer = await carry()
        await fault.until
        return reply(outgoing, answer)
      }
      case 'act': {
        if (fault.when === 'before') await act(fault.act)
        const answer = await carry()
        if (fault.when === 'after') await act(fault.act)
        if (fault.lose) return void outgoing.destroy()
        return reply(outgoing, answer)
      }
      case undefined:
        return reply(outgoing, await carry())
    }
  }

  async function act(task: () => Promise<void>): Promise<void> {
    try {
      await task()
    } catch (error) {
      failures.push(error)
    }
  }

  const server = createServer((incoming, outgoing) => {
    handle(incoming, outgoing).catch(() => outgoing.destroy())
  })
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
  }
  const stop = async () => {
    server.close()
    server.closeAllConnections()
    await once(server, 'close')
  }
  await listen(0)
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    failures,
    open: (next = []) => void (plan = next),
    shut: () => void (plan = null),
    refuse: (refused) => (refused ? stop() : listen(port)),
    close: async () => {
      if (server.listening) await stop()
    },
  }
}

function reply(outgoing: ServerResponse, { status, headers, body }: Answer): void {
  const { connection: _connection, 'keep-alive': _keepAlive, 'transfer-encoding': _encoding, ...kept } = headers
  outgoing.writeHead(status, { ...kept, 'content-length': body.length })
  outgoing.end(body)
}

async function forward({ url, agent, from }: Upstream, incoming: IncomingMessage, payload: Buffer, length = payload.length): Promise<Answer> {
  const origin = url()
  if (origin === null) throw new Error('nobody there')
  const { host: _host, connection: _connection, 'transfer-encoding': _encoding, ...headers } = incoming.headers
  const { hostname, port } = new URL(origin)
  const withBody = length > 0 ? { 'content-length': length } : {}
  const whole = length === payload.length
  const outgoing = send({ hostname, port, method: incoming.method, path: incoming.url, headers: { ...headers, ...withBody }, localAddress: from, agent: whole ? agent() : false })
  if (whole) outgoing.end(payload)
  else outgoing.write(payload, () => outgoing.destroy())
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage]
  return { status: response.statusCode ?? 502, headers: response.headers, body: await read(response) }
}

async function read(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}
