import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { uploadsPath } from '../../shared/api/attachments.ts'
import { AppError } from '../../shared/errors/app-error.ts'
import { addFile, contentOf, readWhole } from '../support/attachment-files.ts'
import { startSyncRig, type SyncRig, type Workstation } from '../support/sync-rig.ts'

// Files that wait for the line on one machine, and what happens to them meanwhile; the central service is the real one.
let rig: SyncRig
let station: Workstation
let recordId: string
let person = 0
beforeAll(async () => {
  rig = await startSyncRig()
})
afterAll(() => rig.close())
beforeEach(async () => {
  rig.proxy.heal()
  station = await rig.workstation(await rig.addUnit())
  recordId = await station.add(++person)
  await station.sync()
})

const list = async () => (await station.attachments.list({ recordId })).items
const add = (content = contentOf('pdf', 300_000), more: { name?: string; type?: string } = {}) => addFile(station.attachments, { recordId, content, ...more })
const sealed = (id: string) => join(station.folder, 'attachments', `${id}.sealed`)
const there = () => rig.context().db.selectFrom('attachment').select('id').where('registration_id', '=', recordId).execute()
const pause = () => station.attachments.pauseUpload({ recordId, id: null })
const start = () => station.attachments.startUpload({ recordId, id: null })
const uploaded = (count: number) => expect.poll(async () => (await list()).map(({ state }) => state), { timeout: 20_000 }).toEqual(Array(count).fill('uploaded'))

it('the answer to the last piece is lost: asked again, it is there; neither refused nor twice', async () => {
  rig.proxy.on(`${uploadsPath}/`, { kind: 'drop-reply' }, { body: (body) => body !== '' })
  const { id } = await add()
  await expect.poll(list, { timeout: 20_000 }).toMatchObject([{ state: 'waiting', problem: { code: 'central-unreachable' } }])
  await start()
  await uploaded(1)
  expect(await there()).toEqual([{ id }])
})

it.each(['flipped', 'cut off', 'gone'])('a sealed file is %s while it waits: said at that file, with what to do, and the others go up', async (what) => {
  await pause()
  rig.proxy.on(uploadsPath, { kind: 'answer', status: 503 }, { times: 99 })
  const [hurt, fine] = [await add(), await add()]
  await pause()
  rig.proxy.heal()
  const path = sealed(hurt.id)
  const bytes = readFileSync(path)
  if (what === 'gone') rmSync(path)
  if (what === 'cut off') writeFileSync(path, bytes.subarray(0, 200_000))
  if (what === 'flipped') writeFileSync(path, bytes.with(150_000, (bytes[150_000] ?? 0) ^ 1))
  await start()
  await expect.poll(list, { timeout: 20_000 }).toMatchObject([{ id: hurt.id, state: 'refused', kept: false, problem: { code: 'attachment-lost-here' } }, { id: fine.id, state: 'uploaded' }])
  expect(new AppError('attachment-lost-here').sentence).toMatch(/重新添加/)
  expect(await there()).toEqual([{ id: fine.id }])
})

it('a rebuilt file of the unit has lost the rows: those that wait go up, those that are there are not sent again, each once', async () => {
  const done = await add()
  await uploaded(1)
  rig.proxy.on(uploadsPath, { kind: 'answer', status: 503 }, { times: 99 })
  const content = contentOf('pdf', 700_000)
  const waiting = await add(content, { name: '证书.pdf', type: '13' })
  await pause()
  rig.proxy.heal()
  // As a backup from before both has it; the cursor goes with every rebuild.
  station.local.file.exec("delete from attachment; delete from attachment_leftover; delete from meta where key = 'cursor'")
  const since = rig.proxy.seen.length
  station = await rig.restart(station)
  expect(await list()).toMatchObject([{ id: done.id }, { id: waiting.id, name: '证书.pdf', type: '13', size: 700_000 }])
  await station.connect()
  await uploaded(2)
  expect((await there()).map(({ id }) => id).sort()).toEqual([done.id, waiting.id].sort())
  expect(rig.proxy.seen.slice(since).filter(({ path, bytes }) => path === `${uploadsPath}/${done.id}` && bytes > 0)).toEqual([])
  expect((await readWhole(station.attachments, waiting.id)).equals(content)).toBe(true)
})

it('two windows add the same file at once: it is there once, and the other window hears that it is', async () => {
  const content = contentOf('pdf', 900_000)
  const results = await Promise.allSettled([add(content, { name: '甲.pdf' }), add(content, { name: '乙.pdf' })])
  expect(results.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as AppError] : []))
  expect(refused.map(({ code }) => code)).toEqual(['attachment-here'])
  await uploaded(1)
  expect(await there()).toHaveLength(1)
})

it('two windows give the same person a portrait at once: one of them is it, and the other can be had back', async () => {
  const portraits = await Promise.all(['甲.jpg', '乙.jpg'].map((name) => add(contentOf('jpeg', 200_000), { name, type: '03' })))
  const [shown, ...more] = await list()
  expect(more).toEqual([])
  const other = portraits.find(({ id }) => id !== shown?.id)
  await station.attachments.restore({ id: other?.id ?? '' })
  expect((await list()).map(({ id }) => id)).toEqual([other?.id])
})
