import { once } from 'node:events'
import { STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { problemContentType } from '../../shared/api/problem.ts'
import { AppError } from '../../shared/errors/app-error.ts'
import { problemOf } from './problems.ts'

/** What Node tells of bytes that are no request. */
type Unreadable = Error & { readonly code?: string | undefined; readonly rawPacket?: unknown }

/** What one connection has asked and was not yet told. */
interface Line {
  readonly open: Set<ServerResponse>
  last: { readonly request: IncomingMessage; readonly response: ServerResponse }
  refused: boolean
}
const lines = new WeakMap<Socket, Line>()

/** Must see every request that `refuseUnreadable` may come after. */
export function followRequests(server: Server): void {
  server.prependListener('request', (request: IncomingMessage, response: ServerResponse) => {
    const line = lines.get(request.socket) ?? { open: new Set(), last: { request, response }, refused: false }
    lines.set(request.socket, line)
    line.last = { request, response }
    line.open.add(response)
    response.once('close', () => line.open.delete(response))
  })
}

/**
 * Answers what Node cannot read as a request at all: no route sees it, and what Node itself would say is no problem
 * document. The connection ends with it; where the next request would begin is anybody's guess. Its turn comes after the
 * requests before it: an answer that overtakes theirs would be taken for one of them.
 */
export function refuseUnreadable(error: Unreadable, socket: Socket): void {
  const line = lines.get(socket)
  // Every further byte is as unreadable.
  if (line?.refused) return
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  if (!line) return endWith(socket, error, methodIn(error))
  line.refused = true
  const { request, response } = line.last
  // What cannot be read is the rest of that request, so the answer is that request's: there is one at most.
  const isItsBody = !request.complete
  const isAnswered = isItsBody && response.headersSent
  const before = [...line.open].filter((open) => isAnswered || !isItsBody || open !== response)
  void Promise.all(before.map((open) => once(open, 'close'))).then(() => (isAnswered ? socket.destroySoon() : endWith(socket, error, isItsBody ? request.method : methodIn(error))))
}

/** Of the request that could not be read: its line is in the last bytes that came, unless its head is longer than they are. */
function methodIn({ rawPacket }: Unreadable): string | undefined {
  const bytes = Buffer.isBuffer(rawPacket) ? rawPacket.toString('latin1') : ''
  return [...bytes.matchAll(/(?:^|\n)([A-Z-]+) [/*h]/g)].at(-1)?.[1]
}

function endWith(socket: Socket, error: Unreadable, method: string | undefined): void {
  if (!socket.writable) return void socket.destroy()
  const { status, text } = problemOf(new AppError(codeOf(error)))
  // Nothing follows an answer to HEAD (RFC 9110, 9.3.2). What may be one is answered without a body too, and says so.
  const mayBeHead = method === undefined && error.code === 'HPE_HEADER_OVERFLOW'
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, `content-type: ${problemContentType}; charset=utf-8`, `content-length: ${mayBeHead ? 0 : Buffer.byteLength(text)}`,
    'cache-control: no-store', 'connection: close',
  ]
  socket.write(`${head.join('\r\n')}\r\n\r\n${method === 'HEAD' || mayBeHead ? '' : text}`)
  socket.destroySoon()
}

function codeOf({ code }: Unreadable) {
  if (code === 'HPE_HEADER_OVERFLOW') return 'request-too-large'
  // Whoever is that slow may be quicker next time.
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'central-busy' : 'request-malformed'
}

/** An expectation that nobody knows may be ignored (RFC 9110, 10.1.1); Node would refuse it without a word. */
export function ignoreUnknownExpectations(server: Server): void {
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => void server.emit('request', request, response))
}
