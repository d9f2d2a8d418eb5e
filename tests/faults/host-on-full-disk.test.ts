import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { attachmentChunkSize } from '../../shared/contract/attachment-chunk.ts'
import { bridgeContract, type BridgeClient } from '../../shared/contract/index.ts'
import { createClient } from '../../shared/wire/client.ts'
import { addFile, contentOf, readWhole } from '../support/attachment-files.ts'
import { password, startCentral, type Central } from '../support/central-service.ts'
import { makeFullDisk, type FullDisk } from '../support/full-disk.ts'
import { failureOf } from '../support/key-service-rig.ts'
import { temporaryDirectory } from '../support/local-unit.ts'
import { personValues } from '../support/people.ts'

const program = fileURLToPath(new URL('../support/host-program.ts', import.meta.url))

let directory: ReturnType<typeof temporaryDirectory>
let data: string
let central: Central
let url: string
let byPassword: { username: string; password: string }
let disk: FullDisk
const running: { kill(): Promise<void> }[] = []
beforeEach(async () => {
  directory = temporaryDirectory()
  data = join(directory.path, 'data')
  mkdirSync(data)
  central = await startCentral({ kind: 'sqlite', path: join(directory.path, 'central.db') })
  url = await central.app.listen({ host: '127.0.0.1', port: 0 })
  byPassword = { username: (await central.addUnit()).username, password }
  disk = makeFullDisk(data, directory.path)
})
afterEach(async () => {
  for (const each of running.splice(0)) await each.kill()
  await central.close()
  directory.remove()
})

/** The whole host in a process whose disk can be full. */
async function startHost(): Promise<{ page: BridgeClient; kill(): Promise<void> }> {
  const child = spawn(process.execPath, [program, data, url], { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, ...disk.env } })
  const lines = createInterface({ input: child.stdout })
  const ended = once(child, 'close')
  const opened = once(lines, 'line')
  const { call } = createClient(bridgeContract, {
    send: (frame) => void child.stdin.write(`${JSON.stringify(frame)}\n`),
    onFrame: (listener) => void lines.on('line', (line) => listener(JSON.parse(line))),
    onClose: () => undefined,
    close: () => undefined,
  })
  await opened
  const host = {
    page: call,
    kill: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
  running.push(host)
  return host
}

const full = { code: 'local-full', sentence: '本机磁盘空间不足，内容暂未保存。请清理磁盘后重试，不要关闭窗口。' }
const told = async (attempt: unknown) => {
  const { code, sentence } = await failureOf(Promise.resolve(attempt))
  return { code, sentence }
}

it('on a disk that fills up at work: each save says so, what others did waits as well, and the window goes on once there is room', async () => {
  const { page } = await startHost()
  await page.session.signInWithPassword(byPassword)
  const first = await page.registrations.begin({ idCardNo: personValues(1).idCardNo })
  const kept = await page.registrations.keepDraft({ id: first.id, revision: first.revision, values: personValues(1, { residenceDetail: '写到一半' }) })
  disk.fill()
  const longer = personValues(1, { residenceDetail: '长'.repeat(200) })
  expect(await told(page.registrations.keepDraft({ id: first.id, revision: kept.revision, values: longer }))).toEqual(full)
  expect(await told(page.registrations.submit({ id: first.id, revision: kept.revision, values: longer }))).toEqual(full)
  expect((await page.registrations.open({ id: first.id })).values.residenceDetail, 'it can still be looked at').toBe('写到一半')
  const colleague = await central.signIn(byPassword.username)
  expect((await colleague.register(2)).status).toBe(201)
  await page.sync.syncNow({})
  disk.free()
  await page.registrations.submit({ id: first.id, revision: kept.revision, values: longer })
  expect(await page.sync.syncNow({})).toMatchObject({ phase: 'idle', queued: 0, problem: null })
  expect((await page.registrations.list({ query: '', page: 1, pageSize: 10 })).total).toBe(2)
})

it('on a full disk at the sign-in: says so and signs nobody in by half; what this machine knows stays as it is, and the next try goes through once there is room', async () => {
  const before = await startHost()
  await before.page.session.signInWithPassword(byPassword)
  const { id, revision } = await before.page.registrations.begin({ idCardNo: personValues(1).idCardNo })
  await before.page.registrations.keepDraft({ id, revision, values: personValues(1, { residenceDetail: '写到一半' }) })
  await before.page.session.signOut({})
  await before.kill()
  const device = readFileSync(join(data, 'device.sealed'))
  disk.fill()
  const { page } = await startHost()
  expect(await told(page.session.signInWithPassword(byPassword))).toEqual(full)
  expect((await page.session.state({})).phase).toBe('signed-out')
  expect(readFileSync(join(data, 'device.sealed')).equals(device)).toBe(true)
  disk.free()
  expect(await page.session.signInWithPassword(byPassword)).toMatchObject({ phase: 'signed-in' })
  expect((await page.registrations.open({ id })).values.residenceDetail).toBe('写到一半')
})

it('on a full disk at the first sign-in of a unit: says so, and nothing half-made is in the way once there is room', async () => {
  const { page } = await startHost()
  disk.fill()
  expect(await told(page.session.signInWithPassword(byPassword))).toEqual(full)
  disk.free()
  expect(await page.session.signInWithPassword(byPassword)).toMatchObject({ phase: 'signed-in' })
  const { id, revision } = await page.registrations.begin({ idCardNo: personValues(1).idCardNo })
  await page.registrations.submit({ id, revision, values: personValues(1) })
  expect(await page.sync.syncNow({})).toMatchObject({ phase: 'idle', queued: 0 })
})

it('on a disk that fills up while a file is added: says so, leaves nothing of it in the way, keeps what was there, and takes the file once there is room', async () => {
  const { page } = await startHost()
  await page.session.signInWithPassword(byPassword)
  const { id: recordId } = await page.registrations.begin({ idCardNo: personValues(1).idCardNo })
  const [first, second] = [contentOf('pdf', 300_000), contentOf('pdf', 2_000_000)]
  const kept = await addFile(page.attachments, { recordId, content: first })
  const folder = () => readdirSync(join(data, 'units'), { recursive: true, encoding: 'utf8' }).filter((name) => /\.(sealed|part)$/.test(name)).map((name) => name.slice(-43))
  const { id } = await page.attachments.beginAdding({ recordId, type: '99', name: '大.pdf', size: second.length, proofDate: null })
  const piece = (offset: number) => page.attachments.addChunk({ id, offset, chunk: second.subarray(offset, offset + attachmentChunkSize).toString('base64') })
  await piece(0)
  disk.fill()
  expect(await told(Promise.all([piece(attachmentChunkSize), piece(2 * attachmentChunkSize)]))).toEqual(full)
  expect(folder()).toEqual([`${kept.id}.sealed`])
  expect(await told(addFile(page.attachments, { recordId, content: second })), 'the next one hears it too').toEqual(full)
  expect((await readWhole(page.attachments, kept.id)).equals(first)).toBe(true)
  disk.free()
  const added = await addFile(page.attachments, { recordId, content: second })
  expect((await page.attachments.list({ recordId })).items.map((item) => item.id)).toEqual([kept.id, added.id])
  expect(folder().sort()).toEqual([kept.id, added.id].map((each) => `${each}.sealed`).sort())
})
