import { STATUS_CODES, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { problemContentType } from '../../shared/api/problem.ts'
import { AppError } from '../../shared/errors/app-error.ts'
import { problemOf } from './problems.ts'

/**
 * Answers what Node cannot read as a request at all: no route sees it, and what Node itself would say is no problem
 * document. The connection ends with it; where the next request would begin is anybody's guess.
 */
export function refuseUnreadable(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy()
  const { status, text } = problemOf(new AppError(codeOf(error)))
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, `content-type: ${problemContentType}; charset=utf-8`, `content-length: ${Buffer.byteLength(text)}`,
    'cache-control: no-store', 'connection: close',
  ]
  socket.write(`${head.join('\r\n')}\r\n\r\n${text}`)
  socket.destroySoon()
}

function codeOf({ code }: { code?: string }) {
  if (code === 'HPE_HEADER_OVERFLOW') return 'request-too-large'
  // Whoever is that slow may be quicker next time.
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 'central-busy' : 'request-malformed'
}

/** An expectation that nobody knows may be ignored (RFC 9110, 10.1.1); Node would refuse it without a word. */
export function ignoreUnknownExpectations(server: Server): void {
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => void server.emit('request', request, response))
}
