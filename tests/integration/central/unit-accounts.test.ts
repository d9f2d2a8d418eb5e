import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { verifyAuditChain } from '../../../central/audit/verify-chain.ts'
import { mostAccounts } from '../../../central/modules/accounts/accounts.service.ts'
import { disableAccount } from '../../../central/operator/access-operations.ts'
import type { UnitAccount } from '../../../shared/api/unit-resources.ts'
import { backends, startBackend, type Backend } from '../../support/central-backends.ts'
import { newDeviceId, newKey, password, startCentral, type Central, type Clerk, type Reply, type Unit } from '../../support/central-service.ts'

const initial = 'Muxu-hetao-7'

describe.each(backends)('accounts of a unit on %s', (name) => {
  let backend: Backend
  let central: Central
  let admin: Clerk & { unit: Unit }
  let clerk: Clerk
  let clerkId: string
  beforeAll(async () => {
    backend = await startBackend(name)
    central = await startCentral(await backend.newLocation())
  })
  beforeEach(async () => {
    admin = await central.newAdmin()
    const username = `clerk-${randomUUID()}`
    clerkId = await central.addAccount(admin.unit.id, username)
    clerk = await central.signIn(username)
  })
  afterAll(async () => {
    await central?.close()
    await backend?.stop()
  })

  const list = async (who: Clerk = admin) => (await who.call('listAccounts')).body as unknown as { items: UnitAccount[]; mayChange: boolean }
  const one = async (id: string) => (await list()).items.find((account) => account.id === id)
  const create = (change: Record<string, unknown> = {}, headers: Record<string, string> = {}, who: Clerk = admin) =>
    who.call('createAccount', { body: { id: randomUUID(), username: `new-${randomUUID()}`, displayName: '赵新', role: 'clerk', password: initial, ...change }, headers })
  const patch = (id: string, version: number, changes: Record<string, unknown>, who: Clerk = admin) => who.call('patchAccount', { params: { id }, body: { changes }, headers: { 'if-match': `"${version}"` } })
  const reset = (id: string, version: number, who: Clerk = admin) => who.call('resetAccountPassword', { params: { id }, body: { password: initial }, headers: { 'if-match': `"${version}"` } })
  const signIn = (username: string, secret: string) => central.send('signInWithPassword', { body: { username, password: secret, deviceId: newDeviceId() } })
  const isIn = async (who: Clerk) => (await who.call('readSession')).status === 200
  const kinds = async () => {
    const rows = await central.db.selectFrom('audit_event').select(['kind', 'account_id', 'details_json']).where('organization_id', '=', admin.unit.id).orderBy('chain_position').execute()
    return rows.flatMap(({ kind, account_id, details_json }) => (account_id === admin.unit.accountId && details_json.includes('subjectAccountId') ? [[kind, JSON.parse(details_json) as unknown]] : []))
  }
  const refused = (code: string) => ({ body: { code } })

  it('are told to everybody of it, and how they sign in to its administrator alone', async () => {
    const seen = await list()
    expect(seen).toMatchObject({ mayChange: true })
    expect(seen.items.map(({ username }) => username).sort()).toEqual([admin.username, clerk.username].sort())
    expect(await one(clerkId)).toMatchObject({ role: 'clerk', disabled: false, lastSignInAt: central.clock.now().toISOString(), passwordByOperator: false })
    const toClerk = await list(clerk)
    expect(toClerk.mayChange).toBe(false)
    expect(toClerk.items.map(({ lastSignInAt }) => lastSignInAt)).toEqual([null, null])
  })

  it('a new one signs in with the password it was given, and is to change it', async () => {
    const id = randomUUID()
    const username = `赵新-${randomUUID()}`
    expect(await create({ id, username })).toMatchObject({ status: 201, body: { id, version: 1 }, headers: { etag: '"1"' } })
    expect(await signIn(username, initial)).toMatchObject({ status: 201, body: { passwordByOperator: true, account: { id, displayName: '赵新', role: 'clerk' } } })
    expect(await one(id)).toMatchObject({ passwordByOperator: true })
    expect(await kinds()).toEqual([['account-created', { subjectAccountId: id, role: 'clerk' }]])
  })

  it('a repeated request is the same account; another password under its key is another request', async () => {
    const [id, key, username] = [randomUUID(), newKey(), `new-${randomUUID()}`]
    const first = await create({ id, username }, { 'idempotency-key': key })
    expect(await create({ id, username }, { 'idempotency-key': key })).toMatchObject({ status: first.status, body: first.body })
    expect(await create({ id, username, password: `${initial}8` }, { 'idempotency-key': key })).toMatchObject({ status: 422, ...refused('idempotency-key-reused') })
    expect((await list()).items).toHaveLength(3)
  })

  it.each([
    ['a user name that is taken, however it is spelled', () => ({ username: clerk.username.toUpperCase() }), 'username-taken'],
    ['no name', () => ({ displayName: ' ' }), 'account-invalid'],
    ['a blank in the user name', () => ({ username: '赵 新' }), 'account-invalid'],
    ['a password that everybody tries', () => ({ password: 'abc12345' }), 'password-common'],
    ['a password that is the user name', () => ({ username: 'muxu-hetao-7' }), 'password-has-username'],
  ])('%s is refused', async (_what, change, code) => {
    expect(await create(change())).toMatchObject(refused(code))
    expect((await list()).items).toHaveLength(2)
  })

  it('one too many is refused: a unit takes no names without end', async () => {
    const { created_at } = await central.db.selectFrom('account').selectAll().where('id', '=', clerkId).executeTakeFirstOrThrow()
    const row = { organization_id: admin.unit.id, display_name: '赵新', role: 'clerk' as const, reviews_registrations: 0 as const, password_hash: '', password_by_operator: 0 as const, disabled_at: created_at, created_at, version: 1, last_sign_in_at: null }
    const names = Array.from({ length: mostAccounts - 3 }, () => randomUUID())
    await central.db.insertInto('account').values(names.map((id) => ({ ...row, id, username: id, username_key: id }))).execute()
    expect(await create()).toMatchObject({ status: 201 })
    expect(await create()).toMatchObject({ status: 409, body: { code: 'account-too-many', details: { max: mostAccounts } } })
  })

  it('another role is the account’s from its next request on', async () => {
    expect(await patch(clerkId, 1, { role: 'unit-admin' })).toMatchObject({ status: 200, body: { version: 2 } })
    expect((await list(clerk)).mayChange).toBe(true)
    expect(await patch(clerkId, 2, { role: 'clerk', displayName: '赵新' })).toMatchObject({ status: 200 })
    expect(await create({}, {}, clerk)).toMatchObject({ status: 403, ...refused('forbidden') })
    expect((await kinds()).map(([kind]) => kind)).toEqual(['account-role-changed', 'account-renamed', 'account-role-changed'])
  })

  it('停用 ends what is open, and 启用 lets it in again', async () => {
    expect(await patch(clerkId, 1, { disabled: true })).toMatchObject({ status: 200 })
    expect(await isIn(clerk)).toBe(false)
    expect(await signIn(clerk.username, password)).toMatchObject(refused('account-disabled'))
    expect(await patch(clerkId, 2, { disabled: false })).toMatchObject({ status: 200 })
    expect(await isIn(clerk), 'what was open before').toBe(false)
    expect(await signIn(clerk.username, password)).toMatchObject({ status: 201 })
    expect((await kinds()).map(([kind]) => kind)).toEqual(['account-disabled', 'account-enabled'])
  })

  it('人脸登录 is told with the next sign-in, and to its administrator alone in the list; of the own account somebody else decides', async () => {
    expect(await patch(clerkId, 1, { faceSignIn: 'required' })).toMatchObject({ status: 200, body: { version: 2 } })
    expect(await patch(admin.unit.accountId, 1, { faceSignIn: 'required' })).toMatchObject({ status: 409, ...refused('account-own') })
    expect(await patch(clerkId, 2, { faceSignIn: 'sometimes' })).toMatchObject({ status: 400 })
    expect([(await one(clerkId))?.faceSignIn, ...new Set((await list(clerk)).items.map(({ faceSignIn }) => faceSignIn))]).toEqual(['required', null])
    expect((await signIn(clerk.username, password)).body).toMatchObject({ account: { id: clerkId, faceSignIn: 'required' } })
    expect(await kinds()).toEqual([['account-face-sign-in-changed', { subjectAccountId: clerkId, faceSignIn: 'required' }]])
  })

  it('重置密码 ends what the old one opened, and tells whose session it was why', async () => {
    expect(await reset(clerkId, 1)).toMatchObject({ status: 200, body: { version: 2 } })
    expect(await clerk.call('readSession')).toMatchObject(refused('session-password-changed'))
    expect(await signIn(clerk.username, password)).toMatchObject(refused('sign-in-failed'))
    expect(await signIn(clerk.username, initial)).toMatchObject({ status: 201, body: { passwordByOperator: true } })
    expect(await kinds()).toEqual([['password-reset', { subjectAccountId: clerkId }]])
  })

  it('nobody shuts themselves out', async () => {
    const own = admin.unit.accountId
    const version = (await one(own))?.version ?? 0
    for (const reply of [await patch(own, version, { role: 'clerk' }), await patch(own, version, { disabled: true }), await reset(own, version)]) expect(reply).toMatchObject({ status: 409, ...refused('account-own') })
    expect(await patch(own, version, { displayName: '王管理' })).toMatchObject({ status: 200 })
    expect(await isIn(admin)).toBe(true)
  })

  it('two administrators who shut each other out at once: one of them stays', async () => {
    for (let round = 0; round < 3; round++) {
      const unit = await central.newAdmin()
      const username = `admin-${randomUUID()}`
      const otherId = await central.addAccount(unit.unit.id, username)
      await unit.call('patchAccount', { params: { id: otherId }, body: { changes: { role: 'unit-admin' } }, headers: { 'if-match': '"1"' } })
      const other = await central.signIn(username)
      const replies = await Promise.all([patch(otherId, 2, { role: 'clerk' }, unit), patch(unit.unit.accountId, 1, { disabled: true }, other)])
      const admins = await central.db.selectFrom('account').select('id').where('organization_id', '=', unit.unit.id).where('role', '=', 'unit-admin').where('disabled_at', 'is', null).execute()
      expect(admins, JSON.stringify(replies.map(({ text }) => text))).toHaveLength(1)
      expect(replies.map(({ status }) => status).filter((status) => status === 200)).toHaveLength(1)
    }
  })

  it('an administrator who has lost the role meanwhile leaves the last one alone', async () => {
    // A session of somebody whom the operator has disabled is gone; the last active one is asked about in the transaction.
    const id = await central.addAccount(admin.unit.id, `admin-${randomUUID()}`)
    await patch(id, 1, { role: 'unit-admin' })
    await disableAccount(central.context, admin.unit.accountId)
    expect(await patch(id, 2, { role: 'clerk' })).toMatchObject({ status: 401 })
    expect(await central.db.selectFrom('account').select('role').where('id', '=', id).executeTakeFirst()).toEqual({ role: 'unit-admin' })
  })

  /** Asks with a body of which the last byte comes when it is told to. Resolves once the service knows who asks. */
  async function askSlowly(who: Clerk, body: unknown) {
    await central.app.listen({ host: '127.0.0.1', port: 0 }).catch(() => undefined)
    const { port } = central.app.server.address() as AddressInfo
    const bytes = Buffer.from(JSON.stringify(body))
    const headers = { ...who.authorized, 'idempotency-key': newKey(), 'content-type': 'application/json', 'content-length': bytes.length }
    const asked = request({ host: '127.0.0.1', port, method: 'POST', path: '/v1/accounts', headers })
    const answer = once(asked, 'response') as Promise<[IncomingMessage]>
    central.clock.pass(60)
    asked.write(bytes.subarray(0, -1))
    const used = () => central.db.selectFrom('session').select('last_used_at').where('device_id', '=', who.deviceId).executeTakeFirstOrThrow()
    await vi.waitFor(async () => expect((await used()).last_used_at).toBe(central.clock.now().toISOString()), { timeout: 5_000 })
    return async () => {
      asked.end(bytes.subarray(-1))
      const [response] = await answer
      return (await json(response)) as Record<string, unknown>
    }
  }

  it.each([
    ['loses the role', (id: string) => patch(id, 2, { role: 'clerk' })],
    ['is disabled', (id: string) => patch(id, 2, { disabled: true })],
    ['gets another password', (id: string) => reset(id, 2)],
  ])('who %s while a request is held back does nothing with the rest of it', async (_what, shutOut) => {
    await patch(clerkId, 1, { role: 'unit-admin' })
    const id = randomUUID()
    const sendRest = await askSlowly(clerk, { id, username: `new-${randomUUID()}`, displayName: '赵新', role: 'unit-admin', password: initial })
    expect(await shutOut(clerkId)).toMatchObject({ status: 200 })
    expect(await sendRest()).toMatchObject({ code: 'forbidden' })
    expect(await one(id)).toBeUndefined()
  })

  it('who has not seen the last change is told so', async () => {
    await patch(clerkId, 1, { displayName: '赵新' })
    for (const reply of [await patch(clerkId, 1, { role: 'unit-admin' }), await reset(clerkId, 1)]) expect(reply).toMatchObject({ status: 412, ...refused('version-conflict') })
    // The operator's change is one as well.
    await disableAccount(central.context, clerkId)
    expect(await patch(clerkId, 2, { disabled: false })).toMatchObject({ status: 412 })
  })

  it('of another unit are not there, neither to see nor to change', async () => {
    const stranger = await central.newAdmin()
    const replies: Reply[] = [await patch(clerkId, 1, { disabled: true }, stranger), await reset(clerkId, 1, stranger)]
    for (const reply of replies) expect(reply).toMatchObject({ status: 404, ...refused('not-found') })
    expect(JSON.stringify(await list(stranger))).not.toContain(clerk.username)
    expect(await isIn(clerk)).toBe(true)
  })

  it('no password is kept, neither in the database nor in the log; the chain of events is whole', async () => {
    await create()
    await reset(clerkId, 1)
    for (const table of ['account', 'applied_write', 'audit_event'] as const) expect(JSON.stringify(await central.db.selectFrom(table).selectAll().execute())).not.toContain(initial)
    expect(JSON.stringify(central.log)).not.toContain(initial)
    expect((await verifyAuditChain(central.db, central.personal)).complaints).toEqual([])
  })
})
