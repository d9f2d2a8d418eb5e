import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readCertificate } from '../../central/auth/ca/certificate.ts'
import { bindCertificate } from '../../central/auth/certificate-bindings.repository.ts'
import { setAccountDisabled } from '../../central/auth/accounts.repository.ts'
import { caLoginFormat, signedStatementText } from '../../shared/domain/ca-login-bytes.ts'
import { makeAuthority, makeLeaf, signText, textExtension } from '../support/certificates.ts'
import { audience, newDeviceId, readReply, sha256, startCentral, type Central, type Reply, type Unit } from '../support/central-service.ts'
import { complaintAbout } from './fuzz-stage.ts'

type Lock = Awaited<ReturnType<typeof makeLeaf>>
const codeOid = '1.2.156.10260.4.1.4'

let central: Central
let unit: Unit
let lock: Lock
beforeAll(async () => {
  central = await startCentral({ kind: 'sqlite', path: ':memory:' })
  unit = await central.addUnit()
  lock = await issue(unit.creditCode)
  await bind(lock, unit.creditCode, unit.accountId)
})
afterAll(() => central?.close())

const issue = (code: string, issuer = central.ca, shape: Parameters<typeof makeLeaf>[1] = {}) => makeLeaf(issuer, { more: [textExtension(codeOid, code)], ...shape })
const bind = (key: Lock, companyCode: string, accountId: string) =>
  bindCertificate(central.db, { issuer: readCertificate(key.der).issuerText, companyCode }, accountId, central.clock.now())

interface Answer {
  fmt: string
  cid: string
  alg: string
  unverifiedCertificate: string
  signature: string
  deviceId: string
}

async function challenge(deviceId: string) {
  const reply = await central.send('createChallenge', { body: { deviceId } })
  return { cid: String(reply.body['cid']), nonce: String(reply.body['nonce']), cookie: String(reply.headers['set-cookie']).split(';')[0] ?? '' }
}

/** A right answer of this lock, and the cookie that goes with it. */
async function rightAnswer(key: Lock = lock, deviceId = newDeviceId()): Promise<{ answer: Answer; cookie: string }> {
  const { cid, nonce, cookie } = await challenge(deviceId)
  const text = signedStatementText({ audience, cid, nonce, deviceId, purpose: 'login', certificateSha256: sha256(key.der), alg: 'ES256' })
  return { cookie, answer: { fmt: caLoginFormat, cid, alg: 'ES256', unverifiedCertificate: key.der.toString('base64url'), signature: await signText(text, key.keys), deviceId } }
}

async function post(text: string, cookie: string, more: Record<string, string> = {}): Promise<Reply> {
  const headers = { 'content-type': 'application/json', cookie, ...more }
  const reply = readReply(await central.app.inject({ method: 'POST', url: '/v1/ca/sessions', payload: text, headers }))
  const complaint = complaintAbout({ status: reply.status, contentType: String(reply.headers['content-type']), text: reply.text, whole: reply.text }, { method: 'POST' })
  expect(complaint).toBeUndefined()
  return reply
}

const codeOf = ({ status, body }: Reply) => (status < 400 ? 'signed-in' : body['code'])

describe('an answer to a challenge', () => {
  it('that is right signs in, so that the refusals below are about what they say', async () => {
    const { answer, cookie } = await rightAnswer()
    expect(codeOf(await post(JSON.stringify(answer), cookie))).toBe('signed-in')
  })

  const text = (change: (answer: Answer) => unknown) => (answer: Answer) => JSON.stringify(change(answer))
  const fields = ['fmt', 'cid', 'unverifiedCertificate', 'alg', 'signature', 'deviceId'] as const

  it.each(fields)('without %s is refused', async (field) => {
    const { answer, cookie } = await rightAnswer()
    const { [field]: _, ...rest } = answer
    expect(codeOf(await post(JSON.stringify(rest), cookie))).toBe('request-malformed')
  })

  it.each(fields)('with %s null, a number, a list or an object is refused', async (field) => {
    const { answer, cookie } = await rightAnswer()
    for (const wrong of [null, 0, [answer[field]], { value: answer[field] }, true]) expect(codeOf(await post(JSON.stringify({ ...answer, [field]: wrong }), cookie))).toBe('request-malformed')
  })

  it.each<[string, (answer: Answer) => string, string]>([
    ['that is null', () => 'null', 'request-malformed'],
    ['that is nothing', () => '', 'request-malformed'],
    ['that is no JSON', () => 'cid=1&alg=ES256', 'request-malformed'],
    ['in a list', text((answer) => [answer]), 'request-malformed'],
    ['as text', text((answer) => JSON.stringify(answer)), 'request-malformed'],
    ['with a field more', text((answer) => ({ ...answer, audience: 'https://evil.test' })), 'request-malformed'],
    ['with the nonce it claims to have signed', text((answer) => ({ ...answer, nonce: 'A'.repeat(43) })), 'request-malformed'],
    ['with a chain of its own', text((answer) => ({ ...answer, chain: [answer.unverifiedCertificate] })), 'request-malformed'],
    ['with a prototype', (answer) => `${JSON.stringify(answer).slice(0, -1)},"__proto__":{"alg":"none"}}`, 'request-malformed'],
    ['that names its algorithm twice, the false one last', (answer) => `${JSON.stringify(answer).slice(0, -1)},"alg":"none"}`, 'ca-algorithm-unsupported'],
    ['that names its device twice, the false one last', (answer) => `${JSON.stringify(answer).slice(0, -1)},"deviceId":"${newDeviceId()}"}`, 'challenge-wrong-device'],
    ['nested deep', (answer) => `${'{"a":'.repeat(2_000)}${JSON.stringify(answer)}${'}'.repeat(2_000)}`, 'request-malformed'],
    ['longer than 16 KB', (answer) => JSON.stringify(answer) + ' '.repeat(16 * 1024), 'request-too-large'],
    ['cut short', (answer) => JSON.stringify(answer).slice(0, -1), 'request-malformed'],
    ['with something after it', (answer) => `${JSON.stringify(answer)}x`, 'request-malformed'],
  ])('%s is refused', async (_how, make, code) => {
    const { answer, cookie } = await rightAnswer()
    expect(codeOf(await post(make(answer), cookie))).toBe(code)
  })

  it.each<[string, (base64url: string) => string]>([
    ['in base64 with + and /', (given) => Buffer.from(given, 'base64url').toString('base64')],
    ['with padding', (given) => `${given}==`],
    ['with a line break', (given) => `${given.slice(0, 64)}\n${given.slice(64)}`],
    ['with a blank before it', (given) => ` ${given}`],
    ['with a letter that is none of the alphabet', (given) => `${given.slice(0, -1)}Ａ`],
    ['as PEM', (given) => `-----BEGIN CERTIFICATE-----\n${Buffer.from(given, 'base64url').toString('base64')}\n-----END CERTIFICATE-----`],
  ])('whose certificate or signature is %s is refused', async (_how, change) => {
    for (const field of ['unverifiedCertificate', 'signature'] as const) {
      const { answer, cookie } = await rightAnswer()
      expect(codeOf(await post(JSON.stringify({ ...answer, [field]: change(answer[field]) }), cookie)), field).toBe('request-malformed')
    }
  })

  it.each([['x-forwarded-host', 'evil.test'], ['host', 'evil.test'], ['origin', 'https://evil.test'], ['forwarded', 'host=evil.test']])('is held against the audience that the operator set, whatever %s says', async (header, value) => {
    const { answer, cookie } = await rightAnswer()
    expect(codeOf(await post(JSON.stringify(answer), cookie, { [header]: value }))).toBe('signed-in')
    const deviceId = newDeviceId()
    const { cid, nonce, cookie: second } = await challenge(deviceId)
    const evil = signedStatementText({ audience: 'https://evil.test', cid, nonce, deviceId, purpose: 'login', certificateSha256: sha256(lock.der), alg: 'ES256' })
    expect(codeOf(await post(JSON.stringify({ ...answer, cid, deviceId, signature: await signText(evil, lock.keys) }), second, { [header]: value }))).toBe('ca-signature-invalid')
  })
})

describe('challenges', () => {
  const openOf = async (deviceId: string) => (await central.db.selectFrom('ca_challenge').select('cid').where('device_id', '=', deviceId).execute()).length

  it('asked for a hundred times by one device leave five open at most', async () => {
    const deviceId = newDeviceId()
    for (let round = 0; round < 100; round++) await challenge(deviceId)
    expect(await openOf(deviceId)).toBe(5)
  })

  it('that a stranger asks for in a device\'s name do not let him answer one of its own', async () => {
    const deviceId = newDeviceId()
    const { answer } = await rightAnswer(lock, deviceId)
    const strangers = await challenge(deviceId)
    expect(codeOf(await post(JSON.stringify(answer), strangers.cookie))).toBe('challenge-wrong-device')
  })

  it('that have run out are gone with the next one, whoever asks', async () => {
    const deviceId = newDeviceId()
    await challenge(deviceId)
    central.clock.pass(121)
    await challenge(newDeviceId())
    expect(await openOf(deviceId)).toBe(0)
  })

  it('are never the same twice, and neither is their cookie', async () => {
    const given = await Promise.all(Array.from({ length: 200 }, () => challenge(newDeviceId())))
    for (const part of ['cid', 'nonce', 'cookie'] as const) expect(new Set(given.map((one) => one[part])).size).toBe(200)
  })

  it('do not lie in the database with the cookie that answers them', async () => {
    const { cookie } = await challenge(newDeviceId())
    expect(JSON.stringify(await central.db.selectFrom('ca_challenge').selectAll().execute())).not.toContain(cookie.split('=')[1])
  })
})

describe('the unit that a lock opens', () => {
  const tryLock = async (key: Lock) => {
    const { answer, cookie } = await rightAnswer(key)
    return post(JSON.stringify(answer), cookie)
  }

  it('is the one it is bound to, though the certificate names another in every text people read', async () => {
    const other = await central.addUnit('被冒名的公司')
    const key = await issue(unit.creditCode, central.ca, { name: [{ O: ['被冒名的公司'] }, { CN: [`${codeOid}=${other.creditCode}`] }, { OU: [other.creditCode] }] })
    expect((await tryLock(key)).body).toMatchObject({ organization: { id: unit.id } })
  })

  it('is none where the code is only in the CN', async () => {
    expect(codeOf(await tryLock(await issue('', central.ca, { name: [{ CN: [unit.creditCode] }], more: [] })))).toBe('ca-not-bound')
  })

  it('is none for a code that differs in one letter, or that stands in it', async () => {
    const near = [`${unit.creditCode}1`, unit.creditCode.slice(0, -1), `0${unit.creditCode}`]
    for (const code of near) expect(codeOf(await tryLock(await issue(code))), code).toBe('ca-not-bound')
  })

  it('is each time its own, where two CAs gave one code to two units', async () => {
    const other = await central.addUnit('同码公司')
    const secondCa = await makeAuthority({ pathLength: 0, name: [{ O: ['Second CA'] }, { CN: ['Intermediate'] }] }, central.root)
    const theirs = await issue(unit.creditCode, secondCa)
    await bind(theirs, unit.creditCode, other.accountId)
    // Not pinned: its word does not count, bound or not.
    expect(codeOf(await tryLock(theirs))).toBe('ca-chain-untrusted')
    expect((await tryLock(lock)).body).toMatchObject({ organization: { id: unit.id } })
  })

  it('is closed while every account of the company is disabled, and opens again with them', async () => {
    const closed = await central.addUnit('停用公司')
    const key = await issue(closed.creditCode)
    await bind(key, closed.creditCode, closed.accountId)
    await setAccountDisabled(central.db, closed.accountId, central.clock.now())
    expect(codeOf(await tryLock(key))).toBe('account-disabled')
    await setAccountDisabled(central.db, closed.accountId, null)
    expect(codeOf(await tryLock(key))).toBe('signed-in')
  })

  it('is not made by trying: nobody bound leaves no account, no unit and no session', async () => {
    const count = async () => Promise.all((['account', 'organization', 'session', 'certificate_binding'] as const).map(async (table) => (await central.db.selectFrom(table).selectAll().execute()).length))
    const before = await count()
    expect(codeOf(await tryLock(await issue('91310000MA1FL0ZZ0Z')))).toBe('ca-not-bound')
    expect(await count()).toEqual(before)
  })
})
