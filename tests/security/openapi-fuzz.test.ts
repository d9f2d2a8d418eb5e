import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { centralApi, type RouteName } from '../../shared/api/index.ts'
import { startBackend, type Backend } from '../support/central-backends.ts'
import { newKey } from '../support/central-service.ts'
import { complaintAbout, setFuzzStage, type FuzzStage } from './fuzz-stage.ts'
import { wrongTypesOf } from './mutations.ts'
import type { RawRequest } from './raw-http.ts'
import { wrongKinds, wrongRequests } from './request-fuzz.ts'

/** What is drawn depends on it alone; a failure names what was sent. */
const seed = 20_261_125
const routes = Object.keys(centralApi) as RouteName[]

let backend: Backend
let stage: FuzzStage
beforeAll(async () => {
  backend = await startBackend('SQLite')
  stage = await setFuzzStage(await backend.newLocation())
})
afterAll(async () => {
  await stage?.close()
  await backend?.stop()
})

/** Sends them all, a few at a time. @returns a line for each reply that was not in order */
async function complaintsOver(requests: readonly RawRequest[]): Promise<string[]> {
  const complaints: string[] = []
  const left = [...requests]
  const one = async () => {
    for (let request = left.pop(); request; request = left.pop()) {
      const complaint = stage.wrongIn(await stage.http.send(request), request)
      if (complaint) complaints.push(complaint)
    }
  }
  await Promise.all(Array.from({ length: 8 }, one))
  return complaints
}

it('the document and the contract have the same operations', () => {
  expect(stage.operations.map(({ name }) => name).sort()).toEqual([...routes].sort())
})

describe.each(routes)('%s', (name) => {
  it.each(wrongKinds)('answers wrong %s with a problem of the closed list: no fault, nothing of its inside, nothing of another unit', async (kind) => {
    const operation = stage.operations.find((candidate) => candidate.name === name)
    if (!operation) throw new Error('not in the document')
    const before = await stage.ownersRow()
    for (const [index, right] of (await stage.rightCalls(name)).entries()) {
      // Each draws others, so that together they draw nearly all.
      const drawn = seed + 100 * routes.indexOf(name) + index
      const requests = wrongRequests(operation, right, stage.needsSession(name) ? await stage.session() : {}, drawn)[kind]
      expect(await complaintsOver(requests), `seed ${drawn}`).toEqual([])
    }
    expect(await stage.ownersRow()).toEqual(before)
  })
})

it.each(routes)('%s takes nothing of a wrong type, at whatever depth', async (name) => {
  const operation = stage.operations.find((candidate) => candidate.name === name)
  const session = stage.needsSession(name) ? await stage.session() : {}
  const before = await stage.ownersRow()
  for (const right of operation?.hasBody ? await stage.rightCalls(name) : []) {
    const wrong = wrongTypesOf(right.body)
    const headers = { 'content-type': 'application/json', 'idempotency-key': newKey(), 'if-match': '"1"', ...session }
    const path = (operation?.path ?? '').replace('{id}', right.params?.['id'] ?? '')
    const answers = await Promise.all(wrong.map(async ({ what, value }) => ({ what, reply: await stage.http.send({ what, method: operation?.method ?? '', path, headers, body: JSON.stringify(value) }) })))
    expect(wrong.length).toBeGreaterThanOrEqual(8)
    expect(answers.filter(({ reply }) => reply.status !== 400).map(({ what, reply }) => `${what} → ${reply.status}`)).toEqual([])
  }
  expect(await stage.ownersRow()).toEqual(before)
})

describe('bytes that are no request', () => {
  const head = 'Host: central.test\r\nConnection: close\r\n'
  it.each([
    ['no HTTP at all', 'hello\r\n\r\n', 400],
    ['an unknown verb', `BREW /v1/session HTTP/1.1\r\n${head}\r\n`, 400],
    ['an unknown version', `GET /v1/session HTTP/9.9\r\n${head}\r\n`, 400],
    ['two lengths', `POST /v1/ca/challenges HTTP/1.1\r\n${head}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`, 400],
    ['a length and chunks, as one request is smuggled in another', `POST /v1/ca/challenges HTTP/1.1\r\n${head}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /v1/session HTTP/1.1\r\n\r\n`, 400],
    ['a chunk of no length', `POST /v1/ca/challenges HTTP/1.1\r\n${head}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`, 400],
    ['a line break in a header', `GET /v1/session HTTP/1.1\r\n${head}Device-Id: a\rb\r\n\r\n`, 400],
    ['a header of 20 KB', `GET /v1/session HTTP/1.1\r\n${head}Device-Id: ${'x'.repeat(20_000)}\r\n\r\n`, 413],
    ['an address of 20 KB', `GET /${'x'.repeat(20_000)} HTTP/1.1\r\n${head}\r\n`, 413],
  ])('%s: are refused with a problem of the closed list', async (what, bytes, status) => {
    const reply = await stage.http.sendBytes(bytes)
    expect(complaintAbout(reply, { method: 'GET' }), `${what} → ${reply.whole}`).toBeUndefined()
    expect(reply.status).toBe(status)
  })

  it.each([
    ['a header of 20 KB', `HEAD /v1/session HTTP/1.1\r\n${head}Device-Id: ${'x'.repeat(20_000)}\r\n\r\n`],
    ['an address of 20 KB', `HEAD /${'x'.repeat(20_000)} HTTP/1.1\r\n${head}\r\n`],
  ])('HEAD with %s is refused without a body, which would be taken for the next answer', async (_what, bytes) => {
    expect(await stage.http.sendBytes(bytes)).toMatchObject({ status: 413, text: '' })
  })

  it.each(['HEAD', 'OPTIONS', 'PUT', 'TRACE', 'PROPFIND', 'M-SEARCH', 'QUERY'])('the verb %s is refused where it is none of the route', async (method) => {
    const reply = await stage.http.send({ what: method, method, path: '/v1/sync/push', headers: {} })
    expect(complaintAbout(reply, { method })).toBeUndefined()
    expect([400, 404, 405]).toContain(reply.status)
  })
})

it('bytes that are no UTF-8 are refused, never mended into some other text', async () => {
  for (const { name, method, path } of stage.operations.filter(({ hasBody }) => hasBody)) {
    const [right] = (await stage.rightCalls(name)).slice(-1)
    const text = JSON.stringify(right?.body)
    const at = text.lastIndexOf('":"') + 3
    for (const wrong of [Buffer.of(0xff), Buffer.of(0xc0, 0x80), Buffer.from('超').subarray(0, 2), Buffer.of(0xed, 0xa0, 0x80)]) {
      const body = Buffer.concat([Buffer.from(text.slice(0, at)), wrong, Buffer.from(text.slice(at))])
      const headers = { 'content-type': 'application/json', 'idempotency-key': newKey(), 'if-match': '"1"', ...(await stage.session()) }
      const reply = await stage.http.send({ what: 'no UTF-8', method, path: path.replace('{id}', stage.registrationId), headers, body })
      expect([reply.status, JSON.parse(reply.text)], name).toMatchObject([400, { code: 'request-malformed' }])
    }
  }
})

it('after all this the service answers as before, and its log quotes nothing that was sent', async () => {
  expect((await stage.central.send('health')).status).toBe(200)
  const log = JSON.stringify(stage.central.log)
  expect(stage.central.log.filter(({ level }) => level === 'error')).toEqual([])
  for (const sent of ['drop table', 'etc/passwd', '13912345678', '独一', 'Bearer']) expect(log).not.toContain(sent)
})
