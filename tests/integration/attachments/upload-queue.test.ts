import { randomUUID } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openAttachments, type OpenAttachments } from '../../../electron/host/attachments/open-attachments.ts'
import type { UploadProgress } from '../../../electron/host/attachments/upload-queue.ts'
import { takeServerAttachments } from '../../../electron/host/sync/server-attachments.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import { addFile, contentOf, readWhole } from '../../support/attachment-files.ts'
import { fakeAttachmentsCentral, type FakeAttachmentsCentral } from '../../support/fake-attachments-central.ts'
import { openTestUnit, recordId as personId, fillWithPeople, temporaryDirectory, testLog, unitKey, type TestUnit } from '../../support/local-unit.ts'
import { idCardNoOf } from '../../support/people.ts'
import { dialogsCancelled } from '../../support/shell-ports.ts'

// The real folder, file and queue; of the central service what its contract says.
let directory: ReturnType<typeof temporaryDirectory>
let unit: TestUnit
let opened: OpenAttachments
let central: FakeAttachmentsCentral
let told: UploadProgress[]
const recordId = personId(0)
const folder = () => join(directory.path, 'attachments')

async function open(ofUnit = true) {
  unit = await openTestUnit(directory.path)
  opened = await openAttachments({
    local: unit.local, folder: folder(), unitKey, central, ofUnit, changed: () => undefined, progress: (each) => void told.push(each), random: () => 0.99,
    ports: { clock: unit.clock, log: testLog(), dialogs: dialogsCancelled },
  })
}
async function close() {
  await opened.close()
  await unit.close()
}
beforeEach(async () => {
  directory = temporaryDirectory()
  central = fakeAttachmentsCentral()
  told = []
  await open()
  fillWithPeople(unit.local, 1)
})
afterEach(async () => {
  await close()
  directory.remove()
})

const list = async () => (await opened.service.list({ recordId })).items
const states = async () => (await list()).map(({ state }) => state)
const add = (size = 2_500_000) => addFile(opened.service, { recordId, content: contentOf('pdf', size), name: `${randomUUID()}.pdf` })
/** Holds every piece until it is let go. */
function hold() {
  let release = () => undefined as void
  const released = new Promise<void>((resolve) => (release = resolve))
  central.beforePiece = (_claim, signal) => Promise.race([released, new Promise<void>((resolve) => (signal?.aborted ? resolve() : signal?.addEventListener('abort', () => resolve())))])
  return release
}

describe('what waits to be uploaded', () => {
  it('goes up three at once, each whole, and counts as uploaded then', async () => {
    central.beforePiece = () => new Promise((resolve) => setTimeout(resolve, 50))
    const contents = Array.from({ length: 5 }, () => contentOf('pdf', 2_500_000))
    for (const content of contents) await addFile(opened.service, { recordId, content, name: `${randomUUID()}.pdf` })
    opened.follow('idle')
    await expect.poll(states, { timeout: 10_000 }).toEqual(Array(5).fill('uploaded'))
    expect([...central.attached.values()].map((each) => contents.some((content) => content.equals(each)))).toEqual(Array(5).fill(true))
    expect(central.atOnce()).toBe(3)
    expect(told.length).toBeGreaterThan(0)
    expect((await list()).every(({ uploadedAt, sent, size }) => uploadedAt !== null && sent === size)).toBe(true)
  })

  it('does not go before the sync has found the central service to be the right one, nor while it is to be signed in', async () => {
    await add()
    opened.follow('syncing')
    opened.follow('waiting-for-sign-in')
    opened.follow('offline')
    opened.follow('stopped')
    expect(await states()).toEqual(['waiting'])
    expect(central.came.size).toBe(0)
    opened.follow('idle')
    await expect.poll(states).toEqual(['uploaded'])
  })

  it('waits until its registration is at the central service', async () => {
    const { id } = await unit.registrations.begin({ idCardNo: idCardNoOf(77) })
    await addFile(opened.service, { recordId: id, content: contentOf('pdf', 900) })
    opened.follow('idle')
    await add(900)
    await expect.poll(states).toEqual(['uploaded'])
    expect(await opened.service.list({ recordId: id })).toMatchObject({ registered: false, items: [{ state: 'waiting', sent: 0 }] })
    unit.local.file.prepare('update record set version = 1 where id = ?').run(id)
    opened.follow('idle')
    await expect.poll(async () => (await opened.service.list({ recordId: id })).items[0]?.state).toBe('uploaded')
  })

  it('is not sent where the unit has the content already', async () => {
    const content = contentOf('pdf', 50_000)
    central.attached.set(randomUUID(), content)
    await addFile(opened.service, { recordId, content })
    opened.follow('idle')
    await expect.poll(states).toEqual(['uploaded'])
    expect(central.came.size).toBe(0)
  })

  it('can be paused, one or all, and goes on from where it was', async () => {
    const release = hold()
    const [one, other] = [await add(), await add()]
    opened.follow('idle')
    await expect.poll(states).toEqual(['uploading', 'uploading'])
    await opened.service.pauseUpload({ recordId, id: one.id })
    expect(await states()).toEqual(['paused', 'uploading'])
    await opened.service.pauseUpload({ recordId, id: null })
    expect(await states()).toEqual(['paused', 'paused'])
    release()
    expect(central.attached.size).toBe(0)
    await opened.service.startUpload({ recordId, id: other.id })
    await expect.poll(states).toEqual(['paused', 'uploaded'])
    await opened.service.startUpload({ recordId, id: null })
    await expect.poll(states).toEqual(['uploaded', 'uploaded'])
    expect(central.came.get(one.id)).toBe(one.size)
  })

  it('goes on after a restart of the program without sending again what has arrived', async () => {
    const { id, size } = await add(6_000_000)
    let pieces = 0
    let stop = () => undefined as void
    const stopped = new Promise<void>((resolve) => (stop = resolve))
    central.beforePiece = async (_claim, signal) => {
      if (++pieces !== 2) return
      stop()
      await new Promise<void>((resolve) => signal?.addEventListener('abort', () => resolve()))
    }
    opened.follow('idle')
    await stopped
    await close()
    expect(central.arriving.get(id)?.length).toBe(1 << 20)
    central.beforePiece = () => undefined
    await open()
    expect(await list()).toMatchObject([{ state: 'waiting', sent: 1 << 20 }])
    opened.follow('idle')
    await expect.poll(states).toEqual(['uploaded'])
    expect(central.came.get(id), 'each byte once').toBe(size)
  })

  it('begins anew where the central service has forgotten what had arrived', async () => {
    const { id } = await add(3_000_000)
    let pieces = 0
    central.beforePiece = () => {
      if (++pieces === 2) throw new AppError('central-unreachable')
    }
    opened.follow('idle')
    await expect.poll(async () => (await list())[0]?.problem?.code).toBe('central-unreachable')
    central.arriving.clear()
    central.beforePiece = () => undefined
    await opened.service.startUpload({ recordId, id })
    await expect.poll(states).toEqual(['uploaded'])
  })

  it('is put off where the line is at fault, says why, and is tried at once by 上传', async () => {
    await add(900)
    central.beforePiece = () => {
      throw new AppError('central-busy', { retryAfterSeconds: 600 })
    }
    opened.follow('idle')
    await expect.poll(async () => (await list())[0]?.problem?.code).toBe('central-busy')
    const [put] = await list()
    expect(put?.state).toBe('waiting')
    expect(Date.parse(String(put?.nextTryAt)) - unit.clock.now().getTime()).toBeGreaterThan(590_000)
    central.beforePiece = () => undefined
    await opened.service.startUpload({ recordId, id: null })
    await expect.poll(states).toEqual(['uploaded'])
  })

  it('comes back with the sentence where it is refused for good, and the others go on', async () => {
    const { id } = await add(900)
    await add(901)
    central.beforePiece = (claim) => {
      if (claim.id === id) throw new AppError('attachment-quota')
    }
    opened.follow('idle')
    await expect.poll(states).toEqual(['refused', 'uploaded'])
    expect((await list())[0]?.problem).toEqual({ code: 'attachment-quota', details: {} })
  })

  it('waits quietly for a new sign-in where the session has ended', async () => {
    await add(900)
    central.beforePiece = () => {
      throw new AppError('session-expired')
    }
    opened.follow('idle')
    await expect.poll(async () => central.atOnce()).toBe(1)
    await expect.poll(states).toEqual(['waiting'])
    central.beforePiece = () => undefined
    opened.follow('waiting-for-sign-in')
    opened.follow('idle')
    await expect.poll(states).toEqual(['uploaded'])
  })

  it('breaks off when the CA lock is pulled, and goes on when it is back', async () => {
    const release = hold()
    await add()
    opened.follow('idle')
    await expect.poll(states).toEqual(['uploading'])
    opened.follow('paused-key-removed')
    await expect.poll(states).toEqual(['waiting'])
    release()
    expect(central.attached.size).toBe(0)
    opened.follow('idle')
    await expect.poll(states).toEqual(['uploaded'])
  })
})

describe('what the central service tells', () => {
  const resource = (id: string, content: Buffer, sha256: string) => ({
    id, registrationId: recordId, type: '12', fileName: '同事的.pdf', mediaType: 'application/pdf', size: content.length, sha256, proofDate: null, uploadedAt: '2026-11-23T08:00:00.000Z', uploadedBy: '李强',
  })

  it('of others’ attachments is in the list, their content is fetched once and kept sealed, and goes with them', async () => {
    const content = contentOf('pdf', 700_000)
    const { id, sha256 } = await (async () => {
      const { createHash } = await import('node:crypto')
      return { id: randomUUID(), sha256: createHash('sha256').update(content).digest('hex') }
    })()
    central.attached.set(id, content)
    await takeServerAttachments(unit.local.db, { registrationId: recordId, items: [resource(id, content, sha256)] }, 'life-1')
    expect(await list()).toMatchObject([{ id, name: '同事的.pdf', state: 'uploaded', kept: false, uploadedBy: '李强' }])
    expect((await readWhole(opened.service, id)).equals(content)).toBe(true)
    expect(await list()).toMatchObject([{ kept: true }])
    central.attached.clear()
    expect((await readWhole(opened.service, id)).equals(content), 'also without the central service').toBe(true)
    await takeServerAttachments(unit.local.db, { registrationId: recordId, items: [] }, 'life-1')
    expect(await list()).toEqual([])
    opened.follow('idle')
    await expect.poll(() => (existsSync(folder()) ? readdirSync(folder()) : [])).toEqual([])
  })

  it('does not take away what is still on its way', async () => {
    const { id } = await add(900)
    await takeServerAttachments(unit.local.db, { registrationId: recordId, items: [] }, 'life-1')
    expect(await list()).toMatchObject([{ id, state: 'waiting' }])
  })

  it('of a content that is not what was told of is not kept', async () => {
    const content = contentOf('pdf', 5_000)
    const id = randomUUID()
    central.attached.set(id, contentOf('pdf', 5_000))
    await takeServerAttachments(unit.local.db, { registrationId: recordId, items: [resource(id, content, '0'.repeat(64))] }, 'life-1')
    await expect(readWhole(opened.service, id)).rejects.toMatchObject({ code: 'central-reply-invalid' })
    expect(readdirSync(folder())).toEqual([])
  })
})

describe('删除 of what is at the central service', () => {
  it('is told there once it can no longer be taken back', async () => {
    const { id } = await add(900)
    opened.follow('idle')
    await expect.poll(states).toEqual(['uploaded'])
    await opened.service.remove({ id })
    expect(central.attached.size, 'it can still be taken back').toBe(1)
    unit.clock.advance(13_000)
    opened.follow('idle')
    await expect.poll(() => central.attached.size).toBe(0)
    await expect.poll(() => readdirSync(folder())).toEqual([])
  })

  it('waits for the line', async () => {
    const { id } = await add(900)
    opened.follow('idle')
    await expect.poll(states).toEqual(['uploaded'])
    opened.follow('offline')
    await opened.service.remove({ id })
    unit.clock.advance(13_000)
    await close()
    await open()
    expect([await list(), central.attached.size]).toEqual([[], 1])
    opened.follow('idle')
    await expect.poll(() => central.attached.size).toBe(0)
  })
})

describe('what is the unit’s own', () => {
  const addOfUnit = () => addFile(opened.service, { recordId: null, content: contentOf('pdf', 5_000), type: '21', name: '资质证书.pdf' })
  const reopen = (asAdministrator: boolean) => close().then(() => open(asAdministrator)).then(() => opened.follow('idle'))
  const ofUnit = async () => (await opened.service.list({ recordId: null })).items

  it('waits while a clerk is signed in here, who changes nothing of it, and goes up with a 单位管理员', async () => {
    const [kept, removed] = [await addOfUnit(), await addFile(opened.service, { recordId: null, content: contentOf('pdf', 6_000), type: '21', name: '旧证书.pdf' })]
    await opened.service.remove({ id: removed.id })
    await reopen(false)
    await add()
    await expect.poll(states, { timeout: 10_000 }).toEqual(['uploaded'])
    expect(await ofUnit()).toMatchObject([{ id: kept.id, state: 'waiting' }])
    for (const call of [
      () => addOfUnit(), () => opened.service.remove({ id: kept.id }), () => opened.service.restore({ id: removed.id }), () => opened.service.pauseUpload({ recordId: null, id: kept.id }), () => opened.service.startUpload({ recordId: null, id: kept.id }),
    ]) await expect((async () => call())()).rejects.toMatchObject({ code: 'forbidden' })
    await reopen(true)
    await expect.poll(async () => (await ofUnit()).map(({ state }) => state), { timeout: 10_000 }).toEqual(['uploaded'])
  })
})
