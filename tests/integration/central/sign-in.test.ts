import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readCertificate } from '../../../central/auth/ca/certificate.ts'
import { bindCertificate } from '../../../central/auth/certificate-bindings.repository.ts'
import { caLoginFormat, signedStatementText } from '../../../shared/domain/ca-login-bytes.ts'
import { makeAuthority, makeLeaf, rsa, signText, textExtension, type TestAuthority } from '../../support/certificates.ts'
import { backends, startBackend, type Backend } from '../../support/central-backends.ts'
import { audience, newDeviceId, password, sha256, startCentral, type Central, type Reply, type Unit } from '../../support/central-service.ts'

type Lock = Awaited<ReturnType<typeof makeLeaf>>
const codeOid = '1.2.156.10260.4.1.4'

describe.each(backends)('signing in over HTTP on %s', (name) => {
  let backend: Backend
  let central: Central
  let unit: Unit
  let lock: Lock
  beforeAll(async () => {
    backend = await startBackend(name)
    central = await startCentral(await backend.newLocation())
    unit = await central.addUnit()
    lock = await issue(unit.creditCode)
    await bind(lock, unit.creditCode, unit.accountId)
  })
  afterAll(async () => {
    await central?.close()
    await backend?.stop()
  })

  const issue = (code: string, issuer: TestAuthority = central.ca, shape: Parameters<typeof makeLeaf>[1] = {}) => makeLeaf(issuer, { ...shape, more: [textExtension(codeOid, code)] })
  const bind = (key: Lock, companyCode: string, accountId: string) =>
    bindCertificate(central.db, { issuer: readCertificate(key.der).issuerText, companyCode }, accountId, central.clock.now())
  const challengeFor = async (deviceId: string) => {
    const reply = await central.send('createChallenge', { body: { deviceId } })
    const cookie = String(reply.headers['set-cookie'])
    return { cid: String(reply.body['cid']), nonce: String(reply.body['nonce']), cookie, reply }
  }

  interface Changes {
    deviceId?: string
    signedAudience?: string
    purpose?: string
    cookie?: string | null
    alg?: 'RS256' | 'ES256'
    body?: Record<string, unknown>
  }
  /** What a workstation does, with something changed. */
  async function useLock(key: Lock, changes: Changes = {}): Promise<Reply> {
    const { deviceId = newDeviceId(), alg = 'ES256' } = changes
    const { cid, nonce, cookie } = await challengeFor(deviceId)
    const text = signedStatementText({ audience: changes.signedAudience ?? audience, cid, nonce, deviceId, purpose: changes.purpose ?? 'login', certificateSha256: sha256(key.der), alg })
    const body = { fmt: caLoginFormat, cid, alg, unverifiedCertificate: key.der.toString('base64url'), signature: await signText(text, key.keys), deviceId, ...changes.body }
    const sent = changes.cookie === undefined ? cookie.split(';')[0] : changes.cookie
    return central.send('signInWithCaKey', { body, ...(sent ? { headers: { cookie: sent } } : {}) })
  }

  it('a challenge comes with a cookie that no script sees and no other site gets, for two minutes', async () => {
    const { reply, cookie, nonce } = await challengeFor(newDeviceId())
    expect(reply).toMatchObject({ status: 201, body: { expiresInSeconds: 120 }, headers: { 'cache-control': 'no-store' } })
    expect(Buffer.from(nonce, 'base64url')).toHaveLength(32)
    expect(cookie).toMatch(/^ca-connection=[\w-]{43}; Path=\/v1; Max-Age=120; SameSite=strict; HttpOnly; Secure$/)
  })

  it.each([['ES256', undefined], ['RS256', rsa()]] as const)('a lock with an %s key opens a session of its account, which says so', async (alg, keyAlgorithm) => {
    const key = await issue(unit.creditCode, central.ca, keyAlgorithm ? { keyAlgorithm } : {})
    const deviceId = newDeviceId()
    const reply = await useLock(key, { deviceId, alg })
    expect(reply).toMatchObject({ status: 201, body: { outcome: 'signed-in', way: 'ca-key', account: { id: unit.accountId }, organization: { id: unit.id }, epoch: central.database.epoch } })
    const headers = { 'authorization': `Bearer ${String(reply.body['token'])}`, 'device-id': deviceId }
    expect((await central.send('readSession', { headers })).body).toMatchObject({ account: { id: unit.accountId }, organizationId: unit.id })
    const signedIn = await central.db.selectFrom('audit_event').select('details_json').where('kind', '=', 'signed-in').where('device_id', '=', deviceId).executeTakeFirstOrThrow()
    expect(JSON.parse(signedIn.details_json)).toMatchObject({ way: 'ca-key', alg, fingerprint: readCertificate(key.der).fingerprint, revocation: 'not-checked' })
  })

  it('each failure has its own code', async () => {
    const stranger = await makeAuthority({ pathLength: 0 }, await makeAuthority({}))
    const day = 24 * 3600 * 1000
    const outcomes = {
      'ca-format-unsupported': await useLock(lock, { body: { fmt: 'SHHR-CALOGIN-v2' } }),
      'ca-algorithm-unsupported': await useLock(lock, { body: { alg: 'none' } }),
      'ca-algorithm-mismatch': await useLock(lock, { alg: 'RS256' }),
      'challenge-unknown': await useLock(lock, { body: { cid: 'A'.repeat(22) } }),
      'challenge-wrong-device': await useLock(lock, { cookie: null }),
      'ca-certificate-malformed': await useLock(lock, { body: { unverifiedCertificate: 'A'.repeat(200) } }),
      'ca-certificate-expired': await useLock(await issue(unit.creditCode, central.ca, { notAfter: new Date(central.clock.at - day) })),
      'ca-certificate-not-yet-valid': await useLock(await issue(unit.creditCode, central.ca, { notBefore: new Date(central.clock.at + day) })),
      'ca-chain-untrusted': await useLock(await issue(unit.creditCode, stranger)),
      'ca-key-usage-wrong': await useLock(await issue(unit.creditCode, central.ca, { extensions: [] })),
      'ca-signature-invalid': await useLock(lock, { signedAudience: 'https://evil.test' }),
      'ca-not-bound': await useLock(await issue('91310000MA1FL0AA0R')),
    }
    expect(Object.fromEntries(Object.entries(outcomes).map(([code, { body }]) => [code, body['code']]))).toEqual(Object.fromEntries(Object.keys(outcomes).map((code) => [code, code])))
    for (const { status } of Object.values(outcomes)) expect([400, 401, 403]).toContain(status)
    expect((await useLock(lock, { purpose: 'submit:00' })).body['code']).toBe('ca-signature-invalid')
    expect((await useLock(lock, { cookie: 'ca-connection=x; other=y' })).body['code']).toBe('challenge-wrong-device')
  })

  it('a challenge serves one answer, of several that arrive together as well', async () => {
    const deviceId = newDeviceId()
    const { cid, nonce, cookie } = await challengeFor(deviceId)
    const text = signedStatementText({ audience, cid, nonce, deviceId, purpose: 'login', certificateSha256: sha256(lock.der), alg: 'ES256' })
    const body = { fmt: caLoginFormat, cid, alg: 'ES256', unverifiedCertificate: lock.der.toString('base64url'), signature: await signText(text, lock.keys), deviceId }
    const answer = () => central.send('signInWithCaKey', { body, headers: { cookie: cookie.split(';')[0] ?? '' } })
    const replies = await Promise.all(Array.from({ length: 8 }, answer))
    expect(replies.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 7 }, () => 401)])
    expect((await answer()).body['code']).toBe('challenge-unknown')
  })

  it('a device that asks for challenges in parallel gets them all', async () => {
    const deviceId = newDeviceId()
    const replies = await Promise.all(Array.from({ length: 20 }, () => central.send('createChallenge', { body: { deviceId } })))
    expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([201]))
    const open = await central.db.selectFrom('ca_challenge').select('cid').where('device_id', '=', deviceId).execute()
    expect(open.length).toBeLessThanOrEqual(20)
  })

  it('a lock of several accounts offers them, and the chosen one gives its password once a device', async () => {
    const shared = await central.addUnit()
    const second = await central.addAccount(shared.id, `second-${shared.username}`)
    const key = await issue(shared.creditCode)
    for (const accountId of [shared.accountId, second]) await bind(key, shared.creditCode, accountId)
    const deviceId = newDeviceId()
    const choose = async (typed: string | null, accountId = second) => {
      const offer = await useLock(key, { deviceId })
      expect(offer).toMatchObject({ status: 200, body: { outcome: 'choose-account', organizationName: '甲修缮有限公司' } })
      return central.send('chooseAccount', { body: { ticket: offer.body['ticket'], accountId, password: typed, deviceId } })
    }
    expect((await choose(null)).body['code']).toBe('ca-needs-password')
    expect((await choose('falsches-passwort')).body['code']).toBe('sign-in-failed')
    expect((await choose(password, unit.accountId)).body['code']).toBe('account-choice-invalid')
    expect(await choose(password)).toMatchObject({ status: 201, body: { way: 'ca-key', account: { id: second } } })
    expect(await choose(null)).toMatchObject({ status: 201 })
    expect((await central.send('chooseAccount', { body: { ticket: 'A'.repeat(43), accountId: second, password, deviceId } })).body['code']).toBe('ticket-expired')
  })

  it('user name and password suffice by themselves, and the session says that they did', async () => {
    const reply = await central.send('signInWithPassword', { body: { username: ` ${unit.username.toUpperCase()}`, password, deviceId: newDeviceId() } })
    expect(reply).toMatchObject({ status: 201, body: { outcome: 'signed-in', way: 'password', account: { id: unit.accountId } } })
  })

  it('an unknown name and a wrong password are answered alike, word by word, after comparable work', async () => {
    let addresses = 0
    const attempt = async (username: string) => {
      const started = performance.now()
      // An address of its own each: answers tell an address how many it has left.
      const reply = await central.send('signInWithPassword', { body: { username, password: 'wrong-password', deviceId: newDeviceId() } }, `10.1.0.${++addresses}`)
      return { reply, ms: performance.now() - started }
    }
    const times = { known: [] as number[], unknown: [] as number[] }
    for (let round = 0; round < 4; round++) {
      const [known, unknown] = [await attempt(unit.username), await attempt(`nobody-${round}`)]
      expect(known.reply).toMatchObject({ status: 401, body: { code: 'sign-in-failed' } })
      const { date: _, ...told } = known.reply.headers
      const { date: __, ...toldStranger } = unknown.reply.headers
      expect([unknown.reply.text, toldStranger]).toEqual([known.reply.text, told])
      times.known.push(known.ms)
      times.unknown.push(unknown.ms)
    }
    // Without the hash the answer for nobody would come some twenty times sooner.
    expect(Math.min(...times.unknown)).toBeGreaterThan(Math.min(...times.known) / 3)
    await central.db.deleteFrom('sign_in_failure').execute()
  })

  it('failures make a name wait, and the answer says how long', async () => {
    const username = `waits-${newDeviceId().slice(0, 20)}`
    const attempt = () => central.send('signInWithPassword', { body: { username, password: 'wrong-password', deviceId: newDeviceId() } })
    for (let time = 0; time < 6; time++) await attempt()
    expect(await attempt()).toMatchObject({ status: 429, body: { code: 'sign-in-too-often', details: { seconds: 1 } }, headers: { 'retry-after': '1' } })
  })

  it('a unit behind one address that mistypes now and then all day is not locked out', async () => {
    const from = '10.2.0.1'
    for (let time = 0; time < 60; time++) {
      await central.send('signInWithPassword', { body: { username: `clerk-${time}`, password: 'wrong-password', deviceId: newDeviceId() } }, from)
      central.clock.pass(120)
    }
    const reply = await central.send('signInWithPassword', { body: { username: unit.username, password, deviceId: newDeviceId() } }, from)
    expect(reply.status).toBe(201)
  })

  it('where the operator wants both, a password alone is refused and a lock is followed by its password', async () => {
    const strict = await startCentral(await backend.newLocation(), { caNeedsPassword: true })
    const { username } = await strict.addUnit()
    const reply = await strict.send('signInWithPassword', { body: { username, password, deviceId: newDeviceId() } })
    expect(reply).toMatchObject({ status: 401, body: { code: 'password-needs-ca' } })
    await strict.close()
  })
})
