import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { bindCertificate, noteCertificate } from '../../../central/auth/certificate-bindings.repository.ts'
import { openSession } from '../../../central/auth/session.ts'
import type { UnitCertificates } from '../../../shared/api/unit-resources.ts'
import { bindFor } from '../../security/aimed-binding.ts'
import { backends, startBackend, type Backend } from '../../support/central-backends.ts'
import { newDeviceId, startCentral, type Central, type Clerk, type Unit } from '../../support/central-service.ts'

describe.each(backends)('certificates that name a unit, on %s', (name) => {
  let backend: Backend
  let central: Central
  let admin: Clerk & { unit: Unit }
  let clerkId: string
  let bindingId: string
  beforeAll(async () => {
    backend = await startBackend(name)
    central = await startCentral(await backend.newLocation())
  })
  beforeEach(async () => {
    admin = await central.newAdmin()
    clerkId = await central.addAccount(admin.unit.id, `clerk-${randomUUID()}`)
    bindingId = await bindFor(central, admin.unit.accountId)
  })
  afterAll(async () => {
    await central?.close()
    await backend?.stop()
  })

  const list = async (who: Clerk = admin) => (await who.call('listCertificates')).body as unknown as UnitCertificates
  const bind = (accountId: string, who: Clerk = admin, id = bindingId) => who.call('bindAccount', { params: { id }, body: { accountId } })
  const release = (accountId: string, who: Clerk = admin, id = bindingId) => who.call('releaseAccount', { params: { id }, body: { accountId } })
  const boundTo = async () => (await list()).items.find(({ id }) => id === bindingId)?.accounts.map(({ id }) => id) ?? []
  /** Signed in with a certificate under the binding. */
  async function sessionByLock(accountId: string): Promise<Record<string, string>> {
    const [fingerprint, notAfter] = [randomUUID(), new Date(central.clock.now().getTime() + 86_400_000)]
    await noteCertificate(central.db, bindingId, { fingerprint, notAfter, holder: '甲修缮有限公司' }, central.clock.now())
    const account = await central.db.selectFrom('account').selectAll().where('id', '=', accountId).executeTakeFirstOrThrow()
    const deviceId = newDeviceId()
    const { token } = await openSession({ ...central.context, auth: {} as never }, { account, deviceId, way: 'ca-key', certificate: { fingerprint, notAfter } })
    return { 'authorization': `Bearer ${token}`, 'device-id': deviceId }
  }

  it('are told with their holder, last day, last use and accounts', async () => {
    await sessionByLock(admin.unit.accountId)
    const { items, mayChange } = await list()
    expect(mayChange).toBe(true)
    expect(items).toMatchObject([{
      id: bindingId, issuer: 'CN=测试CA', accounts: [{ id: admin.unit.accountId, disabled: false }],
      certificates: [{ holder: '甲修缮有限公司', lastUsedAt: central.clock.now().toISOString() }],
    }])
    expect((await list(await central.newAdmin())).items).toEqual([])
  })

  it('are bound to an account of the unit, and released from it', async () => {
    expect(await bind(clerkId)).toMatchObject({ status: 200, body: { id: bindingId } })
    expect((await boundTo()).sort()).toEqual([clerkId, admin.unit.accountId].sort())
    expect(await bind(clerkId)).toMatchObject({ status: 200 })
    expect(await release(clerkId)).toMatchObject({ status: 200 })
    expect(await boundTo()).toEqual([admin.unit.accountId])
    const events = await central.db.selectFrom('audit_event').select('kind').where('organization_id', '=', admin.unit.id).where('kind', 'like', 'certificate-account-%').orderBy('chain_position').execute()
    expect(events.map(({ kind }) => kind)).toEqual(['certificate-account-bound', 'certificate-account-released'])
  })

  it('who is released is out at once, where they came in with it and nowhere else', async () => {
    await bind(clerkId)
    const [byLock, adminsByLock] = [await sessionByLock(clerkId), await sessionByLock(admin.unit.accountId)]
    await central.db.insertInto('account_proof').values({ device_id: 'device-of-the-clerk', binding_id: bindingId, account_id: clerkId, proven_at: central.clock.now().toISOString() }).execute()
    await release(clerkId)
    expect(await central.send('readSession', { headers: byLock })).toMatchObject({ status: 401, body: { code: 'session-missing' } })
    expect(await central.send('readSession', { headers: adminsByLock })).toMatchObject({ status: 200 })
    expect(await central.db.selectFrom('account_proof').selectAll().where('account_id', '=', clerkId).execute()).toEqual([])
  })

  it('nobody releases themselves', async () => {
    expect(await release(admin.unit.accountId)).toMatchObject({ status: 409, body: { code: 'account-own' } })
    expect(await boundTo()).toEqual([admin.unit.accountId])
  })

  it('nothing reaches over units: neither their certificate nor their account', async () => {
    const stranger = await central.newAdmin('乙修缮有限公司')
    const theirs = await bindFor(central, stranger.unit.accountId)
    for (const reply of [await bind(admin.unit.accountId, admin, theirs), await bind(stranger.unit.accountId), await release(stranger.unit.accountId, admin, theirs)]) {
      expect(reply).toMatchObject({ status: 404, body: { code: 'not-found' } })
    }
    expect(await boundTo()).toEqual([admin.unit.accountId])
  })

  it('a clerk sees them and changes nothing', async () => {
    const username = `clerk-${randomUUID()}`
    const id = await central.addAccount(admin.unit.id, username)
    const clerk = await central.signIn(username)
    expect((await list(clerk)).mayChange).toBe(false)
    for (const reply of [await bind(id, clerk), await release(admin.unit.accountId, clerk)]) expect(reply).toMatchObject({ status: 403, body: { code: 'forbidden' } })
  })

  it('which certificate names a unit stays with the operator: it comes and goes whole', async () => {
    await expect(bindCertificate(central.db, { issuer: 'CN=测试CA', companyCode: (await list()).items[0]?.companyCode ?? '' }, (await central.newAdmin()).unit.accountId, central.clock.now())).rejects.toThrow(RangeError)
  })
})
