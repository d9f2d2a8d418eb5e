import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyAuditChain } from '../../central/audit/verify-chain.ts'
import type { CentralClient } from '../../electron/host/central/central-client.ts'
import { makeKillableCentral, type KillableCentral } from '../support/killable-central.ts'
import { personValues } from '../support/people.ts'

describe('the central service on SQLite, killed while clerks of several units write at once', () => {
  let central: KillableCentral
  let clients: CentralClient[]
  let person = 0
  beforeAll(async () => {
    central = await makeKillableCentral()
    await central.start()
    clients = []
    for (let unit = 0; unit < 5; unit++) clients.push(await central.client((await central.addUnit()).username))
    await central.kill()
  })
  afterAll(() => central?.close())

  const creates = () => clients.map((client) => {
    const operation = { kind: 'create' as const, opId: randomUUID(), registration: { id: randomUUID(), personType: 'manager' as const, values: personValues(++person) } }
    return { operation, push: () => client.push([operation]).then(() => 'answered', (error: unknown) => String((error as { code: unknown }).code)) }
  })
  type Write = ReturnType<typeof creates>[number]

  /** Rows of registration, receipt and audit that each has left. */
  async function traces(writes: readonly Write[]): Promise<number[][]> {
    const [registrations, receipts, events] = [
      await central.db.selectFrom('registration').select('id').execute(), await central.db.selectFrom('applied_write').select('idempotency_key').execute(),
      await central.db.selectFrom('audit_event').select('details_json').where('kind', '=', 'registration-created').execute(),
    ]
    return writes.map(({ operation: { opId, registration: { id } } }) => [
      registrations.filter((row) => row.id === id).length, receipts.filter((row) => row.idempotency_key === opId).length, events.filter(({ details_json }) => details_json.includes(id)).length,
    ])
  }

  it.each(['before', 'after'] as const)('right %s the commit of a group has each write whole or not at all, none answered that is not there, and each once in the end', async (dies) => {
    let together = 0
    // Several are in one group the first time as a rule.
    for (let round = 0; round === 0 || (dies === 'after' && together < 2 && round < 15); round++) {
      const writes = creates()
      await central.start({ dies })
      // A program that has just started takes as long for its first write as a group may take.
      expect(await Promise.all(creates().map(({ push }) => push()))).toEqual(writes.map(() => 'answered'))
      await central.wake()
      // All are there before it looks at the first of them, so that they come into one group.
      central.signal('SIGSTOP')
      const pushed = Promise.all(writes.map(({ push }) => push()))
      await new Promise((resolve) => setTimeout(resolve, 300))
      central.signal('SIGCONT')
      const answers = await pushed
      await central.ended()
      const left = await traces(writes)
      for (const trace of left) expect([[1, 1, 1], [0, 0, 0]]).toContainEqual(trace)
      for (const [index, answer] of answers.entries()) if (answer === 'answered') expect(left[index]).toEqual([1, 1, 1])
      const there = left.filter(([registrations]) => registrations === 1).length
      if (dies === 'before') expect(there).toBe(0)
      together = Math.max(together, there)
      await central.start()
      expect(await Promise.all(writes.map(({ push }) => push()))).toEqual(writes.map(() => 'answered'))
      expect(await traces(writes)).toEqual(writes.map(() => [1, 1, 1]))
      await central.kill()
    }
    if (dies === 'after') expect(together, 'several were in one group').toBeGreaterThan(1)
    expect((await verifyAuditChain(central.db, central.context.personal)).complaints).toEqual([])
  }, 150_000)
})
