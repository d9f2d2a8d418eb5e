import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openAttachments, type OpenAttachments } from '../../../electron/host/attachments/open-attachments.ts'
import { createCentralClient } from '../../../electron/host/central/central-client.ts'
import { attachmentChunkSize } from '../../../shared/contract/attachment-chunk.ts'
import { shanghaiDate } from '../../../shared/domain/dates.ts'
import { addFile, contentOf, dialogsSavingAt, readWhole } from '../../support/attachment-files.ts'
import { openTestUnit, temporaryDirectory, testLog, unitKey, type TestUnit } from '../../support/local-unit.ts'
import { idCardNoOf } from '../../support/people.ts'
import { dialogsCancelled } from '../../support/shell-ports.ts'

// The real folder and the real local file; the central service is out of reach.
let directory: ReturnType<typeof temporaryDirectory>
let unit: TestUnit
let opened: OpenAttachments
let recordId: string
let savedAt: string | null
const nowhere = createCentralClient({ centralUrl: 'http://127.0.0.1:9', centralCa: null, allowPlainHttp: true, tokenDriver: null }, () => 'device-0123456789abcdef')
const folder = () => join(directory.path, 'attachments')
const files = () => (existsSync(folder()) ? readdirSync(folder()) : [])

async function open() {
  unit = await openTestUnit(directory.path)
  opened = await openAttachments({
    local: unit.local, folder: folder(), unitKey, central: nowhere, ofUnit: true, changed: () => undefined, progress: () => undefined,
    ports: { clock: unit.clock, log: testLog(), dialogs: dialogsSavingAt(() => savedAt) },
  })
}
async function close() {
  await opened.close()
  await unit.close()
}
async function reopen() {
  await close()
  await open()
}
beforeEach(async () => {
  directory = temporaryDirectory()
  savedAt = null
  await open()
  recordId = (await unit.registrations.begin({ idCardNo: idCardNoOf(1) })).id
})
afterEach(async () => {
  await close()
  directory.remove()
})

const list = async (id = recordId) => (await opened.service.list({ recordId: id })).items
const failure = async (work: unknown) => {
  try {
    await work
    return 'none'
  } catch (error) {
    return (error as { code: string }).code
  }
}

describe('a file that a clerk adds', () => {
  it.each([1_000, 256 << 10, (256 << 10) + 1, 3 * (256 << 10), 5_000_000])('of %i bytes is there whole, in the table and as its content, after a restart too', async (size) => {
    const content = contentOf('pdf', size)
    const added = await addFile(opened.service, { recordId, content, name: '毕业证.pdf', type: '12' })
    expect(added).toMatchObject({ name: '毕业证.pdf', type: '12', mediaType: 'application/pdf', size, state: 'waiting', kept: true, sent: 0, problem: null })
    await reopen()
    expect(await list()).toEqual([added])
    expect((await readWhole(opened.service, added.id)).equals(content)).toBe(true)
  })

  it('lies sealed: neither its content nor its name can be read in the folder, and another one’s file does not open in its place', async () => {
    const words = Buffer.from('%PDF-1.7\n一段谁都认得出来的文字'.repeat(40_000))
    const one = await addFile(opened.service, { recordId, content: words, name: '合同.pdf' })
    const other = await addFile(opened.service, { recordId, content: contentOf('pdf', words.length), name: '别的.pdf' })
    for (const name of files()) for (const plain of ['谁都认得出来', '合同', '%PDF']) expect(readFileSync(join(folder(), name)).includes(plain), `${name}: ${plain}`).toBe(false)
    writeFileSync(join(folder(), `${one.id}.sealed`), readFileSync(join(folder(), `${other.id}.sealed`)))
    expect(await failure(readWhole(opened.service, one.id))).toBe('attachment-lost-here')
  })

  it.each(['first', 'last', 'middle'])('shows a changed byte in its %s part, and says that it is to be added again', async (where) => {
    const { id } = await addFile(opened.service, { recordId, content: contentOf('pdf', 700_000) })
    const path = join(folder(), `${id}.sealed`)
    const bytes = readFileSync(path)
    const place = { first: 30, middle: bytes.length >> 1, last: bytes.length - 1 }[where] ?? 0
    bytes[place] = (bytes[place] ?? 0) ^ 1
    writeFileSync(path, bytes)
    expect(await failure(readWhole(opened.service, id))).toBe('attachment-lost-here')
    expect(await list()).toMatchObject([{ state: 'refused', problem: { code: 'attachment-lost-here' } }])
  })

  it('that was cut off shows it', async () => {
    const { id } = await addFile(opened.service, { recordId, content: contentOf('pdf', (256 << 10) * 2) })
    const path = join(folder(), `${id}.sealed`)
    writeFileSync(path, readFileSync(path).subarray(0, -((256 << 10) + 16)))
    expect(await failure(readWhole(opened.service, id))).toBe('attachment-lost-here')
  })

  it('is what its content says, whatever it is called', async () => {
    expect(await addFile(opened.service, { recordId, content: contentOf('pdf', 500), name: '照片.jpg' })).toMatchObject({ name: '照片.pdf', mediaType: 'application/pdf' })
    expect(await failure(addFile(opened.service, { recordId, content: contentOf('zip', 500), name: '照片.jpg' }))).toBe('attachment-kind-refused')
    expect(await failure(addFile(opened.service, { recordId, content: contentOf('zip', 5_000_000), name: '照片.jpg' }))).toBe('attachment-kind-refused')
    expect(await failure(addFile(opened.service, { recordId, content: contentOf('pdf', 500), name: '证.pdf', type: '01' }))).toBe('attachment-photo-wanted')
    expect(files(), 'nothing of those refused is left').toHaveLength(1)
  })

  it('that is empty or too large is refused before a byte of it is taken', async () => {
    const begin = (size: number, name: string) => failure(opened.service.beginAdding({ recordId, type: '99', name, size, proofDate: null }))
    expect(await begin(0, 'a.pdf')).toBe('attachment-empty')
    expect(await begin(500 << 20, 'a.pdf')).toBe('attachment-too-large')
    expect(await begin(21 << 20, 'a.jpg')).toBe('attachment-too-large')
    expect(files()).toEqual([])
  })

  it('twice is there once, and the answer says so', async () => {
    const content = contentOf('pdf', 5_000)
    await addFile(opened.service, { recordId, content, name: '甲.pdf' })
    expect(await failure(addFile(opened.service, { recordId, content, name: '乙.pdf' }))).toBe('attachment-here')
    expect(await list()).toHaveLength(1)
    expect(files()).toHaveLength(1)
    await addFile(opened.service, { recordId, content, name: '甲.pdf', type: '12' })
    expect(await list(), 'as another kind of proof it counts').toHaveLength(2)
  })

  it('in pieces that do not follow one another is not there at all', async () => {
    const content = contentOf('pdf', attachmentChunkSize * 2)
    const begin = async () => (await opened.service.beginAdding({ recordId, type: '99', name: 'a.pdf', size: content.length, proofDate: null })).id
    const chunk = content.subarray(0, attachmentChunkSize).toString('base64')
    const gap = await begin()
    await opened.service.addChunk({ id: gap, offset: 0, chunk })
    expect(await failure(opened.service.addChunk({ id: gap, offset: attachmentChunkSize + 1, chunk }))).toBe('attachment-add-broken')
    expect(await failure(opened.service.finishAdding({ id: gap }))).toBe('not-found')
    const short = await begin()
    await opened.service.addChunk({ id: short, offset: 0, chunk })
    expect(await failure(opened.service.finishAdding({ id: short }))).toBe('attachment-add-broken')
    const given = await begin()
    await opened.service.addChunk({ id: given, offset: 0, chunk })
    await opened.service.cancelAdding({ id: given })
    expect([await list(), files()]).toEqual([[], []])
  })

  it('that was not finished when the program ended has left nothing', async () => {
    const { id } = await opened.service.beginAdding({ recordId, type: '99', name: 'a.pdf', size: 100, proofDate: null })
    await opened.service.addChunk({ id, offset: 0, chunk: contentOf('pdf', 50).toString('base64') })
    writeFileSync(join(folder(), '018f0000-0000-7000-8000-00000000beef.part'), 'of a program that was killed')
    await reopen()
    expect([await list(), files()]).toEqual([[], []])
  })
})

describe('a 社保缴费证明', () => {
  const add = (daysAgo: number | null) => {
    const proofDate = daysAgo === null ? null : shanghaiDate(new Date(unit.clock.now().getTime() - daysAgo * 86_400_000))
    return addFile(opened.service, { recordId, content: contentOf('pdf', 900), type: '11', proofDate })
  }

  it('is taken up to 60 days after it was made out, and not without a date, later, or from tomorrow', async () => {
    expect(await failure(add(null))).toBe('proof-date-missing')
    expect(await failure(add(-1))).toBe('proof-date-future')
    expect(await failure(add(61))).toBe('proof-too-old')
    expect(await failure(add(60))).toBe('none')
    expect(await failure(add(0))).toBe('none')
  })

  it('is warned of from ten days before its end on, until a newer one is there', async () => {
    await add(45)
    expect((await opened.service.expiringProofs({})).items).toEqual([])
    unit.clock.advance(5 * 86_400_000)
    expect((await opened.service.expiringProofs({})).items).toMatchObject([{ recordId, daysLeft: 10 }])
    unit.clock.advance(12 * 86_400_000)
    expect((await opened.service.expiringProofs({})).items).toMatchObject([{ recordId, daysLeft: -2 }])
    await add(0)
    expect((await opened.service.expiringProofs({})).items).toEqual([])
  })
})

describe('删除', () => {
  it('can be taken back for some seconds and is carried out then, file and all', async () => {
    const { id } = await addFile(opened.service, { recordId, content: contentOf('pdf', 3_000) })
    await opened.service.remove({ id })
    expect(await list()).toEqual([])
    await opened.service.restore({ id })
    expect(await list()).toHaveLength(1)
    await opened.service.remove({ id })
    unit.clock.advance(13_000)
    await reopen()
    await expect.poll(files).toEqual([])
    expect(await failure(opened.service.restore({ id }))).toBe('not-found')
  })

  it('of the person takes the files along', async () => {
    await addFile(opened.service, { recordId, content: contentOf('pdf', 3_000) })
    await unit.registrations.remove({ id: recordId })
    await reopen()
    await expect.poll(files).toEqual([])
  })
})

describe('a photo', () => {
  it('takes the place of the one before, which can be had back', async () => {
    const first = await addFile(opened.service, { recordId, content: contentOf('jpeg', 3_000), type: '03', name: '甲.jpg' })
    const second = await addFile(opened.service, { recordId, content: contentOf('jpeg', 3_000), type: '03', name: '乙.jpg' })
    expect((await list()).map(({ id }) => id)).toEqual([second.id])
    await opened.service.restore({ id: first.id })
    expect((await list()).map(({ id }) => id)).toEqual([first.id])
  })
})

describe('what a kill or a hand in the folder left apart', () => {
  it('a whole file without a row has its row back', async () => {
    const content = contentOf('pdf', 300_000)
    const added = await addFile(opened.service, { recordId, content, name: '证书.pdf', type: '13' })
    unit.local.file.exec('delete from attachment; delete from attachment_leftover')
    await reopen()
    expect(await list()).toEqual([added])
    expect((await readWhole(opened.service, added.id)).equals(content)).toBe(true)
  })

  it('a row without its file says so', async () => {
    const { id } = await addFile(opened.service, { recordId, content: contentOf('pdf', 300) })
    rmSync(join(folder(), `${id}.sealed`))
    await reopen()
    expect(await list()).toMatchObject([{ id, state: 'refused', kept: false, problem: { code: 'attachment-lost-here' } }])
  })

  it('a file of a person who is not here waits thirty days for them', async () => {
    await addFile(opened.service, { recordId, content: contentOf('pdf', 300) })
    unit.local.file.exec('delete from record; delete from attachment_leftover')
    await reopen()
    expect(files()).toHaveLength(1)
    const clockAhead = 31 * 86_400_000
    await close()
    await open()
    unit.clock.set(new Date(Date.now() + clockAhead).toISOString())
    await opened.close()
    opened = await openAttachments({
      local: unit.local, folder: folder(), unitKey, central: nowhere, ofUnit: true, changed: () => undefined, progress: () => undefined,
      ports: { clock: unit.clock, log: testLog(), dialogs: dialogsCancelled },
    })
    expect(files()).toEqual([])
  })
})

describe('下载', () => {
  it('writes the content where the clerk says, over what is there, and nowhere where they say nowhere', async () => {
    const content = contentOf('pdf', 900_000)
    const { id } = await addFile(opened.service, { recordId, content })
    expect(await opened.service.download({ id })).toEqual({ saved: false })
    savedAt = join(directory.path, '下载的.pdf')
    writeFileSync(savedAt, 'older')
    expect(await opened.service.download({ id })).toEqual({ saved: true })
    expect(readFileSync(savedAt).equals(content)).toBe(true)
  })

  it('to a place that cannot be written says so and leaves nothing there', async () => {
    const { id } = await addFile(opened.service, { recordId, content: contentOf('pdf', 900) })
    savedAt = join(directory.path, 'no-such-folder', 'a.pdf')
    expect(await failure(opened.service.download({ id }))).toBe('download-read-only')
  })
})
