import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { backends, startBackend, type Backend } from '../../support/central-backends.ts'
import { newKey, startCentral, type Central, type Clerk, type Unit } from '../../support/central-service.ts'
import { personValues, workerValues } from '../../support/people.ts'

describe.each(backends)('a worker at the central service on %s', (name) => {
  let backend: Backend
  let central: Central
  let clerk: Clerk & { unit: Unit }
  beforeAll(async () => {
    backend = await startBackend(name)
    central = await startCentral(await backend.newLocation())
    clerk = await central.newClerk('甲修缮有限公司')
  })
  afterAll(async () => {
    await central?.close()
    await backend?.stop()
  })

  const create = (person: number, values = workerValues(person), id = randomUUID()) => clerk.call('createRegistration', { body: { id, personType: 'worker', values } })

  it('is made, read and changed as one', async () => {
    const made = await create(1)
    const id = String(made.body['id'])
    const certificate = { id: '018f0000-0000-7000-8000-000000000001', specialTrade: '02', certificateNo: '沪B0420250009', expiresOn: '2028-01-10' }
    const changed = await clerk.push([{ kind: 'patch', opId: newKey(), id, baseVersion: 1, changes: { workType: '270', specialCertificates: [certificate] } }])
    expect(changed.body).toMatchObject({ results: [{ outcome: 'applied' }] })
    const read = await clerk.call('readRegistration', { params: { id } })
    expect(read.body).toMatchObject({ personType: 'worker', version: 2, values: { workType: '270', specialCertificates: [certificate] } })
    const gone = await clerk.push([{ kind: 'patch', opId: newKey(), id, baseVersion: 2, changes: { specialCertificates: [] } }])
    expect(gone.body).toMatchObject({ results: [{ outcome: 'refused', problem: { code: 'registration-invalid', details: { fields: ['workType'] } } }] })
  })

  it('is refused with what only managers have, one by one and in a batch', async () => {
    expect((await create(2, workerValues(2, { maritalStatus: '20' }))).body).toMatchObject({ code: 'registration-invalid', details: { fields: ['maritalStatus'] } })
    expect((await clerk.register(personValues(2, { workType: '240' }))).body).toMatchObject({ code: 'registration-invalid', details: { fields: ['workType'] } })
    const operations = [workerValues(3), personValues(4)].map((values) => ({ kind: 'create', opId: newKey(), registration: { id: randomUUID(), personType: 'worker', values } }))
    expect((await clerk.push(operations)).body['results']).toMatchObject([{ outcome: 'applied' }, { outcome: 'refused', problem: { code: 'registration-invalid' } }])
  })

  it('is told with the changes and to reviewers as one', async () => {
    const made = await create(5)
    const reviewer = await central.newReviewer(clerk.unit)
    const pending = await reviewer.call('readPendingRegistration', { params: { id: String(made.body['id']) } })
    expect(pending.body).toMatchObject({ personType: 'worker', values: { workType: '240' } })
    const { items } = (await clerk.changes()).body as { items: { kind: string; registration?: { id: string; personType: string } }[] }
    expect(items.find(({ registration }) => registration?.id === made.body['id'])?.registration?.personType).toBe('worker')
  })
})
