import { generateKeyPairSync } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { sendOutbox } from '../../../electron/host/sync/outbox-sender.ts'
import { startSyncEngine } from '../../../electron/host/sync/sync-engine.ts'
import { createCentralClient } from '../../../electron/host/central/central-client.ts'
import type { SyncStatus } from '../../../shared/contract/sync.contract.ts'
import { testLog } from '../../support/local-unit.ts'
import { startSyncRig, type SyncRig, type SyncUnit, type Workstation } from '../../support/sync-rig.ts'
import { selfSignedCertificate } from '../../support/self-signed-certificate.ts'

let rig: SyncRig
let unit: SyncUnit
let station: Workstation
let person = 400
beforeAll(async () => {
  rig = await startSyncRig()
  unit = await rig.addUnit()
  station = await rig.workstation(unit)
})
afterAll(() => rig.close())
beforeEach(() => rig.proxy.heal())

const push = '/v1/sync/push'
const here = async (id: string) => (await rig.registrations()).filter((row) => row.id === id)
const someone = async () => station.add(++person)

function gate(): { until: Promise<void>; open: () => void } {
  let open = () => undefined as void
  return { until: new Promise<void>((resolve) => (open = resolve)), open: () => open() }
}

describe('an edit while the create is under way', () => {
  it.each(['hold-request', 'hold-reply'] as const)('becomes a write of its own that follows it: %s', async (kind) => {
    const id = await someone()
    const { until, open } = gate()
    rig.proxy.on(push, { kind, until })
    const arrived = rig.proxy.nextRequest(push)
    const syncing = station.sync()
    await arrived
    await station.edit(id, { jobPosition: '路上改的' })
    await station.edit(id, { mobile: '13900000009' })
    open()
    expect((await syncing).queued).toBe(0)
    expect(await here(id)).toMatchObject([{ version: 2 }])
    expect(await station.values(id)).toMatchObject({ jobPosition: '路上改的', mobile: '13900000009' })
    expect(await station.row(id)).toMatchObject({ syncState: 'uploaded' })
  })
})

describe('a program that ends', () => {
  it('between the commit and its acknowledgement sends the write again under its key: one row', async () => {
    let machine = await rig.workstation(await rig.addAccount(unit.id))
    const id = await machine.add(++person)
    const { until, open } = gate()
    rig.proxy.on(push, { kind: 'hold-reply', until })
    const arrived = rig.proxy.nextRequest(push)
    void machine.sync()
    await arrived
    await expect.poll(async () => (await here(id)).length).toBe(1)
    machine = await rig.restart(machine)
    open()
    expect(await machine.row(id)).toMatchObject({ syncState: 'queued' })
    expect(await machine.connect()).toMatchObject({ queued: 0 })
    expect(await here(id)).toMatchObject([{ version: 1 }])
    expect(await machine.row(id)).toMatchObject({ syncState: 'uploaded' })
  })

  it('goes on with its queue in order after a restart', async () => {
    let machine = await rig.workstation(await rig.addAccount(unit.id))
    const ids: string[] = []
    for (let count = 0; count < 5; count++) ids.push(await machine.add(++person))
    machine = await rig.restart(machine)
    await machine.connect()
    const sent = rig.proxy.seen.filter(({ path }) => path === push).flatMap(({ body }) => (JSON.parse(body) as { operations: { registration?: { id: string } }[] }).operations.map((operation) => operation.registration?.id))
    expect(sent.filter((id) => ids.includes(id ?? ''))).toEqual(ids)
  })
})

it('what was made ready and not sent, because a key was pulled as the batch before was answered, can still be rewritten and taken back', async () => {
  const machine = await rig.workstation(await rig.addAccount(unit.id))
  const ids: string[] = []
  for (let count = 0; count < 101; count++) ids.push(await machine.add(++person))
  const pulled = new AbortController()
  const central = {
    pull: machine.client.pull,
    readRegistration: machine.client.readRegistration,
    reportReveals: machine.client.reportReveals,
    push: async (operations: Parameters<typeof machine.client.push>[0]) => {
      const reply = await machine.client.push(operations)
      pulled.abort(new Error('the key is out'))
      return reply
    },
  }
  const attempt = { local: machine.local, central, organizationId: unit.id, clock: { now: () => new Date() }, log: testLog(), rowsChanged: () => undefined, signal: pulled.signal, acceptedRemovals: 0, random: () => 0 }
  await expect(sendOutbox(attempt)).rejects.toThrow('the key is out')
  const frozen = await machine.local.db.selectFrom('outbox').select('record_id').where('frozen_at', 'is not', null).orderBy('seq').execute()
  expect(frozen.map(({ record_id }) => record_id)).toEqual(ids.slice(0, 100))
  await machine.registrations.remove({ id: ids[100] ?? '' })
  expect(await machine.sync()).toMatchObject({ queued: 0 })
  expect((await rig.registrations()).filter(({ id }) => ids.includes(id)).map(({ version }) => version)).toEqual(ids.slice(0, 100).map(() => 1))
})

describe('the engine', () => {
  it.each(['pause', 'stop'] as const)('breaks off what is under way: %s', async (how) => {
    const machine = await rig.workstation(await rig.addAccount(unit.id))
    const { until, open } = gate()
    rig.proxy.on('/v1/changes', { kind: 'hold-reply', until })
    const arrived = rig.proxy.nextRequest('/v1/changes')
    const syncing = machine.sync()
    await arrived
    if (how === 'pause') machine.engine.pause('key-removed')
    else await machine.engine.stop()
    // Answered while the reply is still held.
    await syncing
    open()
    if (how === 'pause') {
      await expect.poll(() => machine.engine.status().phase).toBe('paused-key-removed')
      machine.engine.resume()
      expect((await machine.sync()).phase).toBe('idle')
    }
  })

  it('answers a wish that comes during an attempt only after another one', async () => {
    const { until, open } = gate()
    const pulls = rig.proxy.seen.length
    rig.proxy.on('/v1/changes', { kind: 'hold-reply', until })
    const arrived = rig.proxy.nextRequest('/v1/changes')
    const first = station.sync()
    await arrived
    const second = station.sync()
    open()
    await first
    expect((await second).phase).toBe('idle')
    expect(rig.proxy.seen.slice(pulls).filter(({ path }) => path.startsWith('/v1/changes')).length).toBe(2)
  })

  it('says that it does not trust what answers, and goes on by itself once the right one does', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const der = await selfSignedCertificate('某上网认证', publicKey, privateKey)
    const cert = `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----`
    const intercepting = createServer({ cert, key: privateKey.export({ type: 'pkcs8', format: 'pem' }) })
    intercepting.listen(0, '127.0.0.1')
    await once(intercepting, 'listening')
    const port = (intercepting.address() as AddressInfo).port
    const wrong = createCentralClient({ centralUrl: `https://127.0.0.1:${port}`, centralCa: null, allowPlainHttp: false, tokenDriver: null }, () => 'device-0123456789abcdef')
    const told: SyncStatus[] = []
    const machine = await rig.workstation(await rig.addAccount(unit.id))
    let trusted = false
    const central = {
      push: machine.client.push,
      readRegistration: machine.client.readRegistration,
      reportReveals: machine.client.reportReveals,
      pull: (...call: Parameters<typeof machine.client.pull>) => (trusted ? machine.client : wrong).pull(...call),
    }
    const engine = await startSyncEngine({ local: machine.local, central, organizationId: unit.id, clock: { now: () => new Date() }, log: testLog(), rowsChanged: () => undefined }, { random: () => 0.999 })
    engine.onChange((status) => void told.push(status))
    engine.resume()
    await expect.poll(() => told.at(-1)).toMatchObject({ phase: 'offline', problem: { code: 'central-not-trusted' }, nextTryAt: expect.any(String) })
    trusted = true
    await expect.poll(() => told.at(-1)?.phase, { timeout: 5_000 }).toBe('idle')
    await engine.stop()
    wrong.close()
    intercepting.close()
  })
})
