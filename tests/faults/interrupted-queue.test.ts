import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { operationsOf } from '../../electron/host/database/outbox.repository.ts'
import { problem, type Fault } from '../support/fault-proxy.ts'
import { startSyncRig, type SyncRig, type SyncUnit, type Workstation } from '../support/sync-rig.ts'

let rig: SyncRig
let unit: SyncUnit
let person = 700
beforeAll(async () => {
  rig = await startSyncRig()
  unit = await rig.addUnit()
})
afterAll(() => rig.close())
beforeEach(() => rig.proxy.heal())

const push = '/v1/sync/push'
const here = async (id: string) => (await rig.registrations()).filter((row) => row.id === id)
const machine = async (options: { patience?: number } = {}): Promise<Workstation> => rig.workstation(await rig.addAccount(unit.id), options)

interface Sent {
  kind: string
  opId: string
  id?: string
  registration?: { id: string }
  changes?: Record<string, string>
}
/** What each push since then carried of this record. */
const sentOf = (id: string, since: number): Sent[][] =>
  rig.proxy.seen.slice(since).filter(({ path }) => path === push)
    .map(({ body }) => (JSON.parse(body) as { operations: Sent[] }).operations.filter((operation) => (operation.id ?? operation.registration?.id) === id))
    .filter((operations) => operations.length > 0)

function gate(): { until: Promise<void>; open: () => void } {
  let open = () => undefined as void
  return { until: new Promise<void>((resolve) => (open = resolve)), open: () => open() }
}

it('an answer later than anybody waits: the write under way is sent again as it was, no other of its record beside it, and what was typed meanwhile follows it', async () => {
  const impatient = await machine({ patience: 800 })
  const id = await impatient.add(++person)
  const since = rig.proxy.seen.length
  const { until, open } = gate()
  // It arrives only after it was given up and sent again.
  rig.proxy.on(push, { kind: 'hold-request', until }, { times: 2 })
  expect(await impatient.sync()).toMatchObject({ phase: 'offline', queued: 1 })
  await impatient.edit(id, { jobPosition: '等候时改的' })
  expect(await impatient.sync()).toMatchObject({ phase: 'offline', queued: 2 })
  const before = sentOf(id, since)
  expect(before).toHaveLength(2)
  expect(before[1], 'the same, word for word').toEqual(before[0])
  expect(before.map((operations) => operations.map(({ kind }) => kind))).toEqual([['create'], ['create']])
  open()
  await expect.poll(async () => (await here(id)).length).toBe(1)
  impatient.ahead(600_000)
  expect(await impatient.sync()).toMatchObject({ phase: 'idle', queued: 0 })
  expect(sentOf(id, since).map((operations) => operations.map(({ kind }) => kind)).slice(2).flat()).toEqual(['create', 'patch'])
  expect(await here(id)).toMatchObject([{ version: 2 }])
  expect(await impatient.values(id)).toMatchObject({ jobPosition: '等候时改的' })
})

const soon = () => new Date(Date.now() + 90_000).toUTCString()
describe.each<[string, () => Fault, [number, number]]>([
  ['429 with Retry-After in seconds', () => problem(429, 'too-many-requests', { 'retry-after': '90' }), [85_000, 95_000]],
  ['503 with Retry-After as a date', () => problem(503, 'central-busy', { 'retry-after': soon() }), [80_000, 95_000]],
  ['503 of a proxy on the way', () => ({ kind: 'answer', status: 503, headers: { 'content-type': 'text/html', 'retry-after': '90' }, body: 'busy' }), [85_000, 95_000]],
  ['500 without a word about when', () => problem(500, 'internal'), [0, 2_000]],
])('a central service that answers %s', (_what, fault, [least, most]) => {
  it('is left alone as long as it asks, by a new write too, and each lane then goes on in its order', async () => {
    const station = await machine()
    const ids = [await station.add(++person), await station.add(++person)]
    const [first = ''] = ids
    // On its way already: the edit is an operation of its own behind it.
    rig.proxy.on(push, { kind: 'drop-request' })
    await station.sync()
    await station.edit(first, { jobPosition: '第一次改' })
    rig.proxy.on(push, fault(), { times: 99 })
    const since = rig.proxy.seen.length
    const status = await station.sync()
    const wait = Date.parse(status.nextTryAt ?? '') - Date.now()
    expect(wait).toBeGreaterThanOrEqual(least)
    expect(wait).toBeLessThanOrEqual(most)
    expect(status.queued).toBe(3)
    const asked = rig.proxy.seen.length
    if (least > 0) {
      station.engine.wake()
      expect(rig.proxy.seen.length, 'not tried at a keystroke').toBe(asked)
    }
    rig.proxy.heal()
    station.ahead(600_000)
    expect(await station.sync()).toMatchObject({ phase: 'idle', queued: 0, problem: null })
    const [before, after] = [sentOf(first, since).slice(0, -1), sentOf(first, since).at(-1)]
    for (const operations of before) expect(operations.map(({ kind }) => kind)).toEqual(['create'])
    expect(after?.map(({ kind }) => kind)).toEqual(['patch'])
    for (const id of ids) expect(await station.row(id)).toMatchObject({ syncState: 'uploaded' })
    expect(await here(first)).toMatchObject([{ version: 2 }])
    expect(await station.values(first)).toMatchObject({ jobPosition: '第一次改' })
  })
})

it('a session that the central service ends in the middle of the queue: what was answered is done, the rest waits as it was and goes up after the sign-in, each once and in order', async () => {
  const station = await machine()
  const ids: string[] = []
  for (let count = 0; count < 120; count++) ids.push(await station.add(++person))
  const since = rig.proxy.seen.length
  const { until, open } = gate()
  rig.proxy.on(push, { kind: 'hold-reply', until })
  const syncing = station.sync()
  await expect.poll(async () => (await rig.registrations()).filter((row) => ids.includes(row.id)).length, { timeout: 20_000 }).toBe(100)
  await rig.context().db.deleteFrom('session').where('account_id', '=', station.unit.accountId).execute()
  open()
  expect(await syncing).toMatchObject({ phase: 'waiting-for-sign-in', queued: 20 })
  const waiting = ids.slice(100)
  for (const id of waiting) expect(await operationsOf(station.local.db, id)).toHaveLength(1)
  expect(await station.sync(), 'still without a sign-in').toMatchObject({ phase: 'waiting-for-sign-in', queued: 20 })
  await station.edit(waiting[0] ?? '', { jobPosition: '登录前改的' })
  expect(await station.connect()).toMatchObject({ phase: 'idle', queued: 0 })
  const rows = (await rig.registrations()).filter((row) => ids.includes(row.id))
  expect(rows.map(({ id }) => id)).toEqual(ids)
  expect(rows.map(({ version }) => version)).toEqual(ids.map((id) => (id === waiting[0] ? 2 : 1)))
  const keys = waiting.map((id) => new Set(sentOf(id, since).flat().filter(({ kind }) => kind === 'create').map(({ opId }) => opId)).size)
  expect(keys, 'each under one key').toEqual(waiting.map(() => 1))
})
