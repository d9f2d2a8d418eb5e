import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { startLoopbackServer, type LoopbackServer } from '../../../electron/browser/loopback-server.ts'
import type { Transport } from '../../../shared/wire/transport.ts'

let root: string
let server: LoopbackServer
let connections: Transport[]

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'loopback-'))
  writeFileSync(join(root, 'index.html'), '<!doctype html><title>page</title>')
  writeFileSync(join(root, 'secret.pem'), 'not for the page')
  connections = []
  server = await startLoopbackServer({ pageRoot: root, port: 0, onConnection: (transport) => void connections.push(transport) })
})

afterEach(async () => {
  await server.close()
  rmSync(root, { recursive: true })
})

interface Answer {
  status: number
  headers: Record<string, string | string[] | undefined>
}

function get(path: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  const { hostname, port } = new URL(server.origin)
  return new Promise((resolve, reject) => {
    const call = request({ hostname, port, path, method, headers }, (response) => {
      response.resume()
      resolve({ status: response.statusCode ?? 0, headers: response.headers })
    })
    call.on('error', reject).end()
  })
}

/** Opens the launch address as the first visitor and returns the cookie it buys. */
async function launch(): Promise<string> {
  const { headers } = await get(new URL(server.launchUrl).pathname + new URL(server.launchUrl).search)
  return String(headers['set-cookie']).split(';')[0] ?? ''
}

function openSocket(path: string, headers: Record<string, string>): Promise<'open' | number> {
  const socket = new WebSocket(`${server.origin.replace('http', 'ws')}${path}`, { headers })
  return new Promise((resolve) => {
    socket.on('open', () => {
      resolve('open')
      socket.close()
    })
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0))
    socket.on('error', () => resolve(0))
  })
}

describe('the browser shell on loopback', () => {
  it('trades the launch token for a cookie once; a second visit with it gets nothing', async () => {
    const { pathname, search } = new URL(server.launchUrl)
    const first = await get(pathname + search)
    expect(first.status).toBe(303)
    expect(String(first.headers['set-cookie'])).toMatch(/HttpOnly; SameSite=Strict/)
    expect((await get(pathname + search)).status).toBe(403)
  })

  it('serves the page with the strict policy to that one browser', async () => {
    const cookie = await launch()
    const { status, headers } = await get('/', { cookie })
    expect(status).toBe(200)
    expect(headers['content-security-policy']).toMatch(/script-src 'self' 'wasm-unsafe-eval'; style-src 'self';/)
    expect(headers['content-security-policy']).not.toMatch(/unsafe-inline|unsafe-eval'(?!;)|\*/)
    expect(headers['cross-origin-opener-policy']).toBe('same-origin')
  })

  it.each([['no cookie', {}], ['a made-up cookie', { cookie: 'sid=AAAA' }]])('refuses a visitor with %s', async (_who, headers) => {
    expect((await get('/', headers as Record<string, string>)).status).toBe(403)
  })

  it('refuses a foreign Host, as a rebound DNS name would send', async () => {
    expect((await get('/', { cookie: await launch(), host: 'evil.example' })).status).toBe(421)
  })

  it.each(['/../../etc/passwd', '/..%2f..%2fpackage.json', '/%2e%2e/package.json', '/secret.pem', '/index.html%00.png', '/nothing.js'])(
    'serves nothing but its own page files: %s',
    async (path) => {
      expect((await get(path, { cookie: await launch() })).status).toBe(404)
    },
  )

  it('takes no method but GET', async () => {
    expect((await get('/', { cookie: await launch() }, 'POST')).status).toBe(405)
  })

  it('opens the bridge only to its own origin with its cookie', async () => {
    const cookie = await launch()
    expect(await openSocket('/host', { origin: server.origin })).toBe(403)
    expect(await openSocket('/host', { origin: 'http://evil.example', cookie })).toBe(403)
    expect(await openSocket('/other', { origin: server.origin, cookie })).toBe(403)
    expect(connections).toHaveLength(0)
    expect(await openSocket('/host', { origin: server.origin, cookie })).toBe('open')
    expect(connections).toHaveLength(1)
  })
})
