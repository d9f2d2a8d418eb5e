import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { reviewRegistration } from '../../../central/operator/review-operations.ts'
import { receiptsKept, sweep } from '../../../central/sweep.ts'
import { centralApi, type RouteName } from '../../../shared/api/index.ts'
import { shanghaiDate } from '../../../shared/domain/dates.ts'
import { backends, startBackend, type Backend } from '../../support/central-backends.ts'
import { newDeviceId, newKey, password, startCentral, type Central, type Clerk, type Reply, type Unit } from '../../support/central-service.ts'
import { personValues } from '../../support/people.ts'
import { claimOf, pdfOf } from '../../support/uploads.ts'

describe.each(backends)('a write on %s', (name) => {
  let backend: Backend
  let central: Central
  let clerk: Clerk & { unit: Unit }
  let person = 0
  beforeAll(async () => {
    backend = await startBackend(name)
    central = await startCentral(await backend.newLocation())
    clerk = await central.newClerk()
  })
  afterAll(async () => {
    await central?.close()
    await backend?.stop()
  })

  const create = (who: Clerk, id: string, values: unknown, key: string) =>
    who.call('createRegistration', { body: { id, personType: 'manager', values }, headers: { 'idempotency-key': key } })
  const patch = (id: string, key: string, version: number, changes: Record<string, string>) =>
    clerk.call('patchRegistration', { params: { id }, body: { changes }, headers: { 'idempotency-key': key, 'if-match': `"${version}"` } })
  const rowsOf = async (id: string) => (await central.db.selectFrom('registration').select('version').where('id', '=', id).execute()).map(({ version }) => version)
  const fresh = async () => {
    const id = randomUUID()
    await create(clerk, id, personValues(++person), newKey())
    return id
  }
  const told = ({ status, body }: Reply) => ({ status, body })

  it.each(['', 'too-short', 'blanks are not allowed'])('with the key %j is refused', async (key) => {
    expect(await create(clerk, randomUUID(), personValues(++person), key)).toMatchObject({ status: 400, body: { code: 'idempotency-key-missing' } })
  })

  it('without a key is refused, on every route that writes a resource', async () => {
    const writes = (Object.keys(centralApi) as RouteName[]).filter((route) => centralApi[route].idempotent)
    expect(writes).toContain('createRegistration')
    const id = await fresh()
    const bodies: Partial<Record<RouteName, unknown>> = {
      createRegistration: { id: randomUUID(), personType: 'manager', values: personValues(++person) },
      patchOrganization: { changes: { contactName: '某人' } },
      createAccount: { id: randomUUID(), username: newKey(), displayName: '某人', role: 'clerk', password: 'Muxu-hetao-7' },
      patchAccount: { changes: { disabled: true } },
      resetAccountPassword: { password: 'Muxu-hetao-7' },
      bindAccount: { accountId: randomUUID() },
      releaseAccount: { accountId: randomUUID() },
      patchRegistration: { changes: {} },
      attachStored: claimOf(pdfOf(10)),
      transferOut: { reason: '1', note: '', leftOn: shanghaiDate(new Date()), requestId: null },
      askTransfer: { id: randomUUID(), idCardNo: personValues(++person).idCardNo, name: '某人' },
      refuseTransfer: { words: '暂不同意' },
      linkProject: { projectId: randomUUID() },
      issuePosterCodes: { projectIds: [randomUUID()], evenStopped: false },
      reissuePosterCode: { projectId: randomUUID(), code: '7K3M9QX2TB' },
      revokePosterCode: { projectId: randomUUID(), code: '7K3M9QX2TB' },
      settleSelfRegistration: { decision: 'returned', reason: '照片不清' },
      beginIdentityCheck: { documentId: randomUUID(), portraitId: randomUUID() },
      finishIdentityCheck: { result: 'passed', documentId: randomUUID(), portraitId: randomUUID() },
    }
    for (const route of writes) {
      const body = bodies[route]
      expect(body !== undefined, `a body of ${route}`).toBe('body' in centralApi[route])
      const reply = await central.send(route, { params: { id }, ...(body ? { body } : {}), headers: { ...clerk.authorized, 'if-match': '"1"' } })
      expect(reply, route).toMatchObject({ status: 400, body: { code: 'idempotency-key-missing' } })
    }
    expect(await rowsOf(id)).toEqual([1])
  })

  it('that arrives again gets the first answer, and is there once', async () => {
    const [id, key, values] = [randomUUID(), newKey(), personValues(++person)]
    const first = await create(clerk, id, values, key)
    expect(first.status).toBe(201)
    for (const _again of [1, 2]) expect(told(await create(clerk, id, values, key))).toEqual(told(first))
    expect(await rowsOf(id)).toEqual([1])
  })

  it('that arrives ten times at the same moment is made once, and nobody is told anything else', async () => {
    const [id, key, values] = [randomUUID(), newKey(), personValues(++person)]
    const replies = await Promise.all(Array.from({ length: 10 }, () => create(clerk, id, values, key)))
    expect(new Set(replies.map((reply) => JSON.stringify(told(reply))))).toEqual(new Set([JSON.stringify({ status: 201, body: { id, version: 1, status: 'pending' } })]))
    expect(await rowsOf(id)).toEqual([1])
  })

  it('is known by its key before its version is looked at: a lost reply is no conflict with oneself', async () => {
    const id = await fresh()
    const key = newKey()
    const first = await patch(id, key, 1, { jobPosition: '安全员' })
    await patch(id, newKey(), 2, { jobPosition: '施工员' })
    expect(told(await patch(id, key, 1, { jobPosition: '安全员' }))).toEqual(told(first))
    expect(await rowsOf(id)).toEqual([3])
  })

  it('with the key of another content is refused, and so is one with another version', async () => {
    const [id, key] = [await fresh(), newKey()]
    await patch(id, key, 1, { jobPosition: '安全员' })
    for (const reply of [await patch(id, key, 1, { jobPosition: '施工员' }), await patch(id, key, 2, { jobPosition: '安全员' }), await create(clerk, randomUUID(), personValues(++person), key)]) {
      expect(reply).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused', retriable: false } })
    }
    expect(await rowsOf(id)).toEqual([2])
  })

  it('may be spelled otherwise the second time: the order of fields is no content', async () => {
    const [id, key, values] = [randomUUID(), newKey(), personValues(++person)]
    await create(clerk, id, values, key)
    expect((await create(clerk, id, Object.fromEntries(Object.entries(values).reverse()), key)).status).toBe(201)
  })

  it('that was refused for good is refused again, also when it would go through by now', async () => {
    const stranger = await central.newClerk()
    const [id, key, values] = [randomUUID(), newKey(), personValues(++person)]
    const taken = String((await stranger.register(values)).body['id'])
    const refused = await create(clerk, id, values, key)
    expect(refused).toMatchObject({ status: 409, body: { code: 'registration-elsewhere' } })
    await stranger.call('withdrawRegistration', { params: { id: taken }, headers: { 'if-match': '"1"' } })
    expect(told(await create(clerk, id, values, key))).toEqual(told(refused))
    expect((await create(clerk, id, values, newKey())).status).toBe(201)
  })

  it('that was refused because of its version may be made under the same key later', async () => {
    const [id, key] = [await fresh(), newKey()]
    expect(await patch(id, key, 7, { jobPosition: '安全员' })).toMatchObject({ status: 412, body: { code: 'version-conflict', retriable: true } })
    expect((await patch(id, key, 1, { jobPosition: '安全员' })).status).toBe(200)
  })

  it('whose first attempt is still under way is told so', async () => {
    const key = newKey()
    const row = { organization_id: clerk.unit.id, idempotency_key: key, account_id: clerk.unit.accountId, outcome_json: null, applied_at: new Date().toISOString() }
    const values = personValues(++person)
    const content = { kind: 'create', registration: { id: randomUUID(), personType: 'manager', values } }
    await central.db.insertInto('applied_write').values({ ...row, payload_hash: central.personal.hashPayload(JSON.stringify(content)) }).execute()
    expect(await create(clerk, content.registration.id, values, key)).toMatchObject({ status: 409, body: { code: 'idempotency-in-flight', retriable: true } })
  })

  it('sent first by one clerk and again by a colleague of the same unit is one write; another unit’s key is its own', async () => {
    const colleagueName = randomUUID()
    await central.addAccount(clerk.unit.id, colleagueName)
    const [colleague, stranger] = [await central.signIn(colleagueName), await central.newClerk()]
    const [id, key, values] = [randomUUID(), newKey(), personValues(++person)]
    const first = await create(clerk, id, values, key)
    expect(told(await create(colleague, id, values, key))).toEqual(told(first))
    expect((await create(stranger, randomUUID(), personValues(++person), key)).status).toBe(201)
  })

  it('is the same write as route and as operation of a push', async () => {
    const [id, key, values] = [randomUUID(), newKey(), personValues(++person)]
    await create(clerk, id, values, key)
    const pushed = await clerk.push([{ kind: 'create', opId: key, registration: { id, personType: 'manager', values } }])
    expect(pushed.body['results']).toEqual([{ opId: key, outcome: 'applied', receipt: { id, version: 1, status: 'pending' } }])
  })

  it('leaves a receipt without anything personal, for 180 days', async () => {
    const [id, key, values] = [randomUUID(), newKey(), personValues(++person)]
    await create(clerk, id, values, key)
    const kept = () => central.db.selectFrom('applied_write').selectAll().where('idempotency_key', '=', key).execute()
    const [row] = await kept()
    expect(JSON.parse(row?.outcome_json ?? '')).toEqual({ kind: 'applied', receipt: { id, version: 1, status: 'pending' } })
    await sweep(central.db, new Date(central.clock.at + receiptsKept - 1000))
    expect(await kept()).toHaveLength(1)
    await sweep(central.db, new Date(central.clock.at + receiptsKept + 1000))
    expect(await kept()).toHaveLength(0)
    clerk = { ...(await central.signIn(clerk.username)), unit: clerk.unit }
  })

  describe('of what exists already', () => {
    it.each([undefined, '1', '"x"', '*', 'W/"1"'])('without the version seen (If-Match %j) is refused', async (ifMatch) => {
      const id = await fresh()
      const headers: Record<string, string> = ifMatch === undefined ? {} : { 'if-match': ifMatch }
      expect(await clerk.call('patchRegistration', { params: { id }, body: { changes: {} }, headers })).toMatchObject({ status: 428, body: { code: 'if-match-missing' } })
      expect(await clerk.call('withdrawRegistration', { params: { id }, headers })).toMatchObject({ status: 428, body: { code: 'if-match-missing' } })
    })

    it('with an old version is refused, and the newer content stays', async () => {
      const id = await fresh()
      await patch(id, newKey(), 1, { jobPosition: '安全员' })
      expect(await patch(id, newKey(), 1, { jobPosition: '施工员' })).toMatchObject({ status: 412, body: { code: 'version-conflict' } })
      expect(await clerk.call('withdrawRegistration', { params: { id }, headers: { 'if-match': '"1"' } })).toMatchObject({ status: 412 })
      expect((await clerk.call('readRegistration', { params: { id } })).body).toMatchObject({ version: 2, values: { jobPosition: '安全员' } })
    })

    it('by ten clerks at the same moment succeeds for one of them', async () => {
      const id = await fresh()
      const replies = await Promise.all(Array.from({ length: 10 }, (_, index) => patch(id, newKey(), 1, { jobPosition: `职务${index}` })))
      expect(replies.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 9 }, () => 412)])
    })

    it('loses against a decision made meanwhile, and never undoes it unseen', async () => {
      const id = await fresh()
      const [decision, reply] = await Promise.allSettled([reviewRegistration(central.context, id, { approve: true }), patch(id, newKey(), 1, { jobPosition: '安全员' })])
      const status = reply.status === 'fulfilled' ? reply.value.status : 0
      const row = await central.db.selectFrom('registration').select(['status', 'version']).where('id', '=', id).executeTakeFirstOrThrow()
      // Either the decision came first and the clerk must look again, or the decision is about the new content.
      expect([{ status: 412, row: { status: 'active', version: 2 } }, { status: 200, row: { status: 'active', version: 3 } }]).toContainEqual({ status, row })
      expect(decision.status).toBe('fulfilled')
    })
  })

  it('never is a sign-in, a challenge or a session: their replies are stored nowhere', async () => {
    const writes = () => central.db.selectFrom('applied_write').select((eb) => eb.fn.countAll<number>().as('count')).executeTakeFirstOrThrow()
    const before = await writes()
    const [deviceId, key] = [newDeviceId(), newKey()]
    const challenge = await central.send('createChallenge', { body: { deviceId }, headers: { 'idempotency-key': key } })
    const session = await central.send('signInWithPassword', { body: { username: clerk.username, password, deviceId }, headers: { 'idempotency-key': key } })
    const again = await central.send('signInWithPassword', { body: { username: clerk.username, password, deviceId }, headers: { 'idempotency-key': key } })
    expect([challenge.status, session.status, again.status]).toEqual([201, 201, 201])
    expect(again.body['token']).not.toBe(session.body['token'])
    const authorized = { 'authorization': `Bearer ${String(again.body['token'])}`, 'device-id': deviceId, 'idempotency-key': key }
    expect((await central.send('suspendSession', { headers: authorized })).status).toBe(204)
    expect(await writes()).toEqual(before)
    const stored = (await backend.everything(central.location)).toString('latin1')
    for (const secret of [challenge.headers['set-cookie'], session.body['token'], again.body['token'], password]) {
      const text = /=([\w-]{43});/.exec(String(secret))?.[1] ?? String(secret)
      expect(stored.includes(Buffer.from(text).toString('latin1'))).toBe(false)
    }
  })

})

it('a write on PostgreSQL whose first attempt hangs is told after a while that it is under way', async () => {
  const backend = await startBackend('PostgreSQL')
  const location = await backend.newLocation()
  if (location.kind !== 'postgresql') throw new TypeError('PostgreSQL')
  const central = await startCentral({ ...location, url: `${location.url}&lock_timeout=300` })
  const clerk = await central.newClerk()
  const key = newKey()
  const hanging = new pg.Client({ connectionString: location.url })
  await hanging.connect()
  await hanging.query('begin')
  await hanging.query('insert into applied_write values ($1, $2, $3, $4, null, $5)', [clerk.unit.id, key, clerk.unit.accountId, 'x', 'now'])
  const reply = await clerk.register(personValues(1), randomUUID(), { 'idempotency-key': key })
  expect(reply).toMatchObject({ status: 409, body: { code: 'idempotency-in-flight' } })
  await hanging.query('rollback')
  await hanging.end()
  expect((await clerk.register(personValues(1), randomUUID(), { 'idempotency-key': key })).status).toBe(201)
  await central.close()
  await backend.stop()
})

it('a refusal on PostgreSQL whose first attempt hangs takes nothing with it of what was pushed together with it', async () => {
  const backend = await startBackend('PostgreSQL')
  const location = await backend.newLocation()
  if (location.kind !== 'postgresql') throw new TypeError('PostgreSQL')
  const central = await startCentral({ ...location, url: `${location.url}&lock_timeout=300` })
  const clerk = await central.newClerk()
  const hanging = new pg.Client({ connectionString: location.url })
  await hanging.connect()
  try {
    const create = (values: unknown) => ({ kind: 'create', opId: newKey(), registration: { id: randomUUID(), personType: 'manager', values } })
    const [invalid, valid] = [create({ ...personValues(1), name: '' }), create(personValues(2))]
    await hanging.query('begin')
    await hanging.query('insert into applied_write values ($1, $2, $3, $4, null, $5)', [clerk.unit.id, invalid.opId, clerk.unit.accountId, 'x', 'now'])
    for (const operations of [[valid, invalid], [invalid, create(personValues(3))]]) {
      const reply = await clerk.push(operations)
      const results = reply.body['results'] as { opId: string; outcome: string; problem?: { code: string } }[]
      expect([reply.status, results.map(({ opId, outcome, problem }) => [opId === invalid.opId, outcome, problem?.code])]).toEqual([
        200, operations.map((operation) => (operation === invalid ? [true, 'refused', 'idempotency-in-flight'] : [false, 'applied', undefined])),
      ])
    }
    expect((await clerk.call('listRegistrations')).body['items']).toHaveLength(2)
  } finally {
    await hanging.end()
    await central.close()
    await backend.stop()
  }
})
