import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { operationsOf } from '../../electron/host/database/outbox.repository.ts'
import { startSyncRig, type SyncRig, type Workstation } from '../support/sync-rig.ts'

// A workstation in a process of its own that is killed while it sends. Its file is looked at here, before and after.
let rig: SyncRig
let unitId: string
let person = 0
beforeAll(async () => {
  rig = await startSyncRig()
  unitId = (await rig.addUnit()).id
})
afterAll(() => rig.close())
beforeEach(() => rig.proxy.heal())

const push = '/v1/sync/push'
const program = fileURLToPath(new URL('../support/syncing-program.ts', import.meta.url))
const run = ({ folder, unit }: Workstation) => spawn(process.execPath, [program, folder, JSON.stringify(unit), rig.proxy.url], { stdio: ['ignore', 'ignore', 'inherit'] })
const machine = async () => rig.workstation(await rig.addAccount(unitId), { offline: true })
const versions = async (ids: readonly string[]) => (await rig.registrations()).filter(({ id }) => ids.includes(id)).map(({ version }) => version)

it('killed between the commit at the central service and its answer: the write is still queued under its key, is sent again and is there once', async () => {
  let station = await machine()
  const id = await station.add(++person)
  await station.close()
  let open = () => undefined as void
  rig.proxy.on(push, { kind: 'hold-reply', until: new Promise<void>((resolve) => (open = resolve)) })
  const since = rig.proxy.seen.length
  const child = run(station)
  const ended = once(child, 'close')
  await expect.poll(() => versions([id]), { timeout: 20_000 }).toEqual([1])
  child.kill('SIGKILL')
  await ended
  open()
  station = await rig.restart(station)
  const [operation, ...others] = await operationsOf(station.local.db, id)
  expect(others).toEqual([])
  expect(operation?.frozen_at, 'it had left').not.toBeNull()
  expect(await station.row(id)).toMatchObject({ syncState: 'queued' })
  expect(await station.connect()).toMatchObject({ phase: 'idle', queued: 0 })
  const keys = rig.proxy.seen.slice(since).filter(({ path }) => path === push).map(({ body }) => (JSON.parse(body) as { operations: { opId: string }[] }).operations.map(({ opId }) => opId))
  expect(keys).toEqual([[operation?.op_id], [operation?.op_id]])
  expect(await versions([id])).toEqual([1])
  expect(await station.row(id)).toMatchObject({ syncState: 'uploaded' })
})

it('killed again and again while it sends a long queue: each write arrives once, and what it knows of each is what is there', { timeout: 60_000 }, async () => {
  let station = await machine()
  const ids: string[] = []
  for (let count = 0; count < 250; count++) ids.push(await station.add(++person))
  for (let kill = 0; kill < 3; kill++) {
    await station.close()
    const before = (await versions(ids)).length
    const child = run(station)
    const ended = once(child, 'close')
    await expect.poll(async () => (await versions(ids)).length, { timeout: 20_000, interval: 5 }).toBeGreaterThan(before + 10 + kill * 15)
    child.kill('SIGKILL')
    await ended
    station = await rig.restart(station)
    const there = new Set((await rig.registrations()).map(({ id }) => id))
    for (const { id, syncState } of await station.rows()) if (syncState === 'uploaded') expect(there.has(id), `${id} counts as uploaded`).toBe(true)
  }
  expect(await station.connect()).toMatchObject({ phase: 'idle', queued: 0, needsAttention: 0 })
  expect(await versions(ids)).toEqual(ids.map(() => 1))
  for (const id of ids) expect(await station.form(id)).toMatchObject({ syncState: 'uploaded' })
})
