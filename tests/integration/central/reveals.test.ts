import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { verifyAuditChain } from '../../../central/audit/verify-chain.ts'
import { createAccount } from '../../../central/operator/operations.ts'
import { resealAll } from '../../../central/operator/reseal.ts'
import { backends, startBackend, type Backend } from '../../support/central-backends.ts'
import { password, startCentral, type Central, type Clerk, type Reply, type Unit } from '../../support/central-service.ts'
import { idCardNoOf, personName, personValues } from '../../support/people.ts'

describe.each(backends)('the log of revealed numbers on %s', (name) => {
  let backend: Backend
  let central: Central
  let clerk: Clerk & { unit: Unit }
  let admin: Clerk
  let person = 0
  beforeAll(async () => {
    backend = await startBackend(name)
    central = await startCentral(await backend.newLocation())
  })
  beforeEach(async () => {
    clerk = await central.newClerk()
    const username = `admin-${randomUUID()}`
    await createAccount(central.context, { organizationId: clerk.unit.id, username, displayName: '王管理', role: 'unit-admin', password })
    admin = await central.signIn(username)
  })
  afterAll(async () => {
    await central?.close()
    await backend?.stop()
  })

  const reveal = (registrationId: string, more: Record<string, unknown> = {}) => ({
    id: randomUUID(), registrationId, field: 'idCardNo', reason: 'contact', words: '', accountId: clerk.unit.accountId, at: central.clock.now().toISOString(), ...more,
  })
  const report = (reveals: unknown[], who: Clerk = clerk) => who.call('reportReveals', { body: { reveals } })
  const search = (more: Record<string, unknown> = {}, who: Clerk = admin) => who.call('searchReveals', { body: { from: null, to: null, accountId: null, name: '', cursor: null, ...more } })
  const idsOf = ({ body }: Reply) => (body['items'] as { id: string }[]).map(({ id }) => id)

  it('tells the unit’s administrator who looked at whose number, when and why, and never the number', async () => {
    const id = randomUUID()
    await clerk.register(++person, id)
    const told = reveal(id, { reason: 'other', words: '补办居住证' })
    expect((await report([told])).status).toBe(204)
    const found = await search()
    expect(found.body['items']).toEqual([{
      id: told.id, at: told.at, receivedAt: central.clock.now().toISOString(), registrationId: id, name: personName(person), field: 'idCardNo', reason: 'other', words: '补办居住证',
      exported: false, displayName: clerk.username, toldBy: null,
    }])
    expect(found.text).not.toContain(idCardNoOf(person).slice(6, 14))
    expect(found.body['accounts']).toHaveLength(2)
  })

  it('tells numbers that left in a file from those that were looked at', async () => {
    const [looked, taken] = [reveal(randomUUID()), reveal(randomUUID(), { exported: true, at: new Date(central.clock.now().getTime() + 1_000).toISOString() })]
    await report([looked, taken])
    expect(((await search()).body['items'] as { id: string; exported: boolean }[]).map(({ id, exported }) => [id, exported])).toEqual([[taken.id, true], [looked.id, false]])
  })

  it('is closed to clerks and to other units', async () => {
    const id = randomUUID()
    await clerk.register(++person, id)
    await report([reveal(id)])
    expect(await search({}, clerk)).toMatchObject({ status: 403, body: { code: 'forbidden' } })
    const stranger = await central.newClerk()
    const username = `admin-${randomUUID()}`
    await createAccount(central.context, { organizationId: stranger.unit.id, username, displayName: '乙管理', role: 'unit-admin', password })
    expect(idsOf(await search({}, await central.signIn(username)))).toEqual([])
  })

  it('keeps each once, however often it is told', async () => {
    const told = reveal(randomUUID())
    for (const reveals of [[told], [told, reveal(randomUUID())], [told, told]]) expect((await report(reveals)).status).toBe(204)
    expect(idsOf(await search())).toHaveLength(2)
    const events = await central.db.selectFrom('audit_event').select('details_json').where('organization_id', '=', clerk.unit.id).where('kind', '=', 'number-revealed').execute()
    expect(events).toHaveLength(2)
  })

  it('keeps what was looked at offline by its own time, by whom, and whose session told it; and what the service never heard of', async () => {
    const colleague = await central.signIn((await secondClerk()).username)
    const at = new Date(central.clock.now().getTime() - 3_600_000).toISOString()
    await report([reveal(randomUUID(), { at })], colleague)
    expect((await search()).body['items']).toMatchObject([{ at, name: null, displayName: clerk.username, toldBy: colleague.username }])
  })

  it('puts another unit’s account into nobody’s mouth', async () => {
    const stranger = await central.newClerk()
    await report([reveal(randomUUID(), { accountId: stranger.unit.accountId })])
    expect((await search()).body['items']).toMatchObject([{ displayName: clerk.username, toldBy: null }])
  })

  it('is found by days of Shanghai, by who looked, and by name, page by page', async () => {
    const [first, second] = [randomUUID(), randomUUID()]
    await clerk.register(personValues(++person, { name: '欧阳明' }), first)
    await clerk.register(personValues(++person, { name: '钱伟' }), second)
    const other = await secondClerk()
    const evening = reveal(first, { at: '2026-03-01T15:59:59.000Z' })
    const midnight = reveal(second, { at: '2026-03-01T16:00:00.000Z', accountId: other.id })
    await report([evening, midnight])
    expect(idsOf(await search())).toEqual([midnight.id, evening.id])
    expect(idsOf(await search({ from: '2026-03-01', to: '2026-03-01' }))).toEqual([evening.id])
    expect(idsOf(await search({ from: '2026-03-02' }))).toEqual([midnight.id])
    expect(idsOf(await search({ accountId: other.id }))).toEqual([midnight.id])
    expect(idsOf(await search({ name: '阳' }))).toEqual([evening.id])
    await report(Array.from({ length: 60 }, (_, index) => reveal(first, { at: new Date(Date.UTC(2026, 3, 1, 0, index)).toISOString() })))
    const page = await search()
    const rest = await search({ cursor: page.body['next'] })
    expect([idsOf(page).length, idsOf(rest).length, new Set([...idsOf(page), ...idsOf(rest)]).size]).toEqual([50, 12, 62])
  })

  it('is a part of the unit’s chain of audit events, and its words are sealed, with each new key anew', async () => {
    await report([reveal(randomUUID(), { reason: 'other', words: '独一无二的说明' })])
    const row = await central.db.selectFrom('reveal').select('words_sealed').where('organization_id', '=', clerk.unit.id).executeTakeFirstOrThrow()
    expect(row.words_sealed).not.toContain('独一无二')
    const event = await central.db.selectFrom('audit_event').select('details_json').where('kind', '=', 'number-revealed').where('organization_id', '=', clerk.unit.id).executeTakeFirstOrThrow()
    expect(event.details_json).not.toContain('独一无二')
    await resealAll(central.context)
    expect((await search()).body['items']).toMatchObject([{ words: '独一无二的说明' }])
    expect((await verifyAuditChain(central.db, central.personal)).complaints).toEqual([])
  })

  async function secondClerk() {
    const username = `second-${randomUUID()}`
    return { id: await central.addAccount(clerk.unit.id, username), username }
  }
})
