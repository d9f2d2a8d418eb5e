import { randomUUID } from 'node:crypto'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { newEpoch, openCentralDatabase } from '../../../central/database/open.ts'
import { reviewRegistration } from '../../../central/operator/review-operations.ts'
import { backends, startBackend, type Backend } from '../../support/central-backends.ts'
import { newKey, startCentral, type Central, type Clerk, type Unit } from '../../support/central-service.ts'
import { personValues } from '../../support/people.ts'

interface Item {
  kind: string
  seq: number
  id?: string
  registration?: { id: string; version: number; status: string }
}
interface Page {
  items: Item[]
  next: number
  hasMore: boolean
  epoch: string
  organizationId: string
}

describe.each(backends)('the changes of a unit on %s', (name) => {
  let backend: Backend
  let central: Central
  let person = 0
  beforeAll(async () => {
    backend = await startBackend(name)
    central = await startCentral(await backend.newLocation())
  })
  afterAll(async () => {
    await central?.close()
    await backend?.stop()
  })

  const pull = async (who: Clerk, after = 0, more: Record<string, string> = {}) => (await who.changes(after, more)).body as unknown as Page
  const register = async (who: Clerk) => String((await who.register(++person)).body['id'])
  const withdraw = (who: Clerk, id: string, version = 1) => who.call('withdrawRegistration', { params: { id }, headers: { 'if-match': `"${version}"` } })
  const shown = (items: Item[]) => items.map(({ kind, id, registration }) => [kind, id ?? registration?.id ?? ''])

  it('begin with the unit itself as the operator made it', async () => {
    const clerk = await central.newClerk()
    expect(await pull(clerk)).toMatchObject({ organizationId: clerk.unit.id, epoch: central.database.epoch, hasMore: false, items: [{ kind: 'organization', organization: { id: clerk.unit.id } }] })
  })

  it('hold what was registered, changed, decided and withdrawn since the cursor, each once and in order', async () => {
    const clerk = await central.newClerk()
    const [kept, gone, decided] = [await register(clerk), await register(clerk), await register(clerk)]
    const { next } = await pull(clerk)
    await withdraw(clerk, gone)
    await reviewRegistration(central.context, decided, { approve: true })
    await clerk.call('patchRegistration', { params: { id: kept }, body: { changes: { jobPosition: '安全员' } }, headers: { 'if-match': '"1"' } })
    await clerk.call('patchRegistration', { params: { id: kept }, body: { changes: { jobPosition: '施工员' } }, headers: { 'if-match': '"2"' } })
    const page = await pull(clerk, next)
    expect(shown(page.items)).toEqual([['registration-removed', gone], ['registration', decided], ['registration', kept]])
    expect(page.items[1]?.registration).toMatchObject({ status: 'active', version: 2 })
    expect(page.items[2]?.registration).toMatchObject({ version: 3, values: { jobPosition: '施工员' } })
    expect((await pull(clerk, page.next)).items).toEqual([])
  })

  it('come page by page without a gap, removals among them', async () => {
    const clerk = await central.newClerk()
    const ids = [] as string[]
    for (let index = 0; index < 8; index++) ids.push(await register(clerk))
    for (const id of ids.slice(2, 5)) await withdraw(clerk, id)
    const whole = await pull(clerk)
    const items: Item[] = []
    let page: Page = { items: [], next: 0, hasMore: true, epoch: '', organizationId: '' }
    let pages = 0
    while (page.hasMore) {
      page = await pull(clerk, page.next, { limit: '2' })
      expect(page.items.length).toBeLessThanOrEqual(2)
      items.push(...page.items)
      pages++
    }
    expect(items).toEqual(whole.items)
    expect([pages, whole.items.length]).toEqual([5, 9])
  })

  it('are numbered in the order of their commits: who reads while others write misses nothing', async () => {
    const clerk = await central.newClerk()
    const writers = Array.from({ length: 4 }, async () => {
      for (let index = 0; index < 8; index++) {
        const id = await register(clerk)
        if (index % 4 === 3) await withdraw(clerk, id)
      }
    })
    let writing = true
    const written = Promise.all(writers).finally(() => (writing = false))
    const seen = new Map<string, string>()
    let cursor = 0
    const read = async () => {
      const page = await pull(clerk, cursor)
      for (const { kind, id, registration } of page.items) seen.set(id ?? registration?.id ?? 'unit', kind)
      cursor = page.next
    }
    while (writing) {
      await read()
      // A request that never leaves this process would leave the writers no turn.
      await nextTurn()
    }
    await written
    await read()
    const whole = await pull(clerk)
    expect(new Map(whole.items.map(({ kind, id, registration }) => [id ?? registration?.id ?? 'unit', kind]))).toEqual(seen)
    const numbers = whole.items.map(({ seq }) => seq)
    expect(numbers).toEqual(numbers.toSorted((a, b) => a - b))
    expect(new Set(numbers).size).toBe(numbers.length)
    expect(seen.size).toBe(33)
  })

  it('are not those of another unit', async () => {
    const [clerk, other] = [await central.newClerk(), await central.newClerk()]
    const id = await register(clerk)
    await withdraw(clerk, await register(clerk))
    expect(shown((await pull(other)).items)).toEqual([['organization', '']])
    expect(JSON.stringify(await pull(other))).not.toContain(id)
  })

  it('are not told after a cursor that is ahead of them, or of another epoch: everything is to be fetched anew', async () => {
    const clerk = await central.newClerk()
    const { next, epoch } = await pull(clerk)
    expect((await clerk.changes(next, { epoch })).status).toBe(200)
    expect(await clerk.changes(next + 1, { epoch })).toMatchObject({ status: 410, body: { code: 'cursor-expired' } })
    expect(await clerk.changes(0, { epoch: randomUUID() })).toMatchObject({ status: 410, body: { code: 'cursor-expired' } })
  })

  it('belong to a new epoch after a restore, as the operator says', async () => {
    const location = await backend.newLocation()
    const before = await openCentralDatabase(location)
    const again = await openCentralDatabase(location)
    expect(again.epoch).toBe(before.epoch)
    await newEpoch(again.db)
    await Promise.all([before.close(), again.close()])
    const after = await openCentralDatabase(location)
    expect(after.epoch).not.toBe(before.epoch)
    await after.close()
  })

  describe('when a workstation pushes', () => {
    let clerk: Clerk & { unit: Unit }
    beforeAll(async () => {
      clerk = await central.newClerk()
    })
    const create = (number: number, id: string = randomUUID()) => ({ kind: 'create', opId: newKey(), registration: { id, personType: 'manager', values: personValues(number) } })

    it('each operation has its own result, in order, and a refused one stops none', async () => {
      const stranger = await central.newClerk()
      await stranger.register(++person)
      const [taken, id] = [person, randomUUID()]
      const operations = [
        create(++person, id),
        create(taken),
        { kind: 'patch', opId: newKey(), id, baseVersion: 1, changes: { jobPosition: '安全员' } },
        { kind: 'patch', opId: newKey(), id, baseVersion: 1, changes: { jobPosition: '施工员' } },
        { kind: 'withdraw', opId: newKey(), id, baseVersion: 2 },
        { kind: 'withdraw', opId: newKey(), id: randomUUID(), baseVersion: 1 },
      ]
      const reply = await clerk.push(operations)
      expect(reply).toMatchObject({ status: 200, body: { epoch: central.database.epoch } })
      const results = reply.body['results'] as { opId: string; outcome: string; problem?: { code: string; retriable: boolean } }[]
      expect(results.map(({ opId }) => opId)).toEqual(operations.map(({ opId }) => opId))
      expect(results.map(({ outcome, problem }) => problem?.code ?? outcome)).toEqual(['applied', 'registration-elsewhere', 'applied', 'version-conflict', 'applied', 'not-found'])
      const again = (await clerk.push(operations)).body['results'] as typeof results
      // All but the conflict, which is looked at anew: by now there is nothing left to be in conflict with.
      expect(again.toSpliced(3, 1)).toEqual(results.toSpliced(3, 1))
      expect(again[3]?.problem?.code).toBe('not-found')
    })

    it('of creates with one key, one id or one person among them the first is made, and each of the others is told what stands against it', async () => {
      const clerk = await central.newClerk()
      const create = (opId: string, id: string, values = personValues(++person)) => ({ kind: 'create', opId, registration: { id, personType: 'manager', values } }) as const
      const [key, id, values] = [newKey(), randomUUID(), personValues(++person)]
      const first = create(key, id, values)
      const made = { outcome: 'applied', receipt: { version: 1, status: 'pending' } }
      const { body } = await clerk.push([first, first, create(key, randomUUID()), create(newKey(), id), create(newKey(), randomUUID(), values), create(newKey(), randomUUID())])
      expect(body['results']).toMatchObject([
        made, made,
        { outcome: 'refused', problem: { code: 'idempotency-key-reused' } },
        { outcome: 'refused', problem: { code: 'request-malformed' } },
        { outcome: 'refused', problem: { code: 'registration-here', details: { id } } },
        made,
      ])
    })

    it('a hundred operations go through, and one more is refused as a whole', async () => {
      const operations = Array.from({ length: 100 }, () => create(++person))
      const { body } = await clerk.push(operations)
      expect((body['results'] as { outcome: string }[]).filter(({ outcome }) => outcome === 'applied')).toHaveLength(100)
      expect(await clerk.push([...operations, create(++person)])).toMatchObject({ status: 400, body: { code: 'request-malformed' } })
      expect(await clerk.push([])).toMatchObject({ status: 400 })
    })

    it('as much as a workstation puts into one push fits', async () => {
      const text = '宽'.repeat(180)
      const operations = Array.from({ length: 100 }, () => ({ kind: 'patch', opId: newKey(), id: randomUUID(), baseVersion: 1, changes: Object.fromEntries(['residenceDetail', 'name', 'formerName', 'jobPosition', 'professionalTitle', 'mobile', 'nativePlace', 'ethnicity', 'sex', 'hukouType', 'hukouRegion'].map((field) => [field, text.repeat(2)])) }))
      expect(JSON.stringify(operations).length).toBeLessThan(500_000)
      expect((await clerk.push(operations)).status).toBe(200)
    })

    it('an unknown kind or field makes the whole push malformed, and nothing of it is applied', async () => {
      const good = create(++person)
      for (const bad of [{ ...create(++person), extra: 1 }, { kind: 'remove', opId: newKey() }, null]) expect((await clerk.push([good, bad])).status).toBe(400)
      expect((await clerk.call('readRegistration', { params: { id: good.registration.id } })).status).toBe(404)
    })
  })
})
