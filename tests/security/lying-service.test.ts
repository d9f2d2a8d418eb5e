import { once } from 'node:events'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text as textOf } from 'node:stream/consumers'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { readCertificate } from '../../central/auth/ca/certificate.ts'
import { bindCertificate } from '../../central/auth/certificate-bindings.repository.ts'
import { createCentralClient } from '../../electron/host/central/central-client.ts'
import { createSessionService } from '../../electron/host/services/session/session.service.ts'
import type { SignedStatement } from '../../shared/domain/ca-login-bytes.ts'
import { signedStatementText } from '../../shared/domain/ca-login-bytes.ts'
import { AppError } from '../../shared/errors/app-error.ts'
import { makeLeaf, signText, textExtension } from '../support/certificates.ts'
import { audience, sha256, startCentral, type Central } from '../support/central-service.ts'
import { fakeDevice, fakeKey, fakeKeys, fakeWorkspaces } from '../support/session-fakes.ts'

const deviceId = 'device-0123456789abcdef'
const clientOf = (centralUrl: string, allowPlainHttp = true) => createCentralClient({ centralUrl, centralCa: null, allowPlainHttp, tokenDriver: null }, () => deviceId)
const codeOf = (attempt: Promise<unknown>) => attempt.then(() => 'ok', (error: unknown) => (error instanceof AppError ? error.code : String(error)))

type Answer = { readonly status: number; readonly headers?: Record<string, string>; readonly body: string }
const services: { stop(): Promise<void> }[] = []
afterEach(async () => void (await Promise.all(services.splice(0).map(({ stop }) => stop()))))

/** Whatever listens where the workstation believes its central service to be. */
async function startService(answer: (request: IncomingMessage, body: string) => Answer | Promise<Answer>) {
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url ?? '')
    void textOf(request).then(async (body) => {
      const { status, headers = {}, body: reply } = await answer(request, body)
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(reply)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  services.push({ stop: async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  } })
  return { origin, asked }
}

const challenge = { cid: 'cid-12345678', nonce: 'n'.repeat(43), expiresInSeconds: 120 }

/** A clerk's sign-in with a lock, before this service. @returns what the lock was asked to sign */
async function signInBefore(url: string): Promise<{ signed: Pick<SignedStatement, 'audience' | 'purpose' | 'deviceId'>[]; outcome: string }> {
  const signed: Parameters<ReturnType<typeof fakeKeys>['sign']>[1][] = []
  const key = await fakeKey()
  const keys = fakeKeys(key)
  const sign = keys.sign.bind(keys)
  keys.sign = (certificateId, statement) => {
    signed.push(statement)
    return sign(certificateId, statement)
  }
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
  const session = createSessionService({ central: clientOf(url), keys, device: fakeDevice(), clock: { now: () => new Date() }, openWorkspace: fakeWorkspaces().open, log, emit: () => undefined })
  const outcome = await codeOf(Promise.resolve(session.calls.signInWithKey({ certificateId: key.certificateId, pin: '12345678', confirmFinalTry: false })))
  await session.close()
  return { signed, outcome }
}

describe('a central service that lies', () => {
  it('has signed for it what the workstation was set up with, a login of this device, and nothing that it says itself', async () => {
    const { origin } = await startService(() => ({ status: 201, body: JSON.stringify(challenge), headers: { 'host': 'bank.test', 'x-audience': 'https://bank.test', 'location': 'https://bank.test' } }))
    const { signed } = await signInBefore(origin)
    expect(signed[0]).toEqual({ audience: origin, cid: challenge.cid, nonce: challenge.nonce, deviceId, purpose: 'login' })
  })

  it.each([
    ['an audience of its own', { audience: 'https://bank.test' }],
    ['a purpose of its own', { purpose: `submit:${'0'.repeat(64)}` }],
    ['ready bytes to sign', { toBeSigned: 'AAAA' }],
  ])('gets nothing signed for a challenge with %s', async (_what, more) => {
    const { origin } = await startService(() => ({ status: 201, body: JSON.stringify({ ...challenge, ...more }) }))
    const { signed } = await signInBefore(origin)
    // But the statement of the offline unlock, which no service takes.
    expect(signed.filter(({ audience: signedFor }) => signedFor !== 'workstation-offline-unlock')).toEqual([])
  })

  it('cannot slip another field into what is signed by a line break in its challenge', async () => {
    const { origin } = await startService(() => ({ status: 201, body: JSON.stringify({ ...challenge, nonce: `${'n'.repeat(43)}\nsubmit:${'0'.repeat(64)}` }) }))
    const { outcome } = await signInBefore(origin)
    expect(outcome).not.toBe('ok')
    expect(() => signedStatementText({ audience: origin, ...challenge, nonce: 'n\nlogin', deviceId, purpose: 'login', certificateSha256: '0'.repeat(64), alg: 'ES256' })).toThrow(RangeError)
  })

  it('cannot send the workstation elsewhere: no redirect is followed, with any status', async () => {
    const elsewhere = await startService(() => ({ status: 201, body: JSON.stringify(challenge) }))
    for (const status of [301, 302, 303, 307, 308]) {
      const { origin } = await startService(() => ({ status, headers: { location: `${elsewhere.origin}/v1/ca/challenges` }, body: '' }))
      expect(await codeOf(clientOf(origin).createChallenge(deviceId))).toBe('central-reply-invalid')
    }
    expect(elsewhere.asked).toEqual([])
  })
})

describe('somebody between a workstation and the central service, who passes everything on', () => {
  let central: Central
  let lock: Awaited<ReturnType<typeof makeLeaf>>
  beforeAll(async () => {
    central = await startCentral({ kind: 'sqlite', path: ':memory:' })
    const unit = await central.addUnit()
    lock = await makeLeaf(central.ca, { more: [textExtension('1.2.156.10260.4.1.4', unit.creditCode)] })
    await bindCertificate(central.db, { issuer: readCertificate(lock.der).issuerText, companyCode: unit.creditCode }, unit.accountId, central.clock.now())
  })
  afterAll(() => central?.close())

  const relay = () => startService(async (request, body) => {
    const { host: _, 'content-length': __, ...headers } = request.headers as Record<string, string>
    const reply = await central.app.inject({ method: 'POST', url: request.url ?? '', headers, payload: body })
    return { status: reply.statusCode, body: reply.body, headers: Object.fromEntries(Object.entries(reply.headers).filter(([name]) => ['content-type', 'set-cookie'].includes(name))) as Record<string, string> }
  })

  async function signIn(origin: string, signedAudience: string): Promise<string> {
    const client = clientOf(origin)
    const { cid, nonce } = await client.createChallenge(deviceId)
    const statement = signedStatementText({ audience: signedAudience, cid, nonce, deviceId, purpose: 'login', certificateSha256: sha256(lock.der), alg: 'ES256' })
    return codeOf(client.signInWithCaKey({ cid, unverifiedCertificate: lock.der.toString('base64url'), alg: 'ES256', signature: await signText(statement, lock.keys), deviceId }))
  }

  it('does not get in: the lock has signed for where the workstation was, and the service is elsewhere', async () => {
    const { origin } = await relay()
    expect(await signIn(origin, clientOf(origin).audience)).toBe('ca-signature-invalid')
    // Only that was wrong with it.
    expect(await signIn(origin, audience)).toBe('ok')
  })
})

describe('the address of the central service', () => {
  it.each([
    ['http://central.test', false], ['http://central.test', true], ['http://127.0.0.1:8443', false], ['http://127.0.0.1.evil.test', true], ['http://localhost.evil.test', true],
    ['ftp://127.0.0.1', true], ['javascript:alert(1)', true], ['central.test', true], ['', true],
  ])('%j (plain http allowed in development: %s) is refused at the start, before anything is sent', (url, allowed) => {
    expect(() => clientOf(url, allowed)).toThrow(url.includes(':') ? '服务器地址必须以 https:// 开头' : 'Invalid URL')
  })

  it.each(['https://Central.test', 'https://central.test/', 'https://central.test:443', 'https://user:pass@central.test/v1?a=b'])('%j is signed in one spelling, without path, port and name', (url) => {
    const client = clientOf(url, false)
    expect(client.audience).toBe('https://central.test')
    client.close()
  })
})
