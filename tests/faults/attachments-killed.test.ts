import { spawn, type ChildProcess } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { uploadsPath } from '../../shared/api/attachments.ts'
import { addFile, contentOf, readWhole } from '../support/attachment-files.ts'
import { startSyncRig, type SyncRig, type Workstation } from '../support/sync-rig.ts'

// A workstation in a process of its own that is killed while it adds files or sends them. Its folder is looked at here, afterwards.
let rig: SyncRig
let unitId: string
let person = 0
beforeAll(async () => {
  rig = await startSyncRig()
  unitId = (await rig.addUnit()).id
})
afterAll(() => rig.close())
beforeEach(() => rig.proxy.heal())

const program = fileURLToPath(new URL('../support/attaching-program.ts', import.meta.url))
const running: ChildProcess[] = []
function run({ folder, unit }: Workstation, recordId?: string) {
  const child = spawn(process.execPath, [program, folder, JSON.stringify(unit), rig.proxy.url, ...(recordId ? [recordId] : [])], { stdio: ['ignore', 'pipe', 'inherit'] })
  running.push(child)
  return child
}
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL')
})
const list = async (station: Workstation, recordId: string) => (await station.attachments.list({ recordId })).items
/** Of all contents at the central service. */
const parts = async () => (await rig.context().db.selectFrom('attachment_part').select('content_id').execute()).length
const hashOf = (content: Buffer) => createHash('sha256').update(content).digest('hex')

it('killed at random moments of adding and sealing: every acknowledged file is there whole, every other one whole or not at all', { timeout: 120_000 }, async () => {
  let station = await rig.workstation(await rig.addAccount(unitId), { offline: true })
  const recordId = await station.add(++person)
  const acknowledged = new Map<string, string>()
  for (const after of [0, 40]) {
    await station.close()
    const child = run(station, recordId)
    let here = 0
    for await (const line of createInterface({ input: child.stdout })) {
      const { id, sha256 } = JSON.parse(line) as { id: string; sha256: string }
      acknowledged.set(id, sha256)
      if (++here === 4) setTimeout(() => child.kill('SIGKILL'), after)
    }
    station = await rig.restart(station)
  }
  const items = await list(station, recordId)
  for (const { id, state } of items) {
    const known = acknowledged.get(id)
    const found = hashOf(await readWhole(station.attachments, id))
    if (known) expect(found, id).toBe(known)
    expect(state).toBe('waiting')
  }
  expect(acknowledged.size).toBeGreaterThanOrEqual(8)
  expect([...acknowledged.keys()].filter((id) => !items.some((item) => item.id === id)), 'acknowledged and lost').toEqual([])
  expect(readdirSync(join(station.folder, 'attachments')).sort(), 'a file a row, and nothing half-made').toEqual(items.map(({ id }) => `${id}.sealed`).sort())
})

it.each([['the last piece, and so the whole', 700_000], ['the first of several pieces', 2_500_000]])('killed while the answer to %s is on its way: goes on after the start, nothing is sent twice, and it is there once', { timeout: 120_000 }, async (_what, size) => {
  let station = await rig.workstation(await rig.addAccount(unitId))
  const recordId = await station.add(++person)
  await station.sync()
  // Started anew it has no session yet: what is added waits.
  station = await rig.restart(station)
  const content = contentOf('pdf', size)
  const { id } = await addFile(station.attachments, { recordId, content })
  await station.close()
  let open = () => undefined as void
  rig.proxy.on(`${uploadsPath}/${id}`, { kind: 'hold-reply', until: new Promise<void>((resolve) => (open = resolve)) }, { body: (body) => body !== '' })
  const [since, before] = [rig.proxy.seen.length, await parts()]
  const child = run(station)
  const ended = once(child, 'close')
  await expect.poll(parts, { timeout: 60_000 }).toBeGreaterThan(before)
  child.kill('SIGKILL')
  await ended
  open()
  station = await rig.restart(station)
  await station.connect()
  await expect.poll(() => list(station, recordId), { timeout: 20_000 }).toMatchObject([{ id, state: 'uploaded', problem: null }])
  const sent = rig.proxy.seen.slice(since).filter(({ path }) => path === `${uploadsPath}/${id}`).reduce((sum, { bytes }) => sum + bytes, 0)
  expect(sent).toBe(size)
  const there: Buffer[] = []
  for await (const piece of await station.client.readAttachmentContent(id)) there.push(piece)
  expect(Buffer.concat(there).equals(content)).toBe(true)
  expect(await rig.context().db.selectFrom('attachment').select('id').where('registration_id', '=', recordId).execute()).toEqual([{ id }])
})
