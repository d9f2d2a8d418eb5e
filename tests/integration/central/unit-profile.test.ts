import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { backends, startBackend, type Backend } from '../../support/central-backends.ts'
import { newKey, startCentral, type Central, type Clerk, type Unit } from '../../support/central-service.ts'

describe.each(backends)('企业基本信息 on %s', (name) => {
  let backend: Backend
  let central: Central
  let admin: Clerk & { unit: Unit }
  beforeAll(async () => {
    backend = await startBackend(name)
    central = await startCentral(await backend.newLocation())
  })
  beforeEach(async () => {
    admin = await central.newAdmin()
  })
  afterAll(async () => {
    await central?.close()
    await backend?.stop()
  })

  const patch = (changes: Record<string, unknown>, { version = 1, key = newKey(), who = admin }: { version?: number; key?: string; who?: Clerk } = {}) =>
    who.call('patchOrganization', { body: { changes }, headers: { 'if-match': `"${version}"`, 'idempotency-key': key } })
  const stands = async () => (await admin.call('readOrganization')).body

  it('is changed by its administrator, as it is stored: and comes to its workstations', async () => {
    const { next } = (await admin.changes()).body as { next: number }
    expect(await patch({ address: ' 徐汇区某路1号 ', contactName: '王建国', contactPhone: '０２１－６２３４ ５６７８' })).toMatchObject({ status: 200, body: { version: 2 }, headers: { etag: '"2"' } })
    expect(await stands()).toMatchObject({ version: 2, name: '甲修缮有限公司', address: '徐汇区某路1号', contactName: '王建国', contactPhone: '021-62345678' })
    expect((await admin.changes(next)).body['items']).toMatchObject([{ kind: 'organization', organization: { version: 2, contactName: '王建国' } }])
    const row = await central.db.selectFrom('organization').select('contact_phone_sealed').where('id', '=', admin.unit.id).executeTakeFirstOrThrow()
    expect(row.contact_phone_sealed).not.toContain('62345678')
  })

  it('of two administrators at once the second is told, and nothing of the first is lost', async () => {
    expect(await patch({ contactName: '王建国' })).toMatchObject({ status: 200 })
    expect(await patch({ contactName: '陈静' })).toMatchObject({ status: 412, body: { code: 'version-conflict' } })
    expect(await stands()).toMatchObject({ version: 2, contactName: '王建国' })
    const replies = await Promise.all([patch({ address: '甲路1号' }, { version: 2 }), patch({ address: '乙路2号' }, { version: 2 })])
    expect(replies.map(({ status }) => status).sort()).toEqual([200, 412])
  })

  it('a repeated request is applied once', async () => {
    const key = newKey()
    for (let time = 0; time < 2; time++) expect(await patch({ contactName: '王建国' }, { key })).toMatchObject({ status: 200, body: { version: 2 } })
    expect(await patch({ contactName: '陈静' }, { key })).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } })
    expect(await stands()).toMatchObject({ version: 2, contactName: '王建国' })
  })

  it.each([
    [{ contactPhone: '12345' }, 'organization-invalid'],
    [{ address: '' }, 'organization-invalid'],
    [{ contactName: '王3' }, 'organization-invalid'],
    [{ address: '路'.repeat(101) }, 'organization-invalid'],
    [{}, 'request-malformed'],
    [{ name: '别的公司' }, 'request-malformed'],
    [{ kind: 'implementer' }, 'request-malformed'],
    [{ creditCode: '91310104DEM000014T' }, 'request-malformed'],
  ])('%j is refused', async (changes, code) => {
    expect(await patch(changes)).toMatchObject({ body: { code } })
    expect(await stands()).toMatchObject({ version: 1 })
  })

  it('a clerk of the unit reads it and changes nothing', async () => {
    const username = `clerk-${randomUUID()}`
    await central.addAccount(admin.unit.id, username)
    const clerk = await central.signIn(username)
    expect(await patch({ contactName: '王建国' }, { who: clerk })).toMatchObject({ status: 403, body: { code: 'forbidden' } })
    expect(await clerk.call('readOrganization')).toMatchObject({ status: 200, body: { version: 1 } })
  })

  it('the audit says which fields, and never what they say', async () => {
    await patch({ contactPhone: '13912345678', address: '独一无二路9号' })
    const events = await central.db.selectFrom('audit_event').select('details_json').where('organization_id', '=', admin.unit.id).where('kind', '=', 'organization-changed').execute()
    expect(events.map(({ details_json }) => JSON.parse(details_json) as unknown)).toEqual([{ fields: 'address,contactPhone' }])
    expect(JSON.stringify(await central.db.selectFrom('applied_write').selectAll().execute())).not.toContain('13912345678')
  })
})
