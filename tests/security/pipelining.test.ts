import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startBackend, type Backend } from '../support/central-backends.ts'
import { newDeviceId, startCentral, type Central } from '../support/central-service.ts'

let backend: Backend
let central: Central
let url: URL
beforeAll(async () => {
  backend = await startBackend('SQLite')
  central = await startCentral(await backend.newLocation())
  url = new URL(await central.app.listen({ host: '127.0.0.1', port: 0 }))
})
afterAll(async () => {
  await central?.close()
  await backend?.stop()
})

const host = 'Host: central.test\r\n'
/** Takes as long as a hash of a password. */
const slow = () => {
  const body = JSON.stringify({ username: randomUUID(), password: 'wrong', deviceId: newDeviceId() })
  return `POST /v1/password/sessions HTTP/1.1\r\n${host}Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`
}
const quick = `GET /healthz HTTP/1.1\r\n${host}\r\n`
const challenge = (deviceId: string) => {
  const body = JSON.stringify({ deviceId })
  return `POST /v1/ca/challenges HTTP/1.1\r\n${host}Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`
}
const garbage = 'hello\r\n\r\n'
/** Its head is a request; its body is not what the head says. */
const brokenBody = `POST /v1/ca/challenges HTTP/1.1\r\n${host}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`
/** Refused before its body is read. */
const refusedEarly = `POST /v1/registrations HTTP/1.1\r\n${host}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`

/** Each part in a packet of its own, after so many answers. @returns the status of each answer, in the order they came, until the service closes */
async function answersTo(...parts: readonly { readonly bytes: string; readonly after?: number }[]): Promise<{ statuses: number[]; codes: string[] }> {
  const socket = connect(Number(url.port), url.hostname)
  let text = ''
  const statuses = () => [...text.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map(([, status]) => Number(status))
  const ended = once(socket, 'close')
  socket.on('data', (part: Buffer) => void (text += part.toString('utf8')))
  socket.on('error', () => undefined)
  for (const { bytes, after = 0 } of parts) {
    while (statuses().length < after && !socket.closed) await Promise.race([once(socket, 'data'), ended])
    socket.write(bytes)
  }
  await ended
  return { statuses: statuses(), codes: [...text.matchAll(/"code":"([\w-]+)"/g)].map(([, code]) => code ?? '') }
}

it('bytes that are no request, behind one that is still being answered, are refused after it and not in its place', async () => {
  expect(await answersTo({ bytes: slow() + garbage })).toEqual({ statuses: [401, 400], codes: ['sign-in-failed', 'request-malformed'] })
})

it('behind several, each has its own answer first, in the order of asking', async () => {
  expect((await answersTo({ bytes: slow() + quick + slow() + quick + garbage })).statuses).toEqual([401, 200, 401, 200, 400])
})

it('sent later than the requests before them, they are refused after those all the same', async () => {
  expect((await answersTo({ bytes: slow() + slow() }, { bytes: garbage, after: 1 })).statuses).toEqual([401, 401, 400])
})

it('whatever stands behind them is never served', async () => {
  const deviceId = newDeviceId()
  expect((await answersTo({ bytes: slow() + garbage + challenge(deviceId) }, { bytes: challenge(deviceId) })).statuses).toEqual([401, 400])
  expect(await central.db.selectFrom('ca_challenge').select('cid').where('device_id', '=', deviceId).execute()).toEqual([])
})

it('a body that breaks off into nonsense is refused in the place of its own request', async () => {
  expect((await answersTo({ bytes: brokenBody })).statuses).toEqual([400])
  expect((await answersTo({ bytes: slow() + quick + brokenBody })).statuses).toEqual([401, 200, 400])
})

it('a request that was refused before its body was read has no second answer for the nonsense in that body', async () => {
  expect(await answersTo({ bytes: refusedEarly }, { bytes: 'zz\r\n', after: 1 })).toEqual({ statuses: [401], codes: ['session-missing'] })
})

it('somebody who hangs up meanwhile takes nothing down', async () => {
  const socket = connect(Number(url.port), url.hostname)
  socket.write(slow() + garbage)
  await once(socket, 'connect')
  socket.destroy()
  expect((await answersTo({ bytes: quick + garbage })).statuses).toEqual([200, 400])
  expect(central.log.filter(({ level }) => level === 'error')).toEqual([])
})
