import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readCertificate } from '../../../central/auth/ca/certificate.ts'
import { bindCertificate } from '../../../central/auth/certificate-bindings.repository.ts'
import { caLoginFormat, signedStatementText, submissionPurpose } from '../../../shared/domain/ca-login-bytes.ts'
import { canonicalJson } from '../../../shared/domain/canonical-json.ts'
import { makeLeaf, signText, textExtension } from '../../support/certificates.ts'
import { backends, startBackend, type Backend } from '../../support/central-backends.ts'
import { audience, newKey, sha256, startCentral, type Central, type Clerk, type Reply, type Unit } from '../../support/central-service.ts'
import { personValues } from '../../support/people.ts'

type Lock = Awaited<ReturnType<typeof makeLeaf>>

describe.each(backends)('submissions where the operator wants each signed, on %s', (name) => {
  let backend: Backend
  let central: Central
  let clerk: Clerk & { unit: Unit }
  let lock: Lock
  let people = 0
  beforeAll(async () => {
    backend = await startBackend(name)
    central = await startCentral(await backend.newLocation(), { submitNeedsSignature: true })
    clerk = await central.newClerk()
    lock = await boundLock(clerk.unit)
  })
  afterAll(async () => {
    await central?.close()
    await backend?.stop()
  })

  async function boundLock(unit: Unit): Promise<Lock> {
    const key = await makeLeaf(central.ca, { more: [textExtension('1.2.156.10260.4.1.4', unit.creditCode)] })
    await bindCertificate(central.db, { issuer: readCertificate(key.der).issuerText, companyCode: unit.creditCode }, unit.accountId, central.clock.now())
    return key
  }

  const create = () => ({ kind: 'create', opId: newKey(), registration: { id: newKey(), personType: 'manager', values: personValues(++people) } })

  interface Changes {
    key?: Lock
    signed?: unknown
    purpose?: string
    cookie?: string
  }
  async function prove(operations: unknown, { key = lock, signed = operations, purpose, cookie }: Changes = {}) {
    const challenge = await central.send('createChallenge', { body: { deviceId: clerk.deviceId } })
    const [cid, nonce] = [String(challenge.body['cid']), String(challenge.body['nonce'])]
    const statement = {
      audience, cid, nonce, deviceId: clerk.deviceId, purpose: purpose ?? submissionPurpose(sha256(Buffer.from(canonicalJson(signed)))),
      certificateSha256: sha256(key.der), alg: 'ES256' as const,
    }
    const proof = { fmt: caLoginFormat, cid, alg: 'ES256', unverifiedCertificate: key.der.toString('base64url'), signature: await signText(signedStatementText(statement), key.keys) }
    return { proof, cookie: cookie ?? String(challenge.headers['set-cookie']).split(';')[0] ?? '' }
  }
  const submit = async (operations: unknown[], changes: Changes = {}): Promise<Reply> => clerk.push(operations, await prove(operations, changes))
  const registered = async () => (await central.db.selectFrom('registration').select('id').execute()).length

  it('are written with the signature of the unit\'s lock, and the audit can show it later', async () => {
    const operations = [create(), create()]
    const reply = await submit(operations)
    expect(reply).toMatchObject({ status: 200, body: { results: [{ outcome: 'applied' }, { outcome: 'applied' }] } })
    const event = await central.db.selectFrom('audit_event').selectAll().where('kind', '=', 'submission-signed').executeTakeFirstOrThrow()
    expect(event).toMatchObject({ organization_id: clerk.unit.id, account_id: clerk.unit.accountId, device_id: clerk.deviceId })
    const { cid, nonce, alg, certificateSha256, payloadSha256, signature, operations: keys } = JSON.parse(event.details_json) as Record<string, string>
    expect(keys).toBe(operations.map(({ opId }) => opId).join(' '))
    expect([payloadSha256, certificateSha256]).toEqual([sha256(Buffer.from(canonicalJson(operations))), sha256(lock.der)])
    const text = signedStatementText({ audience, cid: cid ?? '', nonce: nonce ?? '', deviceId: clerk.deviceId, purpose: `submit:${payloadSha256}`, certificateSha256: certificateSha256 ?? '', alg: alg as 'ES256' })
    const verified = await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, lock.keys.publicKey, Buffer.from(signature ?? '', 'base64url'), Buffer.from(text))
    expect(verified).toBe(true)
  })

  it('are refused without one, by the sync as by each single route, and nothing is written', async () => {
    const before = await registered()
    expect(await clerk.push([create()])).toMatchObject({ status: 403, body: { code: 'submission-not-signed' } })
    expect(await clerk.register(++people)).toMatchObject({ status: 403, body: { code: 'submission-not-signed' } })
    const id = newKey()
    const changes = { params: { id }, headers: { 'if-match': '"1"' } }
    expect((await clerk.call('patchRegistration', { ...changes, body: { changes: { name: '王五' } } })).body['code']).toBe('submission-not-signed')
    expect((await clerk.call('withdrawRegistration', changes)).body['code']).toBe('submission-not-signed')
    expect(await registered()).toBe(before)
  })

  it('are refused where the signature is one of something else, and nothing is written', async () => {
    const before = await registered()
    const operations = [create()]
    const stranger = await central.newClerk('乙修缮有限公司')
    const unbound = await makeLeaf(central.ca, { more: [textExtension('1.2.156.10260.4.1.4', '913100000000000000')] })
    const refusals = {
      'other content': await submit(operations, { signed: [create()] }),
      'a sign-in': await submit(operations, { purpose: 'login' }),
      'another connection': await submit(operations, { cookie: 'ca-connection=x' }),
      'a lock of another unit': await submit(operations, { key: await boundLock(stranger.unit) }),
      'a lock that is not bound': await submit(operations, { key: unbound }),
    }
    expect(Object.fromEntries(Object.entries(refusals).map(([what, reply]) => [what, reply.body['code']]))).toEqual({
      'other content': 'ca-signature-invalid',
      'a sign-in': 'ca-signature-invalid',
      'another connection': 'challenge-wrong-device',
      'a lock of another unit': 'ca-not-bound',
      'a lock that is not bound': 'ca-not-bound',
    })
    expect(await registered()).toBe(before)
  })

  it('are written once where a reply was lost and they come again under a new signature; an old one serves no second time', async () => {
    const operations = [create()]
    const first = await prove(operations)
    const [once, replayed] = [await clerk.push(operations, first), await clerk.push(operations, first)]
    expect(replayed.body['code']).toBe('challenge-unknown')
    const again = await submit(operations)
    expect(again.body['results']).toEqual(once.body['results'])
  })

  it('a signature over operations signs no sign-in', async () => {
    const { proof, cookie } = await prove([create()])
    const reply = await central.send('signInWithCaKey', { body: { ...proof, deviceId: clerk.deviceId }, headers: { cookie } })
    expect(reply).toMatchObject({ status: 401, body: { code: 'ca-signature-invalid' } })
  })

  it('where the operator wants none, one that comes along is neither needed nor looked at', async () => {
    const open = await startCentral(await backend.newLocation())
    const colleague = await open.newClerk()
    const operations = [create()]
    const { proof } = await prove(operations)
    expect(await colleague.push(operations, { proof })).toMatchObject({ status: 200, body: { results: [{ outcome: 'applied' }] } })
    await open.close()
  })
})
