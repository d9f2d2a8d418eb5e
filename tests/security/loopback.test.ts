import { mkdirSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { setWorkstationStage, type WorkstationStage } from './workstation-stage.ts'

/** What others on the same machine, and other pages in the same browser, try at the browser shell's address. */
let stage: WorkstationStage
let host: string
beforeAll(async () => {
  stage = await setWorkstationStage()
  host = new URL(stage.server.origin).host
  mkdirSync(join(stage.folder, 'page', 'assets'))
  writeFileSync(join(stage.folder, 'page', 'assets', 'a.js'), '// page')
  writeFileSync(join(stage.folder, 'page', 'assets', 'a.js.map'), '{}')
  writeFileSync(join(stage.folder, 'page-beside.js'), 'beside the page')
  writeFileSync(join(stage.folder, 'page', '.env.js'), 'hidden')
})
afterAll(() => stage?.close())

/** The line and headers exactly as given, which no client library would send. */
async function ask(line: string, headers: Readonly<Record<string, string>> = {}): Promise<{ status: number; body: string; head: string }> {
  const given = { 'Host': host, 'Cookie': stage.cookie, 'Connection': 'close', ...headers }
  const socket = connect(Number(new URL(stage.server.origin).port), '127.0.0.1')
  const parts: Buffer[] = []
  socket.on('data', (part) => parts.push(part))
  socket.write(`${line} HTTP/1.1\r\n${Object.entries(given).map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`)
  await once(socket, 'close')
  const [head = '', body = ''] = Buffer.concat(parts).toString('latin1').split('\r\n\r\n')
  return { status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1] ?? 0), body, head }
}

function openSocket(headers: Record<string, string>, path = '/host'): Promise<string> {
  const socket = new WebSocket(stage.socketUrl.replace('/host', path), { headers: { cookie: stage.cookie, origin: stage.server.origin, ...headers } })
  return new Promise((resolve) => {
    socket.on('open', () => {
      resolve('open')
      socket.close()
    })
    socket.on('unexpected-response', (request, response) => {
      resolve(String(response.statusCode))
      request.destroy()
    })
    socket.on('error', () => resolve('closed'))
  })
}

it('serves its page to who has the cookie, so that the refusals below are about what they say', async () => {
  expect(await ask('GET /')).toMatchObject({ status: 200, body: expect.stringContaining('<title>page</title>') as unknown })
  expect(await ask('GET /assets/a.js')).toMatchObject({ status: 200, body: expect.stringContaining('// page') as unknown })
  expect(await openSocket({})).toBe('open')
})

describe('the launch token', () => {
  const spent = () => new URL(stage.server.launchUrl).searchParams.get('t') ?? ''

  it.each<[string, () => string]>([
    ['spent', () => spent()],
    ['cut short', () => spent().slice(0, -1)],
    ['with a letter more', () => `${spent()}A`],
    ['empty', () => ''],
    ['invented', () => 'A'.repeat(43)],
    ['no UTF-8', () => '%ff%fe'],
    ['10,000 letters long', () => 'A'.repeat(10_000)],
  ])('%s buys no cookie', async (_how, token) => {
    const { status, head } = await ask(`GET /?t=${token()}`, { Cookie: '' })
    expect([status, head.toLowerCase().includes('set-cookie')]).toEqual([403, false])
  })

  it('is not the cookie it buys, and neither is told to the page or kept in its address', async () => {
    expect(stage.cookie).not.toContain(spent())
    expect((await ask('GET /', { Cookie: `sid=${spent()}` })).status).toBe(403)
    const { head, body } = await ask('GET /')
    expect(head + body).not.toContain(stage.cookie.slice(4))
  })
})

describe('the cookie', () => {
  it.each<[string, (cookie: string) => string]>([
    ['missing', () => ''],
    ['empty', () => 'sid='],
    ['cut short', (cookie) => cookie.slice(0, -1)],
    ['with a letter more', (cookie) => `${cookie}A`],
    ['of another name that ends alike', (cookie) => `x${cookie}`],
    ['in capitals', (cookie) => cookie.toUpperCase()],
    ['behind a false one', (cookie) => `sid=AAAA; ${cookie}`],
  ])('%s opens neither the page nor the bridge', async (_how, change) => {
    const cookie = change(stage.cookie)
    expect((await ask('GET /', { Cookie: cookie })).status).toBe(403)
    expect(await openSocket({ cookie })).toBe('403')
  })
})

describe('a foreign Host', () => {
  const port = () => new URL(stage.server.origin).port
  it.each<[string, () => string]>([
    ['a name that was rebound to this machine', () => `evil.example:${port()}`],
    ['localhost', () => `localhost:${port()}`],
    ['no port', () => '127.0.0.1'],
    ['another port', () => '127.0.0.1:1'],
    ['another address of loopback', () => `127.0.0.2:${port()}`],
    ['the address as one number', () => `2130706433:${port()}`],
    ['IPv6', () => `[::1]:${port()}`],
    ['a user before it', () => `x@127.0.0.1:${port()}`],
    ['a dot after it', () => `127.0.0.1.:${port()}`],
  ])('%s gets neither the page nor the bridge, with the cookie as well', async (_what, name) => {
    expect([400, 421]).toContain((await ask('GET /', { Host: name() })).status)
    expect(await openSocket({ host: name() })).toMatch(/^(403|400|closed)$/)
  })
})

describe('a foreign Origin', () => {
  it.each<[string, () => string]>([
    ['another site', () => 'https://evil.example'],
    ['a site whose name begins alike', () => `${stage.server.origin}.evil.example`],
    ['https instead of http', () => stage.server.origin.replace('http', 'https')],
    ['another port of this machine', () => 'http://127.0.0.1:1'],
    ['localhost', () => stage.server.origin.replace('127.0.0.1', 'localhost')],
    ['a sandboxed frame', () => 'null'],
    ['a path after it', () => `${stage.server.origin}/`],
    ['in capitals', () => stage.server.origin.toUpperCase()],
    ['nothing', () => ''],
  ])('%s does not get the bridge, with the cookie as well', async (_what, origin) => {
    expect(await openSocket({ origin: origin() })).toBe('403')
  })

  it('is not let in by an answer that says so: no other site may read a reply', async () => {
    const { head } = await ask('GET /', { Origin: 'https://evil.example' })
    expect(head).not.toMatch(/access-control/i)
    expect(head).toMatch(/cross-origin-resource-policy: same-origin/i)
  })
})

describe('the bridge', () => {
  it.each(['/host/', '/HOST', '/host?x=1', '//host', '/', '/host%00', '/%68ost'])('is not at %s', async (path) => {
    expect(await openSocket({}, path)).toMatch(/^(403|closed)$/)
  })

  it('is not given out by an ordinary request', async () => {
    expect((await ask('GET /host')).status).toBe(404)
  })
})

describe('the page\'s files', () => {
  it.each([
    '/../page-beside.js', '/..%2fpage-beside.js', '/%2e%2e/page-beside.js', '/%2e%2e%2fpage-beside.js', '/..%5cpage-beside.js', '/..\\page-beside.js', '/assets/../../page-beside.js', '/assets/%2e%2e/%2e%2e/page-beside.js',
    '/%252e%252e/page-beside.js', '/%c0%ae%c0%ae/page-beside.js', '/....//page-beside.js', '/-beside.js', '/assets', '/assets/', '/assets/a.js.map', '/assets/a.js%00.html', '/assets/a.js/', '/a.js',
    '/etc/passwd', '//etc/passwd', '/file:///etc/passwd', '/%2fetc%2fpasswd', '/~', '/index.html.bak', '/data/workstation.log', '/%', '/%zz', `/${'../'.repeat(50)}etc/passwd`, `/${'a'.repeat(5_000)}.js`, `/${'a/'.repeat(3_000)}.js`, `/${encodeURIComponent('超').repeat(90)}.js`,
  ])('are all there is: %s leads nowhere', async (path) => {
    const { status, body } = await ask(`GET ${path}`)
    expect([400, 404]).toContain(status)
    expect(body).not.toMatch(/beside|root:/)
  })

  it.each(['//page-beside.js', 'http://evil.example/', 'evil.example:443', '*', '', '?', '#'])('are not fetched from elsewhere, or at all, for the target %j', async (target) => {
    expect((await ask(`GET ${target}`)).body).not.toContain('beside')
  })

  it.each(['HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH', 'TRACE', 'PROPFIND'])('are not asked for with %s', async (method) => {
    expect((await ask(`${method} /`)).status).toBe(405)
  })

  it('come with every header that shuts a page in', async () => {
    const { head } = await ask('GET /')
    for (const header of ['content-security-policy', 'x-content-type-options: nosniff', 'referrer-policy: no-referrer', 'cross-origin-opener-policy: same-origin']) expect(head.toLowerCase()).toContain(header)
  })
})

it('after all this the page is served and the bridge opens as before', async () => {
  expect((await ask('GET /')).status).toBe(200)
  expect(await openSocket({})).toBe('open')
})
