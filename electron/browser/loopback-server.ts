import { randomBytes, timingSafeEqual } from 'node:crypto'
import { createReadStream, readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import type { Transport } from '../../shared/wire/transport.ts'
import { contentTypeOf, isPageItself, resolvePageFile } from '../shell-common/assets.ts'
import { securityHeaders } from '../shell-common/security-headers.ts'
import { createWebSocketTransport } from './web-socket-transport.ts'

export interface LoopbackServer {
  readonly origin: string
  /** Opens the page once: holds a token that the first visit trades for a cookie. */
  readonly launchUrl: string
  close(): Promise<void>
}

/** Largest frame a page may send, in bytes: a form is some KB, and files come in pieces that fit. */
const maxFrameBytes = 1 << 20

/**
 * Serves the page and its bridge on 127.0.0.1 to the one browser that was given the launch address. Other local
 * programs, other sites in the same browser (Origin, DNS rebinding) and other users of the machine get nothing.
 */
export async function startLoopbackServer(options: {
  pageRoot: string
  port: number
  /** Folder of the operator's presentation-attack model. */
  attackModel?: string | null
  /** The page itself as it is to be shown: electron/shell-common/dress-page.ts. */
  dress?: (html: string) => string
  /** Takes what belongs to a dialog that it has opened; false where there is none. */
  dialogs?: (request: IncomingMessage, response: ServerResponse, path: string) => boolean
  onConnection: (transport: Transport) => void
}): Promise<LoopbackServer> {
  const launch = createLaunchPass()
  const server = createServer((request, response) => serve(request, response))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(options.port, '127.0.0.1', resolve)
  })
  const authority = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const origin = `http://${authority}`
  const headers = securityHeaders({ connect: [`ws://${authority}`] })
  const sockets = new WebSocketServer({ noServer: true, maxPayload: maxFrameBytes })

  function isDialogs(request: IncomingMessage, response: ServerResponse): boolean {
    // What changes something comes from our own page alone; a download's own address is its pass, good for once.
    const ours = request.method === 'GET' || request.headers.origin === origin
    return ours && launch.admits(request) && options.dialogs?.(request, response, URL.parse(request.url ?? '/', origin)?.pathname ?? '/') === true
  }

  function serve(request: IncomingMessage, response: ServerResponse): void {
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, value)
    const refuse = (status: number) => void response.writeHead(status).end()
    // An exact Host is what stops DNS rebinding.
    if (request.headers.host !== authority) return refuse(421)
    if (isDialogs(request, response)) return
    if (request.method !== 'GET') return refuse(405)
    const url = URL.parse(request.url ?? '/', origin)
    if (!url) return refuse(400)
    const token = url.searchParams.get('t')
    if (token !== null) {
      const cookie = launch.redeem(token)
      if (!cookie) return refuse(403)
      response.writeHead(303, { 'set-cookie': cookie, 'location': '/' }).end()
      return
    }
    if (!launch.admits(request)) return refuse(403)
    const file = resolvePageFile(options.pageRoot, options.attackModel ?? null, url.pathname)
    if (!file) return refuse(404)
    response.writeHead(200, {
      'content-type': contentTypeOf(file),
      'cache-control': url.pathname.startsWith('/assets/') ? 'private, max-age=31536000, immutable' : 'no-store',
    })
    if (options.dress && isPageItself(file)) response.end(options.dress(readFileSync(file, 'utf8')))
    else createReadStream(file).pipe(response)
  }

  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const welcome =
      request.headers.host === authority &&
      request.headers.origin === origin &&
      request.url === '/host' &&
      launch.admits(request)
    if (!welcome) return void socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
    sockets.handleUpgrade(request, socket, head, (client) => {
      // An oversized or broken frame closes the socket; the page reconnects.
      client.on('error', () => client.terminate())
      options.onConnection(createWebSocketTransport(client))
    })
  })

  return {
    origin,
    launchUrl: `${origin}/?t=${launch.token}`,
    close: () =>
      new Promise((resolve) => {
        for (const client of sockets.clients) client.terminate()
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** A token good for one visit, and the cookie it buys. */
function createLaunchPass() {
  const token = randomBytes(32).toString('base64url')
  const pass = randomBytes(32).toString('base64url')
  let redeemed = false
  return {
    token,
    redeem: (offered: string): string | null => {
      if (redeemed || !sameText(offered, token)) return null
      redeemed = true
      return `sid=${pass}; HttpOnly; SameSite=Strict; Path=/`
    },
    admits: (request: IncomingMessage): boolean => {
      const offered = /(?:^|;\s*)sid=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1]
      return offered !== undefined && sameText(offered, pass)
    },
  }
}

function sameText(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))
}
