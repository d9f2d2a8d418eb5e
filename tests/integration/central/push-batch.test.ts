import { randomUUID } from 'node:crypto'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyAuditChain } from '../../../central/audit/verify-chain.ts'
import { applyPushed } from '../../../central/modules/sync/push.service.ts'
import type { Who } from '../../../central/service-context.ts'
import type { QueuedRegistration } from '../../../central/write-once.ts'
import { backends, startBackend, type Backend } from '../../support/central-backends.ts'
import { startCentral, type Central } from '../../support/central-service.ts'
import { personValues } from '../../support/people.ts'

/** Few of each, so that keys, ids and people meet one another. */
const number = fc.nat(3)
const step = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('create' as const), key: number, id: number, person: number, valid: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('patch' as const), key: number, id: number, version: fc.integer({ min: 1, max: 2 }) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('withdraw' as const), key: number, id: number, version: fc.integer({ min: 1, max: 2 }) }) },
)
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

interface Service {
  readonly central: Central
  readonly who: Who
}

describe.each(backends)('a push on %s', (name) => {
  let backend: Backend
  let together: Service
  let oneByOne: Service
  let people = 0
  beforeAll(async () => {
    backend = await startBackend(name)
    together = await newService()
    oneByOne = await newService()
  })
  afterAll(async () => {
    await together?.central.close()
    await oneByOne?.central.close()
    await backend?.stop()
  })

  async function newService(): Promise<Service> {
    const central = await startCentral(await backend.newLocation())
    const { id: organizationId, accountId } = await central.addUnit()
    return { central, who: { organizationId, accountId, deviceId: 'device-of-a-test' } }
  }

  /** Names that mean the same in every run. */
  function operationsOf(steps: readonly Step[]) {
    const [keys, ids, first] = [Array.from({ length: 4 }, () => randomUUID()), Array.from({ length: 4 }, () => randomUUID()), people]
    people += 4
    return steps.map((each): QueuedRegistration => {
      const [opId, id] = [keys[each.key] ?? '', ids[each.id] ?? '']
      if (each.kind === 'create') return { kind: 'create', opId, registration: { id, personType: 'manager', values: personValues(first + each.person, each.valid ? {} : { name: '' }) } }
      return each.kind === 'patch' ? { kind: 'patch', opId, id, baseVersion: each.version, changes: { jobPosition: '安全员' } } : { kind: 'withdraw', opId, id, baseVersion: each.version }
    })
  }

  async function outcome({ central, who }: Service, pushes: readonly (readonly QueuedRegistration[])[]) {
    const events = () => central.db.selectFrom('audit_event').select(['kind', 'details_json']).where('organization_id', '=', who.organizationId).orderBy('chain_position').execute()
    const before = (await events()).length
    const results = []
    for (const operations of pushes) results.push(...(await applyPushed(central.context, who, operations)))
    const ids = pushes.flat().map((operation) => (operation.kind === 'create' ? operation.registration.id : operation.id))
    return {
      results: results.map((result) => [result.opId, result.outcome === 'applied' ? result.receipt : result.problem.code]),
      rows: await central.db.selectFrom('registration').select(['id', 'status', 'version', 'name']).where('id', 'in', ids).orderBy('id').execute(),
      // What is made together is told before the rest of its push.
      events: (await events()).slice(before).map(({ kind, details_json }) => `${kind} ${details_json}`).sort(),
    }
  }

  it('of many operations does what they do one after another, also where keys, ids and people meet in it', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 8 }), async (steps) => {
        const operations = operationsOf(steps)
        expect(await outcome(together, [operations])).toEqual(await outcome(oneByOne, operations.map((operation) => [operation])))
      }),
      { numRuns: 80 },
    )
    expect((await verifyAuditChain(together.central.db, together.central.personal)).complaints).toEqual([])
  })
})
