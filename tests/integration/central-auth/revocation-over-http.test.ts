import { randomUUID } from 'node:crypto'
import { afterEach, afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { readCertificate } from '../../../central/auth/ca/certificate.ts'
import { createRevocationChecker } from '../../../central/auth/ca/revocation/create-revocation-checker.ts'
import type { RevocationChecker } from '../../../central/auth/ca/revocation/revocation-checker.ts'
import type { RevocationSource } from '../../../central/auth/ca/revocation/revocation-sources.ts'
import { backends, startBackend, type Backend } from '../../support/central-backends.ts'
import { password, startCentral, type Central, type Unit } from '../../support/central-service.ts'
import { locksAt, type Lock } from '../../support/lock-over-http.ts'
import { makeAnswer, signerOf } from '../../support/ocsp-answers.ts'
import { personValues } from '../../support/people.ts'
import { read } from '../../support/revocation-rig.ts'
import { startSource, type Source } from '../../support/revocation-source.ts'

describe.each(backends)('a CA that answers about revocation, over HTTP on %s', (name) => {
  let backend: Backend
  let central: Central
  let source: Source
  let unit: Unit
  let lock: Lock
  let locks: ReturnType<typeof locksAt>
  let checker: RevocationChecker
  const sources = new Map<string, RevocationSource>()

  beforeAll(async () => {
    backend = await startBackend(name)
  })
  afterAll(() => backend?.stop())
  beforeEach(async () => {
    const revocation: RevocationChecker = { statusOf: (...asked) => checker.statusOf(...asked) }
    central = await startCentral(await backend.newLocation(), { revocation, submitNeedsSignature: true })
    locks = locksAt(central)
    source = await startSource(says('good'))
    sources.clear()
    sources.set(read(central.ca).sha256, { ocsp: source.url, crl: null })
    checker = startChecker()
    unit = await central.addUnit()
    lock = await locks.issue(unit.creditCode)
    await locks.bind(lock, unit.creditCode, unit.accountId)
  })
  afterEach(async () => {
    await source?.close()
    await central?.close()
  })

  /** One that remembers nothing but what is in the database. */
  const startChecker = (grace = true) => createRevocationChecker({ sources, grace, db: central.db, clock: central.clock, log: () => undefined })
  function says(status: 'good' | 'revoked' | 'unknown'): Source['reply'] {
    const now = () => central.clock.now()
    return (request) => makeAnswer(request, signerOf(central.ca), { singles: [{ status, thisUpdate: now(), nextUpdate: new Date(now().getTime() + 3600_000) }] })
  }
  /** What is answered to a service started anew, some time later. */
  const later = (reply: Source['reply'], grace = true) => {
    // Less than a choice of accounts lasts.
    central.clock.pass(60)
    checker = startChecker(grace)
    source.reply = reply
  }
  const silent: Source['reply'] = (_request, response) => void response.writeHead(503).end()
  const operations = () => [{ kind: 'create', opId: randomUUID(), registration: { id: randomUUID(), personType: 'manager', values: personValues(1) } }]

  it('lets a good lock in, and the audit says that it was asked', async () => {
    expect((await locks.signIn(lock)).status).toBe(201)
    expect((await locks.audit('signed-in'))[0]?.details).toMatchObject({ revocation: 'good', fingerprint: readCertificate(lock.der).fingerprint })
  })

  it('keeps a revoked lock out, for good, and the audit says why', async () => {
    source.reply = says('revoked')
    expect(await locks.signIn(lock)).toMatchObject({ status: 403, body: { code: 'ca-certificate-revoked', retriable: false } })
    expect((await locks.audit('sign-in-refused'))[0]?.details).toEqual({ way: 'ca-key', code: 'ca-certificate-revoked' })
  })

  it.each(['unknown', 'nothing'] as const)('that answers %s keeps a lock out for now; the password still serves', async (answer) => {
    source.reply = answer === 'unknown' ? says('unknown') : silent
    expect(await locks.signIn(lock)).toMatchObject({ status: 503, body: { code: 'ca-revocation-unknown', retriable: true } })
    const { status } = await central.send('signInWithPassword', { body: { username: unit.username, password, deviceId: `device-${randomUUID()}` } })
    expect(status).toBe(201)
  })

  it('that revokes a lock ends the sessions it opened, and no other, at the next attempt to use it', async () => {
    const { session } = await locks.signIn(lock)
    const elsewhere = await central.addUnit()
    const other = await locks.issue(elsewhere.creditCode)
    await locks.bind(other, elsewhere.creditCode, elsewhere.accountId)
    const { session: othersSession } = await locks.signIn(other)
    later(says('revoked'))
    expect((await locks.signIn(lock)).body['code']).toBe('ca-certificate-revoked')
    expect(await locks.readSession(session)).toMatchObject({ status: 401, body: { code: 'session-missing' } })
    expect((await locks.readSession(othersSession)).status).toBe(200)
    expect(await locks.audit('session-revoked')).toEqual([{ kind: 'session-revoked', deviceId: session.deviceId, accountId: unit.accountId, details: { fingerprint: readCertificate(lock.der).fingerprint } }])
  })

  it('that revokes a lock refuses what it signs, and the session ends', async () => {
    const { session } = await locks.signIn(lock)
    expect((await locks.submit(lock, session, operations())).status).toBe(200)
    later(says('revoked'))
    expect((await locks.submit(lock, session, operations())).body['code']).toBe('ca-certificate-revoked')
    expect((await locks.readSession(session)).body['code']).toBe('session-missing')
  })

  it('that revokes a lock takes back the choice of accounts it was offered', async () => {
    const second = await central.addAccount(unit.id, `second-${unit.username}`)
    await locks.bind(lock, unit.creditCode, second)
    const { body, session: { deviceId } } = await locks.signIn(lock)
    later(says('revoked'))
    await locks.signIn(lock)
    expect((await central.send('chooseAccount', { body: { ticket: body['ticket'], accountId: second, password, deviceId } })).body['code']).toBe('ticket-expired')
  })

  it('that is silent lets a lock in that was good in the last 24 hours, where the operator allows it, and the audit says so', async () => {
    await locks.signIn(lock)
    later(silent)
    expect((await locks.signIn(lock)).status).toBe(201)
    expect((await locks.audit('signed-in')).map(({ details }) => details['revocation'])).toEqual(['good', 'good-cached'])
    later(silent, false)
    expect((await locks.signIn(lock)).body['code']).toBe('ca-revocation-unknown')
  })

  it('that is silent lets nothing be submitted, not even with the operator\'s grace, and the session stays', async () => {
    const { session } = await locks.signIn(lock)
    later(silent)
    expect(await locks.submit(lock, session, operations())).toMatchObject({ status: 503, body: { code: 'ca-revocation-unknown' } })
    expect((await locks.readSession(session)).status).toBe(200)
    later(says('good'))
    expect((await locks.submit(lock, session, operations())).status).toBe(200)
    expect((await locks.audit('submission-signed'))[0]?.details).toMatchObject({ revocation: 'good' })
  })

  it('that nobody has named a place for is not asked, and the audit says so', async () => {
    sources.clear()
    expect((await locks.signIn(lock)).status).toBe(201)
    expect((await locks.audit('signed-in'))[0]?.details).toMatchObject({ revocation: 'not-checked' })
    expect(source.asked).toBe(0)
  })
})
