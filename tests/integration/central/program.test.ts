import { randomUUID, webcrypto } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCentralClient } from '../../../electron/host/central/central-client.ts'
import { signedStatementText } from '../../../shared/domain/ca-login-bytes.ts'
import { backends, startBackend, type Backend } from '../../support/central-backends.ts'
import { install, type Installation } from '../../support/central-program.ts'
import { newDeviceId, newKey, nextCreditCode, password, recoveryPublicKey, sha256 } from '../../support/central-service.ts'
import { openDemoCa } from '../../../build/demo/demo-ca.ts'
import { signText } from '../../support/certificates.ts'
import { personValues } from '../../support/people.ts'

const p256 = { name: 'ECDSA', namedCurve: 'P-256' }

describe.each(backends)('the program of the central service on %s', (name) => {
  let backend: Backend
  let installation: Installation
  const creditCode = nextCreditCode()
  let organization: string
  let account: string
  beforeAll(async () => {
    backend = await startBackend(name)
    installation = await install(await backend.newLocation())
    writeFileSync(join(installation.folder, 'recovery.pem'), recoveryPublicKey)
    writeFileSync(join(installation.folder, 'garbage.pem'), 'garbage')
  })
  afterAll(async () => {
    installation?.remove()
    await backend?.stop()
  })

  const organizationArgs = (changes: Record<string, string> = {}) => {
    const given = { 'name': '甲修缮有限公司', 'kind': 'contractor', 'credit-code': creditCode, 'address': '示例路1号', 'contact-name': '张三', 'contact-phone': '021-00000000', 'recovery-key': join(installation.folder, 'recovery.pem'), ...changes }
    return ['organization', ...Object.entries(given).flatMap(([option, value]) => [`--${option}`, value])]
  }
  const config = (centralUrl: string, centralCa: string) => ({ centralUrl, centralCa, allowPlainHttp: false, tokenDriver: null })
  const client = (url: string, centralCa: string, deviceId: string) => createCentralClient(config(url, centralCa), () => deviceId)
  /** The operator's setting and the workstation's are one address, so its port is chosen beforehand. */
  const startAt = async (more: Readonly<Record<string, string>> = {}) => {
    const probe = createServer().listen(0, '127.0.0.1')
    await once(probe, 'listening')
    const { port } = probe.address() as AddressInfo
    probe.close()
    await once(probe, 'close')
    return installation.start({ CENTRAL_PORT: String(port), CENTRAL_AUDIENCE: `https://127.0.0.1:${port}`, ...more })
  }

  it('lets the operator make a unit, an account, and bind a CA lock to it', async () => {
    const made = await installation.operate(organizationArgs())
    expect(made).toMatchObject({ code: 0, err: '' })
    organization = made.out
    const clerk = await installation.operate(['account', '--organization', organization, '--username', 'zhang.san', '--display-name', '张三', '--role', 'clerk'], `${password}\n`)
    expect(clerk).toMatchObject({ code: 0, err: '' })
    account = clerk.out
    const keys = await webcrypto.subtle.generateKey(p256, true, ['sign', 'verify'])
    const der = await installation.ca.issueSigningCertificate({ publicKeySpki: new Uint8Array(await webcrypto.subtle.exportKey('spki', keys.publicKey)), company: '甲修缮有限公司', organizationCode: creditCode })
    writeFileSync(join(installation.folder, 'lock.der'), der)
    expect(await installation.operate(['bind', '--certificate', join(installation.folder, 'lock.der'), '--account', account])).toMatchObject({ code: 0, out: expect.stringContaining(creditCode) as string })
    lock = { der, keys: keys as unknown as CryptoKeyPair }
  })
  let lock: { der: Uint8Array; keys: CryptoKeyPair }

  it('tells the operator in one Chinese line what is wrong', async () => {
    const wrongCode = `${creditCode.slice(0, 17)}${creditCode.endsWith('0') ? '1' : '0'}`
    const account7 = (changes: string[], typed = password) => installation.operate(['account', '--organization', organization, '--username', 'li.si', '--display-name', '李四', '--role', 'clerk', ...changes], typed)
    const refusals = await Promise.all([
      installation.operate(organizationArgs({ 'credit-code': wrongCode })),
      installation.operate(organizationArgs()),
      installation.operate(organizationArgs({ 'kind': 'shop' })),
      installation.operate(organizationArgs({ 'credit-code': nextCreditCode(), 'recovery-key': join(installation.folder, 'garbage.pem') })),
      installation.operate(organizationArgs({ 'recovery-key': '/nowhere.pem' })),
      account7(['--username', 'Zhang.San']),
      account7(['--organization', randomUUID()]),
      account7([], 'short'),
      account7(['--role', 'boss']),
      installation.operate(['bind', '--certificate', join(installation.folder, 'garbage.pem'), '--account', account]),
      installation.operate(['review', '--registration', randomUUID(), '--approve']),
    ])
    for (const { code, out, err } of refusals) {
      expect(code, err).toBe(1)
      expect(out).toBe('')
      expect(err).toMatch(/^[^\n]*[\u4e00-\u9fff][^\n]*$/)
    }
    expect(refusals[0]?.err).toBe('统一社会信用代码不正确，请核对。')
    expect((await installation.operate(['nothing'])).err).toContain('用法')
  })

  it('serves workstations over https with the certificate of the CA they pin, from the CA lock to the pull', async () => {
    const service = await startAt({ CENTRAL_APPROVES_AUTOMATICALLY: '0' })
    const deviceId = newDeviceId()
    const central = client(service.url, installation.ca.rootPem, deviceId)
    try {
      const { cid, nonce } = await central.createChallenge(deviceId)
      const text = signedStatementText({ audience: central.audience, cid, nonce, deviceId, purpose: 'login', certificateSha256: sha256(lock.der), alg: 'ES256' })
      const proof = { cid, unverifiedCertificate: Buffer.from(lock.der).toString('base64url'), alg: 'ES256' as const, signature: await signText(text, lock.keys), deviceId }
      const session = await central.signInWithCaKey(proof)
      if (session.outcome !== 'signed-in') throw new Error(session.outcome)
      expect(session).toMatchObject({ way: 'ca-key', account: { id: account, username: 'zhang.san' }, organization: { id: organization, creditCode } })
      central.useSession(session.token)
      const id = randomUUID()
      const { results } = await central.push([{ kind: 'create', opId: newKey(), registration: { id, personType: 'manager', values: personValues(1) } }])
      expect(results[0]).toMatchObject({ outcome: 'applied' })
      expect((await central.checkIdCardNo(personValues(1).idCardNo))).toEqual({ outcome: 'here', registrationId: id })
      expect(await installation.operate(['review', '--registration', id, '--return', '请补充职称'])).toMatchObject({ code: 0 })
      const page = await central.pull({ after: 0, epoch: session.epoch, limit: 100 })
      expect(page.items.map(({ kind }) => kind)).toEqual(['organization', 'registration'])
      expect(page.items[1]).toMatchObject({ registration: { id, status: 'refused', reviewComment: '请补充职称', values: personValues(1) } })
      await central.endSession()
      await expect(central.readOrganization()).rejects.toMatchObject({ code: 'session-missing' })
    } finally {
      central.close()
      expect(await service.stop()).toBe(0)
    }
  })

  it('is not spoken to by a workstation that pins another CA, nor without encryption', async () => {
    const service = await startAt()
    const other = await openDemoCa(join(installation.folder, 'other-ca'))
    const stranger = client(service.url, other.rootPem, newDeviceId())
    await expect(stranger.createChallenge(newDeviceId())).rejects.toMatchObject({ code: 'central-not-trusted' })
    stranger.close()
    await expect(fetch(service.url.replace('https:', 'http:'))).rejects.toThrow()
    expect(await service.stop()).toBe(0)
  })

  it('keeps its data over a restart, and begins another epoch where the operator says so', async () => {
    const epochs: string[] = []
    for (const restored of [false, false, true]) {
      if (restored) expect((await installation.operate(['new-epoch'])).code).toBe(0)
      const service = await startAt()
      const central = client(service.url, installation.ca.rootPem, 'device-of-the-restart')
      const session = await central.signInWithPassword({ username: 'zhang.san', password, deviceId: 'device-of-the-restart' })
      epochs.push(session.epoch)
      central.useSession(session.token)
      expect((await central.pull({ after: 0, epoch: null, limit: 100 })).items).toHaveLength(2)
      central.close()
      await service.stop()
    }
    expect(epochs[1]).toBe(epochs[0])
    expect(epochs[2]).not.toBe(epochs[0])
  })

  it('approves what is handed in by itself, unless the operator switches that off', async () => {
    const service = await startAt()
    const central = client(service.url, installation.ca.rootPem, 'device-of-the-switch')
    central.useSession((await central.signInWithPassword({ username: 'zhang.san', password, deviceId: 'device-of-the-switch' })).token)
    const { results } = await central.push([{ kind: 'create', opId: newKey(), registration: { id: randomUUID(), personType: 'manager', values: personValues(2) } }])
    expect(results).toMatchObject([{ outcome: 'applied', receipt: { status: 'active' } }])
    central.close()
    await service.stop()
  })

  it('lets the operator say who reviews, and whom', async () => {
    const implementer = (await installation.operate(organizationArgs({ 'name': '丙实施单位', 'kind': 'implementer', 'credit-code': nextCreditCode() }))).out
    const reviewer = (await installation.operate(['account', '--organization', implementer, '--username', 'chen.shi', '--display-name', '陈实', '--role', 'clerk'], `${password}\n`)).out
    expect(await installation.operate(['reviewer', '--account', reviewer])).toMatchObject({ code: 0, out: '该账号可以审核登记' })
    expect(await installation.operate(['review-scope', '--organization', implementer, '--of', organization])).toMatchObject({ code: 0, out: '已列入审核范围' })
    expect(await installation.operate(['feed-log'])).toMatchObject({ code: 0, out: '没有记录' })
    expect(await installation.operate(['feed-log', '--outcome', 'lost'])).toMatchObject({ code: 1 })
    expect(await installation.operate(['reviewer', '--account', account])).toMatchObject({ code: 1, err: '只有实施单位的账号可以审核登记。' })
    expect(await installation.operate(['reviewer', '--account', reviewer, '--remove'])).toMatchObject({ code: 0, out: '该账号不再审核登记' })
  })

  it('does not start on a taken port, with other keys, or with a wrong setting, and says so in a line', async () => {
    const service = await startAt()
    const failures = [{ CENTRAL_PORT: new URL(service.url).port }, { CENTRAL_KEYS: join(installation.folder, 'other-keys.json') }, { CENTRAL_AUDIENCE: 'nonsense' }]
    for (const [index, changes] of failures.entries()) {
      const said = await installation.start(changes).then(() => 'started', (error: unknown) => (error as Error).message.trim())
      expect(said).toMatch(new RegExp(`^${['CENTRAL_PORT', 'CENTRAL_KEYS', 'CENTRAL_AUDIENCE'][index]}：[^\n]*$`))
    }
    await service.stop()
  })
})
