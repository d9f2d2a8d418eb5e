import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifyAuditChain } from '../../../central/audit/verify-chain.ts'
import { createAccount, createOrganization } from '../../../central/operator/operations.ts'
import { openStorage, type Storage } from '../../../central/storage.ts'
import { createCentralClient, type CentralClient } from '../../../electron/host/central/central-client.ts'
import type { PushOperation } from '../../../shared/api/resources.ts'
import { startBackend, type Backend } from '../../support/central-backends.ts'
import { install, type Installation } from '../../support/central-program.ts'
import { newDeviceId, newKey, nextCreditCode, password, recoveryPublicKey } from '../../support/central-service.ts'
import { personValues } from '../../support/people.ts'

type Create = Extract<PushOperation, { kind: 'create' }>

describe('two processes of the central service on one PostgreSQL', () => {
  let backend: Backend
  let installation: Installation
  let storage: Storage
  let programs: { url: string; stop(): Promise<number> }[]
  const clients: CentralClient[] = []
  let person = 0
  beforeAll(async () => {
    backend = await startBackend('PostgreSQL')
    const location = await backend.newLocation()
    installation = await install(location)
    const plain = { CENTRAL_ALLOW_PLAIN_HTTP: '1', CENTRAL_TLS_CERT: '', CENTRAL_TLS_KEY: '', CENTRAL_AUDIENCE: 'http://127.0.0.1:8080', CENTRAL_APPROVES_AUTOMATICALLY: '0' }
    // Both find an empty database and bring it to its schema.
    programs = await Promise.all([installation.start(plain), installation.start(plain)])
    storage = await openStorage({ location, keysFile: join(installation.folder, 'data', 'personal-keys.json') })
  })
  afterAll(async () => {
    for (const client of clients) client.close()
    await Promise.all((programs ?? []).map((program) => program.stop()))
    await storage?.database.close()
    installation?.remove()
    await backend?.stop()
  })

  const context = () => ({ db: storage.database.db, epoch: storage.database.epoch, clock: { now: () => new Date() }, personal: storage.personal })
  const create = (values = personValues(++person)): Create => ({ kind: 'create', opId: newKey(), registration: { id: randomUUID(), personType: 'manager', values } })
  const outcomeOf = async (pushed: ReturnType<CentralClient['push']>) => (await pushed).results.map((result) => (result.outcome === 'applied' ? 'applied' : result.problem.code)).join()

  /** As a workstation does: what was busy is sent again under its key. */
  const pushPatiently = async (way: CentralClient, operation: Create): Promise<string> => {
    const outcome = await outcomeOf(way.push([operation])).catch((error: unknown) => String((error as { code: unknown }).code))
    return outcome === 'central-busy' ? pushPatiently(way, operation) : outcome
  }

  /** A clerk of a new unit, signed in once, with a way to each process. */
  async function newClerk() {
    const unit = { name: '甲修缮有限公司', kind: 'contractor', creditCode: nextCreditCode(), address: '', contactName: '', contactPhone: '021-00000000', recoveryPublicKey } as const
    const organizationId = await createOrganization(context(), unit)
    const username = `clerk-${randomUUID()}`
    await createAccount(context(), { organizationId, username, displayName: username, role: 'clerk', password })
    const deviceId = newDeviceId()
    const ways = programs.map(({ url }) => createCentralClient({ centralUrl: url, centralCa: null, allowPlainHttp: true, tokenDriver: null }, () => deviceId)) as [CentralClient, CentralClient]
    clients.push(...ways)
    const { token } = await ways[0].signInWithPassword({ username, password, deviceId })
    for (const way of ways) way.useSession(token)
    return { organizationId, ways }
  }

  it('register one person for one of the units that ask at the same moment, and tell the others nothing more', async () => {
    const clerks = await Promise.all([1, 2, 3, 4].map(() => newClerk()))
    for (let round = 0; round < 10; round++) {
      const values = personValues(++person)
      const outcomes = await Promise.all(clerks.map(({ ways }, index) => outcomeOf((ways[index % 2] as CentralClient).push([create(values)]))))
      expect(outcomes.toSorted()).toEqual(['applied', 'registration-elsewhere', 'registration-elsewhere', 'registration-elsewhere'])
      const hash = storage.personal.hashIdCardNo(values.idCardNo)
      expect(await storage.database.db.selectFrom('registration').select('id').where('id_card_no_hash', '=', hash).execute()).toHaveLength(1)
    }
  })

  it('apply a write that reaches both at the same moment once, and give the same answer', async () => {
    const { ways: [one, other] } = await newClerk()
    for (let round = 0; round < 10; round++) {
      const operation = create()
      const answers = await Promise.all([one, other, one, other].map((way) => way.push([operation])))
      expect(new Set(answers.map(({ results }) => JSON.stringify(results)))).toEqual(new Set([JSON.stringify([{ opId: operation.opId, outcome: 'applied', receipt: { id: operation.registration.id, version: 1, status: 'pending' } }])]))
      const patch = { kind: 'patch' as const, opId: newKey(), id: operation.registration.id, baseVersion: 1, changes: { jobPosition: '安全员' } }
      expect(await Promise.all([one, other, one, other].map((way) => outcomeOf(way.push([patch]))))).toEqual(['applied', 'applied', 'applied', 'applied'])
      expect(await one.readRegistration(operation.registration.id)).toMatchObject({ version: 2 })
      const events = await storage.database.db.selectFrom('audit_event').select('kind').where('details_json', 'like', `%${operation.registration.id}%`).execute()
      expect(events.map(({ kind }) => kind).toSorted()).toEqual(['registration-changed', 'registration-created'])
    }
  })

  it('number the changes of a unit in one order: who follows them at either misses none', async () => {
    const { ways } = await newClerk()
    const operations = Array.from({ length: 40 }, () => create())
    const seen: string[] = []
    let [after, writing] = [0, true]
    const follow = async () => {
      for (let turn = 0, rest = true; rest; turn++) {
        const was = writing
        const page = await (ways[turn % 2] as CentralClient).pull({ after, epoch: storage.database.epoch, limit: 7 })
        seen.push(...page.items.flatMap((item) => (item.kind === 'registration' ? [item.registration.id] : [])))
        after = page.next
        rest = was || page.hasMore
      }
    }
    const write = Promise.all(operations.map((operation, index) => pushPatiently(ways[index % 2] as CentralClient, operation))).finally(() => void (writing = false))
    const [outcomes] = await Promise.all([write, follow()])
    expect(new Set(outcomes)).toEqual(new Set(['applied']))
    // What is committed while a page is read may come once more with the next.
    expect([...new Set(seen)].toSorted()).toEqual(operations.map(({ registration }) => registration.id).toSorted())
  })

  it('know of a session that ended at the other', async () => {
    const { ways: [one, other] } = await newClerk()
    await other.readOrganization()
    await one.suspendSession()
    await expect(other.readOrganization()).rejects.toMatchObject({ code: 'session-suspended' })
  })

  it('leave chains of audit events that are whole', async () => {
    const { complaints, events } = await verifyAuditChain(storage.database.db, storage.personal)
    expect(complaints).toEqual([])
    expect(events).toBeGreaterThan(70)
  })
})
