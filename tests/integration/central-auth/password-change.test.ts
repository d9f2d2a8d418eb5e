import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openSession } from '../../../central/auth/session.ts'
import { hashPassword, verifyPassword } from '../../../central/auth/passwords.ts'
import { resetPassword, disableAccount } from '../../../central/operator/access-operations.ts'
import { createAccount } from '../../../central/operator/operations.ts'
import { backends, startBackend, type Backend } from '../../support/central-backends.ts'
import { newDeviceId, password, startCentral, type Central, type Clerk, type Reply, type Unit } from '../../support/central-service.ts'

const newPassword = '自己的新密码-20261125'

describe.each(backends)('a clerk\'s own new password on %s', (name) => {
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
  beforeEach(async () => {
    await central.db.deleteFrom('sign_in_failure').execute()
    clerk = await central.newClerk()
  })

  const change = (body: { password: string; newPassword: string }, who: Clerk = clerk): Promise<Reply> => who.call('changePassword', { body })
  const signInWith = (typed: string) => central.send('signInWithPassword', { body: { username: clerk.username, password: typed, deviceId: newDeviceId() } })
  const codeOf = ({ status, body }: Reply) => (status < 300 ? 'ok' : body['code'])
  const events = async () => {
    const rows = await central.db.selectFrom('audit_event').selectAll().where('organization_id', '=', clerk.unit.id).orderBy('chain_position').execute()
    return rows.map(({ kind, account_id, device_id, details_json }) => ({ kind, account_id, device_id, details: JSON.parse(details_json) as unknown }))
  }

  it('is what opens the account from now on, hashed like every other; the old one opens nothing', async () => {
    expect((await change({ password, newPassword })).status).toBe(204)
    expect(codeOf(await signInWith(password))).toBe('sign-in-failed')
    expect((await signInWith(newPassword)).status).toBe(201)
    const { password_hash } = await central.db.selectFrom('account').select('password_hash').where('id', '=', clerk.unit.accountId).executeTakeFirstOrThrow()
    expect(password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
    expect(await verifyPassword(password_hash, newPassword)).toBe(true)
  })

  it('ends every other session of the account, and of no other; the one that asked goes on under its token', async () => {
    const elsewhere = await central.signIn(clerk.username)
    const colleague = await central.newClerk()
    expect((await change({ password, newPassword })).status).toBe(204)
    expect([codeOf(await clerk.call('readSession')), codeOf(await elsewhere.call('readSession')), codeOf(await colleague.call('readSession'))]).toEqual(['ok', 'session-password-changed', 'ok'])
  })

  it('is told of to the session that it ended and to nobody else: not to another device with its token, not to a try at the old one', async () => {
    const elsewhere = await central.signIn(clerk.username)
    await change({ password, newPassword })
    const told = await elsewhere.call('readSession')
    expect([told.status, told.body['code'], told.body['title']]).toEqual([401, 'session-password-changed', '密码已在其他电脑上修改或被管理员重设，请用新密码重新验证。已保存的草稿不会丢失。'])
    expect(codeOf(await elsewhere.call('endSession'))).toBe('session-password-changed')
    expect(codeOf(await central.send('readSession', { headers: { ...elsewhere.authorized, 'device-id': newDeviceId() } }))).toBe('session-missing')
    const [old, invented] = [await signInWith(password), await signInWith('没有过的密码-1')]
    expect([old.status, old.body['code'], old.body['title']]).toEqual([invented.status, invented.body['code'], invented.body['title']])
    expect([codeOf(old), codeOf(await central.send('signInWithPassword', { body: { username: clerk.username, password: newPassword, deviceId: elsewhere.deviceId } }))]).toEqual(['sign-in-failed', 'ok'])
  })

  it('of an account whose session it ended long ago says no more than of any', async () => {
    const elsewhere = await central.signIn(clerk.username)
    await change({ password, newPassword })
    central.clock.pass(37 * 3600)
    await signInWith(newPassword)
    expect(codeOf(await elsewhere.call('readSession'))).toBe('session-missing')
  })

  it('makes each other device that needed no password with the CA lock ask for it again; the one it was changed on has just been given it', async () => {
    const binding = { id: clerk.unit.id, issuer: clerk.unit.id, company_code: clerk.unit.creditCode, organization_id: clerk.unit.id, created_at: central.clock.now().toISOString() }
    await central.db.insertInto('certificate_binding').values(binding).execute()
    const proof = { binding_id: binding.id, account_id: clerk.unit.accountId, proven_at: binding.created_at }
    await central.db.insertInto('account_proof').values([clerk.deviceId, newDeviceId()].map((device_id) => ({ ...proof, device_id }))).execute()
    const proven = () => central.db.selectFrom('account_proof').select('device_id').where('account_id', '=', clerk.unit.accountId).execute()
    await change({ password, newPassword })
    expect(await proven()).toEqual([{ device_id: clerk.deviceId }])
    await resetPassword(central.context, clerk.unit.accountId, '管理员设的密码-1')
    expect(await proven()).toEqual([])
  })

  it('is told of in the audit, and a try with a wrong one too: who, where, how many sessions ended, no password', async () => {
    await central.signIn(clerk.username)
    await change({ password: '猜的密码-1', newPassword })
    await change({ password, newPassword })
    const whose = { account_id: clerk.unit.accountId, device_id: clerk.deviceId }
    expect((await events()).slice(-2)).toEqual([
      { kind: 'password-change-refused', ...whose, details: { code: 'password-wrong' } },
      { kind: 'password-changed', ...whose, details: { endedSessions: 1 } },
    ])
    expect(JSON.stringify(await events())).not.toMatch(/密码-/)
  })

  it.each([
    ['is too short', 'seven-7', 'password-too-short', '新密码太短，应为8至200个字。'],
    ['is too long', 'x'.repeat(201), 'password-too-long', '新密码太长，应为8至200个字。'],
    ['is only blanks', '        ', 'password-blank-ends', '新密码的开头和结尾不能是空格，也不能全是空格，请去掉空格后再试。'],
    ['is one letter again and again', 'xxxxxxxx', 'password-repeats', '新密码不能只是同样的几个字反复，请混用不同的字母、数字或汉字。'],
    ['is a plain run', '12345678', 'password-runs', '新密码不能是连着的数字、字母或键盘上相邻的键，请打乱后再设。'],
    ['everybody tries first', 'Password123', 'password-common', '新密码太常见，别人容易猜到，请另设一个只有您自己知道的。'],
    ['is the old one', password, 'password-unchanged', '新密码与原密码相同，请另设一个。'],
  ])('that %s is refused in a sentence, and everything stays', async (_what, wrong, code, sentence) => {
    const elsewhere = await central.signIn(clerk.username)
    const reply = await change({ password, newPassword: wrong })
    expect([reply.status, reply.body['code'], reply.body['title']]).toEqual([422, code, sentence])
    expect([codeOf(await elsewhere.call('readSession')), (await signInWith(password)).status]).toEqual(['ok', 201])
  })

  it('that holds the own user name is refused, and the colleague may have it', async () => {
    const named = `${clerk.username.toUpperCase()}-1`
    expect(codeOf(await change({ password, newPassword: named }))).toBe('password-has-username')
    expect(codeOf(await change({ password, newPassword: named }, await central.newClerk()))).toBe('ok')
  })

  it('of an account made or reset by the operator follows the same rule', async () => {
    const { organizationId, username } = { organizationId: clerk.unit.id, username: `li-${newDeviceId()}` }
    const make = (typed: string) => createAccount(central.context, { organizationId, username, displayName: '李强', role: 'clerk', password: typed })
    await expect(make(username)).rejects.toThrow('新密码不能与用户名相同，也不能互相包含，请另设一个。')
    await expect(make('12345678')).rejects.toThrow('新密码不能是连着的数字')
    await expect(resetPassword(central.context, clerk.unit.accountId, clerk.username)).rejects.toThrow('新密码不能与用户名相同')
    await expect(resetPassword(central.context, clerk.unit.accountId, '        ')).rejects.toThrow('新密码的开头和结尾不能是空格')
    expect((await signInWith(password)).status).toBe(201)
  })

  it('that the rule would refuse today goes on signing in where it is set already', async () => {
    await central.db.updateTable('account').set({ password_hash: await hashPassword('12345678') }).where('id', '=', clerk.unit.accountId).execute()
    expect((await signInWith('12345678')).status).toBe(201)
    expect(codeOf(await change({ password: '12345678', newPassword }))).toBe('ok')
  })

  it('that is the old one written in other code points is the old one', async () => {
    const accented = 'Zoë-Müller-2026'
    expect((await change({ password, newPassword: accented.normalize('NFC') })).status).toBe(204)
    expect(codeOf(await change({ password: accented.normalize('NFC'), newPassword: accented.normalize('NFD') }))).toBe('password-unchanged')
    expect(codeOf(await change({ password: accented.normalize('NFD'), newPassword }))).toBe('ok')
  })

  it('of the shortest and the longest that the rule allows signs in', async () => {
    for (const [from, to] of [[password, 'gu-lou-7'], ['gu-lou-7', '自己设的密码'.repeat(33) + '-1']] as const) {
      expect((await change({ password: from, newPassword: to })).status).toBe(204)
      expect((await signInWith(to)).status).toBe(201)
    }
  })

  it('is refused with the wrong present one, and the tries wait with those of the sign-in, from either side', async () => {
    for (let time = 0; time < 3; time++) expect(codeOf(await change({ password: 'wrong', newPassword }))).toBe('password-wrong')
    for (let time = 0; time < 3; time++) expect(codeOf(await signInWith('wrong'))).toBe('sign-in-failed')
    const refused = await change({ password, newPassword })
    expect([refused.status, refused.body['code'], refused.headers['retry-after']]).toEqual([429, 'sign-in-too-often', '1'])
    expect(codeOf(await signInWith(password))).toBe('sign-in-too-often')
    central.clock.pass(1)
    expect(codeOf(await change({ password, newPassword }))).toBe('ok')
  })

  it('has one winner where two are set at once, and the other one opens nothing', async () => {
    const [one, two] = ['一号新密码-2026', '二号新密码-2026'] as const
    const outcomes = await Promise.all([change({ password, newPassword: one }), change({ password, newPassword: two })])
    expect(outcomes.map(codeOf).sort()).toEqual(['ok', 'password-wrong'])
    const [winner, loser] = codeOf(outcomes[0]) === 'ok' ? [one, two] : [two, one]
    expect([codeOf(await signInWith(winner)), codeOf(await signInWith(loser))]).toEqual(['ok', 'sign-in-failed'])
  })

  it.each([
    ['a sign-in that was proven by the old one', (central: Central, id: string) => central.db.updateTable('account').set({ password_hash: 'another' }).where('id', '=', id).execute()],
    ['a sign-in of an account disabled meanwhile', (central: Central, id: string) => disableAccount(central.context, id)],
  ])('lets nothing in that comes after it: %s opens no session', async (_what, meanwhile) => {
    const account = await central.db.selectFrom('account').selectAll().where('id', '=', clerk.unit.accountId).executeTakeFirstOrThrow()
    await meanwhile(central, account.id)
    const opening = openSession({ ...central.context, auth: {} as never }, { account, deviceId: newDeviceId(), way: 'password', certificate: null })
    await expect(opening).rejects.toMatchObject({ code: 'sign-in-failed' })
  })

  it('leaves no session that the old one has opened, however close together they come', async () => {
    for (let round = 0; round < 5; round++) {
      await central.db.deleteFrom('sign_in_failure').execute()
      const who = await central.newClerk()
      const deviceIds = Array.from({ length: 4 }, newDeviceId)
      const [changed, ...signedIn] = await Promise.all([
        change({ password, newPassword }, who),
        ...deviceIds.map((deviceId) => central.send('signInWithPassword', { body: { username: who.username, password, deviceId } })),
      ])
      expect(changed.status).toBe(204)
      const left = await central.db.selectFrom('session').select('device_id').where('account_id', '=', who.unit.accountId).where('ended_because', 'is', null).execute()
      expect(left, signedIn.map(({ status }) => status).join()).toEqual([{ device_id: who.deviceId }])
    }
  })

  it('is asked for after the operator has reset it, until the clerk has set one', async () => {
    const said = async (typed: string) => (await signInWith(typed)).body['passwordByOperator']
    expect(await said(password)).toBe(false)
    await resetPassword(central.context, clerk.unit.accountId, '管理员设的密码-1')
    expect([await said('管理员设的密码-1'), await said('管理员设的密码-1')]).toEqual([true, true])
    const { body } = await central.send('signInWithPassword', { body: { username: clerk.username, password: '管理员设的密码-1', deviceId: clerk.deviceId } })
    const headers = { 'authorization': `Bearer ${String(body['token'])}`, 'device-id': clerk.deviceId }
    expect((await central.send('changePassword', { body: { password: '管理员设的密码-1', newPassword }, headers })).status).toBe(204)
    expect(await said(newPassword)).toBe(false)
  })
})
