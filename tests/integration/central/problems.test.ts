import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as v from 'valibot'
import { centralApi, type RouteName } from '../../../shared/api/index.ts'
import { problemContentType, problemSchema } from '../../../shared/api/problem.ts'
import type { RouteSpec } from '../../../shared/api/route.ts'
import { selfPhotoPatience } from '../../../shared/domain/self-registration.ts'
import { errorTable, isErrorCode } from '../../../shared/errors/codes.ts'
import { backends, startBackend, type Backend } from '../../support/central-backends.ts'
import { newKey, readReply, startCentral, type Central, type Clerk, type Reply } from '../../support/central-service.ts'
import { personValues } from '../../support/people.ts'

const routes: { name: RouteName; spec: RouteSpec }[] = (Object.keys(centralApi) as RouteName[]).map((name) => ({ name, spec: centralApi[name] }))

describe.each(backends)('a refusal on %s', (name) => {
  let backend: Backend
  let central: Central
  let clerk: Clerk
  beforeAll(async () => {
    backend = await startBackend(name)
    central = await startCentral(await backend.newLocation())
    clerk = await central.newClerk()
  })
  afterAll(async () => {
    await central?.close()
    await backend?.stop()
  })

  /** Whatever is refused is refused in this form. */
  function expectProblem(reply: Reply, status: number, code: string): void {
    expect(reply, code).toMatchObject({ status, body: { code, status }, headers: { 'cache-control': 'no-store' } })
    expect(reply.headers['content-type']).toBe(`${problemContentType}; charset=utf-8`)
    const problem = v.parse(v.strictObject(problemSchema.entries), reply.body)
    if (!isErrorCode(problem.code)) throw new Error(problem.code)
    expect(problem.type).toBe(`urn:xiushan:problem:${code}`)
    expect(problem.title).toMatch(/[\u4e00-\u9fff]{3}/)
    expect(problem.title).not.toMatch(/[{}]/)
    expect(problem.retriable).toBe(errorTable[problem.code].retriable)
  }
  const raw = async (method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', url: string, payload?: string, headers: Record<string, string> = {}) =>
    readReply(await central.app.inject({ method, url, headers: { ...clerk.authorized, ...headers }, ...(payload === undefined ? {} : { payload }) }))
  const json = { 'content-type': 'application/json', 'idempotency-key': newKey() }

  it.each(['', '{', '[]', 'null', '"text"', '7', '{"id":1}', '{"__proto__":{}}', '{"constructor":{"prototype":{}}}'])('of the body %j is a problem on every route that takes one', async (payload) => {
    for (const { name: route, spec } of routes.filter(({ spec }) => spec.body)) {
      const url = spec.path.replace('{id}', randomUUID())
      expectProblem(await raw(spec.method, url, payload, { ...json, 'if-match': '"1"' }), 400, 'request-malformed')
      expect(central.log.at(-1), route).toMatchObject({ status: 400 })
    }
  })

  it('of an unknown field names the field, wherever it stands', async () => {
    const body = { id: randomUUID(), personType: 'manager', values: { ...personValues(1), 身高: '170' } }
    const nested = await clerk.call('createRegistration', { body })
    expectProblem(nested, 400, 'request-malformed')
    expect(nested.body['details']).toMatchObject({ where: 'body', fields: ['values.身高'] })
    expectProblem(await clerk.call('listRegistrations', { query: { page: '2' } }), 400, 'request-malformed')
    expectProblem(await clerk.call('readOrganization', { query: { id: '2' } }), 400, 'request-malformed')
    expectProblem(await clerk.call('pullChanges', { query: { after: '-1' } }), 400, 'request-malformed')
    expectProblem(await clerk.call('listRegistrations', { query: { limit: '1000' } }), 400, 'request-malformed')
  })

  it('of a wrong type never quotes the value', async () => {
    const reply = await clerk.call('createRegistration', { body: { id: randomUUID(), personType: 'manager', values: { ...personValues(1), mobile: 13912345678 } } })
    expectProblem(reply, 400, 'request-malformed')
    expect(reply.text).not.toContain('13912345678')
  })

  it.each(['text/plain', 'application/xml', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])('of a body in %s says that it is the type', async (type) => {
    expectProblem(await raw('POST', '/v1/registrations', '{}', { 'content-type': type, 'idempotency-key': newKey() }), 415, 'content-type-unsupported')
  })

  it('of too large a body says that it is the size', async () => {
    const tooLarge = (bytes: number) => JSON.stringify({ text: 'x'.repeat(bytes) })
    expectProblem(await raw('POST', '/v1/registrations', tooLarge(64 * 1024), json), 413, 'request-too-large')
    expectProblem(await raw('POST', '/v1/sync/push', tooLarge(2048 * 1024), json), 413, 'request-too-large')
    expectProblem(await raw('POST', '/v1/password/sessions', tooLarge(16 * 1024), json), 413, 'request-too-large')
  })

  it('of a stranger comes before the body is read', async () => {
    const reply = await central.send('pushOperations', { body: '{', headers: { 'content-type': 'application/json' } })
    expectProblem(reply, 401, 'session-missing')
  })

  it('of an unknown path or method says which it is', async () => {
    expectProblem(await raw('GET', '/v1/nothing'), 404, 'not-found')
    expectProblem(await raw('GET', '/'), 404, 'not-found')
    const reply = await raw('PUT', '/v1/registrations')
    expectProblem(reply, 405, 'method-not-allowed')
    expect(reply.headers['allow']).toBe('GET, POST')
    expectProblem(await raw('GET', '/v1/registrations/..%2f..%2fetc'), 404, 'not-found')
    expectProblem(await raw('GET', '/v1/registrations/%zz'), 400, 'request-malformed')
  })

  it.each(['\u0000', 'a\u0000b', '\ud800'])('of the name %j is an ordinary one, whatever the database thinks of such characters', async (username) => {
    const reply = await central.send('signInWithPassword', { body: { username, password: 'wrong-password', deviceId: clerk.deviceId } })
    expect([400, 401]).toContain(reply.status)
  })

  it.each(['\u0000', '\ud800', '\ud83d'])('does not come of the text %j in a form as a fault of the service', async (text) => {
    for (const field of ['name', 'jobPosition', 'residenceDetail', 'formerName', 'mobile', 'ethnicity'] as const) {
      expect((await clerk.register(personValues(900, { [field]: `某${text}` }))).status, field).toBeLessThan(500)
    }
  })

  it('too many sign-ins a minute from one address concern this address alone, and say how long', async () => {
    const strict = await startCentral(await backend.newLocation(), { limits: { createChallenge: 2 } })
    const ask = (from: string) => strict.send('createChallenge', { body: { deviceId: clerk.deviceId } }, from)
    await ask('10.0.0.1')
    await ask('10.0.0.1')
    const reply = await ask('10.0.0.1')
    expectProblem({ ...reply, headers: { ...reply.headers } }, 429, 'too-many-requests')
    expect(Number(reply.headers['retry-after'])).toBeGreaterThan(0)
    expect((await ask('10.0.0.2')).status).toBe(201)
    await strict.close()
  })

  it('believes X-Forwarded-For of the operator’s own proxy and of nobody else', async () => {
    const proxied = await startCentral(await backend.newLocation(), { limits: { createChallenge: 1 }, trustedProxies: ['10.0.0.1'] })
    const ask = (from: string, client: string) => proxied.send('createChallenge', { body: { deviceId: clerk.deviceId }, headers: { 'x-forwarded-for': client } }, from)
    expect([(await ask('10.0.0.1', '1.1.1.1')).status, (await ask('10.0.0.1', '2.2.2.2')).status, (await ask('10.0.0.1', '1.1.1.1')).status]).toEqual([201, 201, 429])
    expect([(await ask('10.0.0.9', '3.3.3.3')).status, (await ask('10.0.0.9', '4.4.4.4')).status]).toEqual([201, 429])
    await proxied.close()
  })

  it('that is a fault of ours tells nothing of it, and the log where it was', async () => {
    const broken = await startCentral(await backend.newLocation())
    const unit = await broken.newClerk()
    await unit.register(1)
    await broken.db.updateTable('registration').set({ values_sealed: 'k9.AAAA' }).execute()
    const reply = await unit.call('listRegistrations')
    expectProblem(reply, 500, 'internal')
    expect(reply.body['details']).toEqual({})
    expect(reply.text).not.toMatch(/\bat \w|\.ts|k9|sealed/)
    const fault = broken.log.find(({ level }) => level === 'error')
    expect(fault).toMatchObject({ route: '/v1/registrations', error: 'Error' })
    expect(JSON.stringify(fault)).toContain('personal-data')
    await broken.close()
  })

  it('of somebody slow comes soon where nothing has been asked yet, and not before a phone on a poor line has sent its photo', () => {
    expect(central.app.server.headersTimeout).toBeLessThanOrEqual(30_000)
    expect(central.app.server.requestTimeout).toBeGreaterThan(selfPhotoPatience)
  })

  it('while the database cannot be had says: later', async () => {
    const broken = await startCentral(await backend.newLocation())
    const unit = await broken.newClerk()
    const busy = Object.assign(new Error('connect ECONNREFUSED'), { code: name === 'SQLite' ? 'SQLITE_FULL' : 'ECONNREFUSED' })
    broken.db.executeQuery = () => Promise.reject(busy)
    broken.context.db.selectFrom = () => {
      throw busy
    }
    expectProblem(await unit.call('readOrganization'), 503, 'central-busy')
    expectProblem(await broken.send('health'), 503, 'central-busy')
    await broken.close()
  })
})
