import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { readCertificate } from '../../central/auth/ca/certificate.ts'
import { bindCertificate } from '../../central/auth/certificate-bindings.repository.ts'
import { openSession } from '../../central/auth/session.ts'
import { disableAccount, enableAccount, resetPassword, unbind } from '../../central/operator/access-operations.ts'
import { makeLeaf, textExtension } from '../support/certificates.ts'
import { backends, startBackend, type Backend } from '../support/central-backends.ts'
import { newDeviceId, nextCreditCode, password, recoveryPublicKey, startCentral, type Central, type Clerk, type Reply, type Unit } from '../support/central-service.ts'
import { install, type Installation } from '../support/central-program.ts'

describe.each(backends)('a session on %s', (name) => {
  let backend: Backend
  let central: Central
  let clerk: Clerk & { unit: Unit }
  beforeAll(async () => {
    backend = await startBackend(name)
    central = await startCentral(await backend.newLocation())
  })
  afterAll(async () => {
    await central?.close()
    await backend?.stop()
  })
  beforeEach(async () => void (clerk = await central.newClerk()))

  const codeOf = async (who: { call(route: 'readOrganization'): Promise<Reply> }) => {
    const { status, body } = await who.call('readOrganization')
    return status === 200 ? 'ok' : body['code']
  }
  const auditOf = async (organizationId: string) =>
    (await central.db.selectFrom('audit_event').select(['kind', 'account_id', 'details_json']).where('organization_id', '=', organizationId).orderBy('at').execute()).at(-1)
  const signInWith = async (typed: string) => (await central.send('signInWithPassword', { body: { username: clerk.username, password: typed, deviceId: newDeviceId() } }))

  it('ends after half an hour without a request, and a request before that keeps it', async () => {
    central.clock.pass(29 * 60)
    expect(await codeOf(clerk)).toBe('ok')
    central.clock.pass(29 * 60)
    expect(await codeOf(clerk)).toBe('ok')
    central.clock.pass(30 * 60)
    expect(await codeOf(clerk)).toBe('session-expired')
  })

  it('ends after twelve hours however busy it is, and says when it will', async () => {
    const { body } = await clerk.call('readSession')
    expect(Date.parse(String(body['expiresAt'])) - central.clock.at).toBe(12 * 3600 * 1000)
    for (let quarter = 1; quarter < 48; quarter++) {
      central.clock.pass(15 * 60)
      expect(await codeOf(clerk), `after ${quarter} quarters`).toBe('ok')
    }
    central.clock.pass(15 * 60)
    expect(await codeOf(clerk)).toBe('session-expired')
  })

  it('that is suspended answers nothing, its own end included, and does not outlive its hours', async () => {
    await clerk.call('suspendSession')
    for (const route of ['suspendSession', 'endSession', 'readSession'] as const) expect((await clerk.call(route)).body['code']).toBe('session-suspended')
    const other = await central.signIn(clerk.username)
    central.clock.pass(13 * 3600)
    expect(await codeOf(other)).toBe('session-expired')
  })

  it('ends on every device when its account is disabled, with an answer that tells no more than to anybody; it stays ended when that is taken back', async () => {
    const elsewhere = await central.signIn(clerk.username)
    await disableAccount(central.context, clerk.unit.accountId)
    expect(await auditOf(clerk.unit.id)).toMatchObject({ kind: 'account-disabled', account_id: clerk.unit.accountId, details_json: '{}' })
    expect([await codeOf(clerk), await codeOf(elsewhere)]).toEqual(['session-missing', 'session-missing'])
    expect((await signInWith(password)).body['code']).toBe('account-disabled')
    await enableAccount(central.context, clerk.unit.accountId)
    expect(await codeOf(clerk)).toBe('session-missing')
    expect((await signInWith(password)).status).toBe(201)
  })

  it('ends on every device when the operator resets the password; the old one opens nothing, the new one does', async () => {
    const elsewhere = await central.signIn(clerk.username)
    await resetPassword(central.context, clerk.unit.accountId, '新的密码-20261125')
    expect([await codeOf(clerk), await codeOf(elsewhere)]).toEqual(['session-password-changed', 'session-password-changed'])
    expect((await signInWith(password)).body['code']).toBe('sign-in-failed')
    expect((await signInWith('新的密码-20261125')).status).toBe(201)
    const events = await central.db.selectFrom('audit_event').selectAll().where('organization_id', '=', clerk.unit.id).execute()
    expect(events.map(({ kind }) => kind)).toContain('password-reset')
    expect(JSON.stringify(events)).not.toContain('新的密码')
  })

  it('of a CA lock ends when the lock is unbound, and those of a password go on', async () => {
    const codeOid = '1.2.156.10260.4.1.4'
    const lock = await makeLeaf(central.ca, { more: [textExtension(codeOid, clerk.unit.creditCode)] })
    const { issuerText: issuer, fingerprint, notAfter } = readCertificate(lock.der)
    const identity = { issuer, companyCode: clerk.unit.creditCode }
    await bindCertificate(central.db, identity, clerk.unit.accountId, central.clock.now())
    const binding = await central.db.selectFrom('certificate_binding').select('id').where('company_code', '=', clerk.unit.creditCode).executeTakeFirstOrThrow()
    await central.db.insertInto('bound_certificate').values({ binding_id: binding.id, fingerprint, not_after: notAfter.toISOString(), first_seen_at: central.clock.now().toISOString() }).execute()
    const account = await central.db.selectFrom('account').selectAll().where('id', '=', clerk.unit.accountId).executeTakeFirstOrThrow()
    const deviceId = newDeviceId()
    const { token } = await openSession({ ...central.context, auth: {} as never }, { account, deviceId, way: 'ca-key', certificate: { fingerprint, notAfter } })
    const byLock = { call: (route: 'readOrganization') => central.send(route, { headers: { 'authorization': `Bearer ${token}`, 'device-id': deviceId } }) }
    expect(await codeOf(byLock)).toBe('ok')
    await unbind(central.context, identity)
    expect([await codeOf(byLock), await codeOf(clerk)]).toEqual(['session-missing', 'ok'])
    expect(await auditOf(clerk.unit.id)).toMatchObject({ kind: 'certificate-unbound' })
    await expect(unbind(central.context, identity)).rejects.toThrow('该证书没有绑定任何单位。')
  })

  it('goes on where the operator names no account there is, or a password that is too short', async () => {
    const nobody = '018f0000-0000-7000-8000-00000000dead'
    const attempts = [() => disableAccount(central.context, nobody), () => enableAccount(central.context, nobody), () => resetPassword(central.context, nobody, password)]
    for (const attempt of attempts) await expect(attempt()).rejects.toThrow('没有这个账号。')
    await expect(resetPassword(central.context, clerk.unit.accountId, 'short')).rejects.toThrow('新密码太短，应为8至200个字。')
    expect(await codeOf(clerk)).toBe('ok')
  })
})

describe('the operator\'s commands', () => {
  let folder: string
  let installation: Installation
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'operator-'))
    installation = await install({ kind: 'sqlite', path: '' })
  })
  afterAll(() => {
    installation?.remove()
    rmSync(folder, { recursive: true })
  })

  it('for what somebody gets in with say in one line what is wrong, and never what was typed', async () => {
    writeFileSync(join(folder, 'garbage.pem'), 'garbage')
    const nobody = '018f0000-0000-7000-8000-00000000dead'
    const refused = await Promise.all([
      installation.operate(['password', '--account', nobody], '键入的新密码-1'),
      installation.operate(['password', '--account', nobody], '短'),
      installation.operate(['disable', '--account', nobody]),
      installation.operate(['unbind', '--certificate', join(folder, 'garbage.pem')]),
      installation.operate(['disable']),
    ])
    expect(refused.map(({ code }) => code)).toEqual([1, 1, 1, 1, 1])
    for (const { out, err } of refused) expect([out, err]).toEqual(['', expect.stringMatching(/^[^\n]*[\u4e00-\u9fff][^\n]*$/)])
    expect(refused.map(({ err }) => err).slice(0, 3)).toEqual(['没有这个账号。', '没有这个账号。', '没有这个账号。'])
    expect(JSON.stringify(refused)).not.toContain('键入的')
  })

  it('add a key, seal anew with it and go through the audit, each with one line of what came of it', async () => {
    const file = join(folder, 'recovery.pem')
    writeFileSync(file, recoveryPublicKey)
    const unit = { 'name': '甲公司', 'kind': 'contractor', 'credit-code': nextCreditCode(), 'address': '某路1号', 'contact-name': '某人', 'contact-phone': '021-12345678', 'recovery-key': file }
    expect((await installation.operate(['organization', ...Object.entries(unit).flatMap(([option, value]) => [`--${option}`, value])])).code).toBe(0)
    expect(await installation.operate(['new-key'])).toMatchObject({ code: 0, out: expect.stringMatching(/^k2\n/) as unknown })
    expect(await installation.operate(['reseal'])).toMatchObject({ code: 0, out: '已重新加密1项' })
    const ends = join(folder, 'ends.json')
    expect(await installation.operate(['audit', '--ends', ends])).toMatchObject({ code: 0, out: '审计记录完整：1条链，共1条' })
    expect(await installation.operate(['audit', '--against', ends])).toMatchObject({ code: 0 })
    expect(await installation.operate(['audit', '--against', file])).toMatchObject({ code: 1, err: '--against：不是用 --ends 另存的文件。' })
  })
})
