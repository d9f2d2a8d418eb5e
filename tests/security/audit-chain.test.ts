import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { appendAudit, hashOfEvent, sealOfEnd } from '../../central/audit/audit.repository.ts'
import { verifyAuditChain, type ChainEnds } from '../../central/audit/verify-chain.ts'
import { openCentralDatabase } from '../../central/database/open.ts'
import { checkAudit, readChainEnds } from '../../central/operator/audit-check.ts'
import { createPersonalData } from '../../central/personal-data/personal-data.ts'
import { idCardNoOf } from '../support/people.ts'
import { backends, startBackend, type Backend } from '../support/central-backends.ts'
import { newDeviceId, startCentral, type Central, type Clerk, type Unit } from '../support/central-service.ts'

describe.each(backends)('the audit of the central service on %s', (name) => {
  let backend: Backend
  let central: Central
  let clerk: Clerk & { unit: Unit }
  let other: Clerk & { unit: Unit }
  let people = 0
  beforeAll(async () => {
    backend = await startBackend(name)
    central = await startCentral(await backend.newLocation())
    await central.send('signInWithPassword', { body: { username: 'nobody', password: 'wrong-password', deviceId: newDeviceId() } })
    other = await central.newClerk()
  })
  afterAll(async () => {
    await central?.close()
    await backend?.stop()
  })
  beforeEach(async () => {
    clerk = await central.newClerk()
    for (let round = 0; round < 5; round++) await clerk.register(people++)
  })

  const verify = (known: ChainEnds = {}) => verifyAuditChain(central.db, central.personal, known)
  /** Of the unit of this test: what the one before did stays. */
  const complaints = async (known?: ChainEnds) => (await verify(known)).complaints.filter((complaint) => complaint.startsWith(clerk.unit.id))
  const eventsOf = (id: string) => central.db.selectFrom('audit_event').selectAll().where('organization_id', '=', id).orderBy('chain_position').execute()
  const eventAt = async (index: number) => {
    const event = (await eventsOf(clerk.unit.id)).at(index)
    if (!event) throw new Error('no such event')
    return event
  }
  const change = (id: string, values: Record<string, unknown>) => central.db.updateTable('audit_event').set(values).where('id', '=', id).execute()

  it('is whole after a day of ordinary work: a chain for each unit, and one for what belongs to none', async () => {
    await clerk.call('checkIdCardNo', { body: { idCardNo: idCardNoOf(1) } })
    await clerk.register(people - 1)
    await clerk.call('endSession')
    const { events, unchained, ends, complaints: found } = await verify()
    expect(found).toEqual([])
    expect(Object.keys(ends).sort()).toEqual(['', clerk.unit.id, other.unit.id].sort())
    const all = await central.db.selectFrom('audit_event').select('id').execute()
    expect([events, unchained]).toEqual([all.length, 0])
  })

  it('is gone through by an operator\'s command, which says in one line what is wrong and saves the ends', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'audit-'))
    const file = join(folder, 'ends.json')
    expect(await checkAudit(central.context, {}, file)).toMatch(/^审计记录完整：\d+条链，共\d+条$/)
    expect(statSync(file).mode & 0o077).toBe(0)
    expect(await checkAudit(central.context, readChainEnds(readFileSync(file)), null)).toContain('完整')
    const { id, kind } = await eventAt(1)
    await change(id, { kind: 'other' })
    await expect(checkAudit(central.context, {}, null)).rejects.toThrow(new RegExp(`^${clerk.unit.id}：第2条（[^\n]*）与写入时不符$`))
    await change(id, { kind })
    writeFileSync(file, '[]')
    expect(() => readChainEnds(readFileSync(file))).not.toThrow()
    expect(() => readChainEnds(Buffer.from('nonsense'))).toThrow('--against：不是用 --ends 另存的文件。')
    rmSync(folder, { recursive: true })
  })

  it('stays whole when many write at once, on PostgreSQL over two pools as from two processes', async () => {
    // Two connections to one embedded file in one thread would wait for each other; the product has one.
    const second = name === 'SQLite' ? central.database : await openCentralDatabase(central.location)
    const entry = (organizationId: string | null) => ({ kind: 'test', organizationId, accountId: null, deviceId: null, details: {} })
    const units = [clerk.unit.id, other.unit.id, null]
    await Promise.all(Array.from({ length: 60 }, (_, index) => appendAudit(central.personal, index % 2 ? central.db : second.db, entry(units[index % 3] ?? null), new Date())))
    await Promise.all(Array.from({ length: 10 }, () => clerk.register(people++)))
    expect(await complaints()).toEqual([])
    expect((await verify()).events).toBe((await central.db.selectFrom('audit_event').select('id').execute()).length)
    if (name !== 'SQLite') await second.close()
  })

  it.each(['kind', 'at', 'account_id', 'device_id', 'details_json', 'id'])('shows that somebody has changed the %s of an event', async (column) => {
    const { id } = await eventAt(3)
    await change(id, { [column]: column === 'details_json' ? '{"registrationId":"x"}' : '2026-01-01T00:00:00.000Z' })
    expect(await complaints()).toEqual([expect.stringContaining('第4条')])
  })

  it('shows that an event was given to another unit', async () => {
    await change((await eventAt(3)).id, { organization_id: other.unit.id })
    expect((await complaints()).length).toBeGreaterThan(0)
  })

  it('shows that one in the middle is gone, that the last is gone, and that all are', async () => {
    const whole = await eventsOf(clerk.unit.id)
    await central.db.deleteFrom('audit_event').where('id', '=', (await eventAt(3)).id).execute()
    expect(await complaints()).toEqual([expect.stringContaining('第4条缺失')])
    await central.db.insertInto('audit_event').values(whole[3] ?? []).execute()
    expect(await complaints()).toEqual([])
    await central.db.deleteFrom('audit_event').where('id', '=', (await eventAt(-1)).id).execute()
    expect(await complaints()).toEqual([expect.stringContaining('链尾不符')])
    await central.db.deleteFrom('audit_event').where('organization_id', '=', clerk.unit.id).execute()
    expect(await complaints()).toEqual([expect.stringContaining('链尾不符')])
  })

  it('shows that the last is gone, where the one before was made the end without the key', async () => {
    const [before, last] = [await eventAt(-2), await eventAt(-1)]
    await central.db.deleteFrom('audit_event').where('id', '=', last.id).execute()
    const end = { position: Number(before.chain_position), hash: String(before.chain_hash) }
    await central.db.updateTable('audit_chain').set(end).where('chain', '=', clerk.unit.id).execute()
    expect(await complaints()).toEqual([expect.stringContaining('链尾不符')])
  })

  it('shows that two have changed places, and that one was added', async () => {
    const [third, fourth] = [await eventAt(2), await eventAt(3)]
    await change(third.id, { chain_position: 4 })
    await change(fourth.id, { chain_position: 3 })
    expect(await complaints()).toEqual([expect.stringContaining('第3条')])
    await change(third.id, { chain_position: 3 })
    await change(fourth.id, { chain_position: 4 })
    expect(await complaints()).toEqual([])
    await central.db.insertInto('audit_event').values({ ...fourth, id: 'added', chain_position: null, chain_hash: null, at: new Date(central.clock.at + 1000).toISOString() }).execute()
    expect((await verify()).complaints).toContain('有1条记录不在链中')
    await central.db.deleteFrom('audit_event').where('id', '=', 'added').execute()
  })

  it('shows that the chain was made anew by somebody who has the database and not the keys', async () => {
    const forger = createPersonalData({ current: 'k1', keys: new Map([['k1', randomBytes(32)]]), hashKey: randomBytes(32) })
    let hash = ''
    for (const event of await eventsOf(clerk.unit.id)) {
      const changed = { ...event, account_id: 'somebody-else' }
      hash = hashOfEvent(forger, hash, changed)
      await change(event.id, { account_id: changed.account_id, chain_hash: hash })
    }
    const position = (await eventsOf(clerk.unit.id)).length
    await central.db.updateTable('audit_chain').set({ hash, seal: sealOfEnd(forger, { chain: clerk.unit.id, position, hash }) }).where('chain', '=', clerk.unit.id).execute()
    expect(await complaints()).toEqual([expect.stringContaining('第1条')])
  })

  it('held against its ends as they were noted down, shows that all was rolled back to an earlier copy', async () => {
    const early = { events: await eventsOf(clerk.unit.id), end: await central.db.selectFrom('audit_chain').selectAll().where('chain', '=', clerk.unit.id).executeTakeFirstOrThrow() }
    for (let round = 0; round < 3; round++) await clerk.register(people++)
    const { ends } = await verify()
    await clerk.register(people++)
    expect(await complaints(ends), 'more has come since').toEqual([])
    await central.db.deleteFrom('audit_event').where('organization_id', '=', clerk.unit.id).where('chain_position', '>', early.events.length).execute()
    await central.db.updateTable('audit_chain').set(early.end).where('chain', '=', clerk.unit.id).execute()
    expect(await complaints(), 'in itself it is whole').toEqual([])
    expect(await complaints(ends)).toEqual([expect.stringContaining('此前保存时有')])
    expect(await complaints({ ...ends, [clerk.unit.id]: { position: 3, hash: 'A' } })).toEqual([expect.stringContaining('与此前保存的链尾不符')])
  })

  it('counts events from before there were chains, which nobody can vouch for, and complains of none', async () => {
    await central.db.insertInto('audit_event').values({ ...(await eventAt(0)), id: 'early', at: '2026-01-01T00:00:00.000Z', chain_position: null, chain_hash: null }).execute()
    expect(await verify()).toMatchObject({ unchained: 1 })
    expect(await complaints()).toEqual([])
  })

})
