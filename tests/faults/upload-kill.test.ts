import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { resealAll } from '../../central/operator/reseal.ts'
import { createPersonalData } from '../../central/personal-data/personal-data.ts'
import { addPersonalKey, readOrMakePersonalKeys } from '../../central/personal-data/personal-keys.ts'
import { makeFullDisk } from '../support/full-disk.ts'
import { makeKillableCentral, type KillableCentral, type StartOptions } from '../support/killable-central.ts'
import { claimOf, createTusCaller, pdfOf, sha256Of, signInOver, type TusCaller } from '../support/uploads.ts'

// The service's own program on SQLite, while it is killed and its disk fails under an upload.
// It starts several times, and fifty megabytes go to and fro.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 })
const mebibyte = 1 << 20
const piece = 8 * mebibyte
let central: KillableCentral
let tus: TusCaller

beforeEach(async () => {
  central = await makeKillableCentral()
})
afterEach(async () => {
  tus?.close()
  await central.close()
})

async function begin(options: StartOptions = {}): Promise<void> {
  await central.start(options)
  tus = createTusCaller(central.url, await signInOver(central.url, (await central.addUnit()).username))
}

const folder = () => join(central.data, 'attachments')
const files = () => readdirSync(folder(), { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
const download = (id: string) => tus.send('GET', `/v1/attachments/${id}/content`, {})

it('kill -9 in the middle of a piece costs that piece at most, and the file is whole in the end', async () => {
  await begin()
  const bytes = pdfOf(50 * mebibyte)
  const claim = claimOf(bytes)
  await tus.create(claim)
  let sent = 0
  for (let kills = 0; ; ) {
    const offset = (await tus.offset(claim.id)) ?? 0
    if (offset === bytes.length) break
    const next = bytes.subarray(offset, offset + piece)
    sent += next.length
    if (kills < 3 && offset >= (kills + 1) * 12 * mebibyte) {
      kills++
      // All of the piece but its last bytes are there when it dies.
      await tus.breakOff(claim.id, offset, next.subarray(0, -1), next.length, () => central.kill())
      await central.start()
      expect(await tus.offset(claim.id), 'what was acknowledged is still there').toBeGreaterThanOrEqual(offset)
    } else expect((await tus.append(claim.id, offset, next)).status).toBe(204)
  }
  expect(sent - bytes.length).toBeLessThanOrEqual(3 * piece)
  expect(sha256Of((await download(claim.id)).body)).toBe(claim.sha256)
  // What the kills have left beside is gone.
  expect(files().length).toBeLessThanOrEqual(Math.ceil(bytes.length / piece) + 3)
})

it('a piece that takes long is written down every few megabytes: kill -9 costs no more than that', async () => {
  await begin()
  const bytes = pdfOf(50 * mebibyte)
  const claim = claimOf(bytes)
  await tus.create(claim)
  await tus.breakOff(claim.id, 0, bytes.subarray(0, 40 * mebibyte), bytes.length, async () => {
    await expect.poll(() => tus.offset(claim.id)).toBeGreaterThanOrEqual(32 * mebibyte)
    await central.kill()
  })
  await central.start()
  const offset = (await tus.offset(claim.id)) ?? 0
  expect(offset).toBeGreaterThanOrEqual(32 * mebibyte)
  expect((await tus.append(claim.id, offset, bytes.subarray(offset))).status).toBe(204)
  expect(sha256Of((await download(claim.id)).body)).toBe(claim.sha256)
})

it('what the disk has lost meanwhile is asked for again', async () => {
  await begin()
  const bytes = pdfOf(3 * mebibyte)
  const claim = claimOf(bytes)
  await tus.create(claim)
  for (const from of [0, mebibyte]) await tus.append(claim.id, from, bytes.subarray(from, from + mebibyte))
  await central.kill()
  const second = files().find((path) => path.includes(`/${mebibyte}-`)) ?? ''
  writeFileSync(second, readFileSync(second).subarray(0, 1_000))
  await central.start()
  expect(await tus.offset(claim.id)).toBe(mebibyte)
  expect((await tus.append(claim.id, mebibyte, bytes.subarray(mebibyte))).status).toBe(204)
  expect(sha256Of((await download(claim.id)).body)).toBe(claim.sha256)
})

it('a byte that was flipped before the end is noticed and all of it is sent anew', async () => {
  await begin()
  const bytes = pdfOf(2 * mebibyte)
  const claim = claimOf(bytes)
  await tus.create(claim)
  await tus.append(claim.id, 0, bytes.subarray(0, mebibyte))
  await central.kill()
  const [first = ''] = files()
  const sealed = readFileSync(first)
  sealed[500_000] = (sealed[500_000] ?? 0) ^ 1
  writeFileSync(first, sealed)
  await central.start()
  expect(await tus.append(claim.id, mebibyte, bytes.subarray(mebibyte))).toMatchObject({ status: 422, code: 'attachment-hash-wrong' })
  expect(await tus.offset(claim.id)).toBeNull()
  expect((await tus.upload(bytes, claim)).status).toBe(204)
  expect(sha256Of((await download(claim.id)).body)).toBe(claim.sha256)
})

it('a sealed file that was altered, or put in another’s place, is told of and never handed out', async () => {
  await begin()
  const [one, two] = [pdfOf(5_000), pdfOf(5_000)].map((bytes) => ({ bytes, claim: claimOf(bytes) }))
  if (!one || !two) throw new Error('two')
  await tus.upload(one.bytes, one.claim)
  const [ofOne = ''] = files()
  await tus.upload(two.bytes, two.claim)
  const ofTwo = files().find((path) => path !== ofOne) ?? ''
  const sealed = readFileSync(ofOne)
  writeFileSync(ofOne, readFileSync(ofTwo))
  expect(await download(one.claim.id)).toMatchObject({ status: 410, code: 'attachment-damaged' })
  writeFileSync(ofOne, sealed.subarray(0, -1))
  expect(await download(one.claim.id)).toMatchObject({ status: 410, code: 'attachment-damaged' })
  writeFileSync(ofOne, sealed)
  expect(sha256Of((await download(one.claim.id)).body)).toBe(one.claim.sha256)
  // The bytes that were found damaged are not taken for those that somebody brings.
  const again = claimOf(one.bytes)
  expect((await tus.upload(one.bytes, again)).status).toBe(204)
  expect(files()).toHaveLength(3)
  expect(sha256Of((await download(again.id)).body)).toBe(one.claim.sha256)
})

it('a database that was restored without the files asks for the same bytes once more', async () => {
  await begin()
  const bytes = pdfOf(5_000)
  await tus.upload(bytes, claimOf(bytes))
  rmSync(folder(), { recursive: true })
  const again = claimOf(bytes)
  const store = { 'content-type': 'application/json', 'idempotency-key': again.id }
  expect(await tus.send('POST', '/v1/attachments', store, Buffer.from(JSON.stringify(again)))).toMatchObject({ status: 404, code: 'attachment-content-unknown' })
  expect((await tus.upload(bytes, again)).status).toBe(204)
  expect(sha256Of((await download(again.id)).body)).toBe(again.sha256)
})

it.each(['full', 'quota'] as const)('a disk without room (%s) says so, keeps what was there, and takes the rest once there is some', async (how) => {
  const disk = makeFullDisk(folder(), central.folder)
  await begin({ env: disk.env })
  const bytes = pdfOf(3 * mebibyte)
  const claim = claimOf(bytes)
  await tus.create(claim)
  expect((await tus.append(claim.id, 0, bytes.subarray(0, mebibyte))).status).toBe(204)
  const before = files().map((path) => [path, readFileSync(path).length])
  disk.fill(how)
  expect(await tus.append(claim.id, mebibyte, bytes.subarray(mebibyte))).toMatchObject({ status: 507, code: 'attachment-disk-full' })
  expect(await tus.offset(claim.id)).toBe(mebibyte)
  expect(files().map((path) => [path, readFileSync(path).length])).toEqual(before)
  disk.free()
  expect((await tus.append(claim.id, mebibyte, bytes.subarray(mebibyte))).status).toBe(204)
  expect(sha256Of((await download(claim.id)).body)).toBe(claim.sha256)
})

it('with another key of the personal columns the files stay as they are, and open', async () => {
  await begin()
  const bytes = pdfOf(5_000)
  const claim = claimOf(bytes)
  await tus.upload(bytes, claim)
  await central.kill()
  const [sealed] = files().map((path) => readFileSync(path))
  const keysFile = join(central.data, 'personal-keys.json')
  addPersonalKey(keysFile)
  expect(await resealAll({ ...central.context, personal: createPersonalData(readOrMakePersonalKeys(keysFile)) })).toBeGreaterThanOrEqual(2)
  const columns = [...(await central.db.selectFrom('attachment_content').select('key_sealed').execute()), ...(await central.db.selectFrom('attachment').select('details_sealed').execute())]
  expect(columns.flatMap((row) => Object.values(row)).map((text) => text.split('.')[0])).toEqual(['k2', 'k2'])
  await central.start()
  expect(files().map((path) => readFileSync(path))).toEqual([sealed])
  expect(sha256Of((await download(claim.id)).body)).toBe(claim.sha256)
})
