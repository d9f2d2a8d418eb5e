import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { CentralClient } from '../../electron/host/central/central-client.ts'
import type { PushOperation } from '../../shared/api/resources.ts'
import { backends, startBackend, type Backend } from '../support/central-backends.ts'
import { makeKillableCentral, type KillableCentral } from '../support/killable-central.ts'
import { personValues } from '../support/people.ts'

let person = 0
const creates = (count: number): Extract<PushOperation, { kind: 'create' }>[] =>
  Array.from({ length: count }, () => ({ kind: 'create', opId: randomUUID(), registration: { id: randomUUID(), personType: 'manager', values: personValues(++person) } }))

/** Of each operation, how many rows of each kind it has left: all ones, or all noughts. */
async function traces({ db }: KillableCentral, operations: readonly ReturnType<typeof creates>[number][]): Promise<{ registrations: number; people: number; receipts: number; events: number }[]> {
  const rows = await db.selectFrom('registration').select(['id', 'person_id']).execute()
  const people = await db.selectFrom('person').select('id').execute()
  const writes = await db.selectFrom('applied_write').select(['idempotency_key', 'outcome_json']).execute()
  const events = await db.selectFrom('audit_event').select('details_json').where('kind', '=', 'registration-created').execute()
  return operations.map(({ opId, registration: { id } }) => {
    const own = rows.filter((row) => row.id === id)
    return {
      registrations: own.length,
      people: people.filter((each) => each.id === own[0]?.person_id).length,
      receipts: writes.filter((write) => write.idempotency_key === opId && write.outcome_json !== null).length,
      events: events.filter(({ details_json }) => details_json.includes(id)).length,
    }
  })
}
const whole = { registrations: 1, people: 1, receipts: 1, events: 1 }
const absent = { registrations: 0, people: 0, receipts: 0, events: 0 }

describe.each(backends)('the central service on %s', (name) => {
  let backend: Backend
  let central: KillableCentral
  let client: CentralClient
  beforeAll(async () => {
    backend = await startBackend(name)
    const location = await backend.newLocation()
    central = await makeKillableCentral(name === 'SQLite' ? undefined : () => location)
    await central.start()
    client = await central.client((await central.addUnit()).username)
  })
  afterAll(async () => {
    await central?.close()
    await backend?.stop()
  })

  it('killed in the middle of several batches has each operation whole or not at all, and the same batches again make each once', async () => {
    let partly = 0
    for (const some of [10, 40]) {
      const batches = Array.from({ length: 10 }, () => creates(10))
      const operations = batches.flat()
      const unknown = () => ({ kind: 'withdraw' as const, opId: randomUUID(), id: randomUUID(), baseVersion: 1 })
      // One in two holds a refusal as well, which is another way through the service.
      const pushes = batches.map((batch, index) => (index % 2 ? [...batch, unknown()] : batch))
      const pushed = pushes.map((batch) => client.push(batch).then(() => 'answered', (error: unknown) => (error as { code: unknown }).code))
      const arrived = async () => (await central.db.selectFrom('registration').select('id').where('id', 'in', operations.map(({ registration }) => registration.id)).execute()).length
      while ((await arrived()) < some) await new Promise((resolve) => setImmediate(resolve))
      await central.kill()
      const ends = await Promise.all(pushed)
      const left = await traces(central, operations)
      for (const trace of left) expect([whole, absent]).toContainEqual(trace)
      for (const [index, end] of ends.entries()) if (end === 'answered') expect(left.slice(index * 10, index * 10 + 10)).toEqual(Array.from({ length: 10 }, () => whole))
      if (left.some(({ receipts }) => receipts === 0)) partly++
      await central.start()
      for (const batch of pushes) {
        const { results } = await client.push(batch)
        expect(results.slice(0, 10).map(({ outcome }) => outcome)).toEqual(batch.slice(0, 10).map(() => 'applied'))
      }
      expect(await traces(central, operations)).toEqual(operations.map(() => whole))
    }
    expect(partly, 'was really killed in the middle').toBeGreaterThan(0)
  })
})

describe('the central service on SQLite that dies by itself', () => {
  let central: KillableCentral
  let client: CentralClient
  beforeAll(async () => {
    central = await makeKillableCentral()
    await central.start()
    client = await central.client((await central.addUnit()).username)
    await central.kill()
  })
  afterAll(() => central?.close())

  it.each([['before', absent], ['after', whole]] as const)('right %s the commit of a batch and before its answer is asked again under the same keys, and all of it is there once', async (dies, left) => {
    const operations = creates(30)
    await central.start({ dies })
    await central.wake()
    await expect(client.push(operations)).rejects.toMatchObject({ code: 'central-unreachable' })
    await central.ended()
    expect(await traces(central, operations)).toEqual(operations.map(() => left))
    await central.start()
    expect((await client.push(operations)).results).toMatchObject(operations.map(() => ({ outcome: 'applied', receipt: { version: 1 } })))
    expect(await traces(central, operations)).toEqual(operations.map(() => whole))
    await central.kill()
  })
})
