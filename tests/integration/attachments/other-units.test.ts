import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { backends, startBackend, type Backend } from '../../support/central-backends.ts'
import { startCentral, type Central, type Clerk, type Unit } from '../../support/central-service.ts'
import { claimOf, createTusCaller, pdfOf, type TusCaller } from '../../support/uploads.ts'

describe.each(backends)('a unit’s attachments at the central service on %s', (name) => {
  let backend: Backend
  let central: Central
  let clerk: Clerk & { unit: Unit }
  let url: string
  let tus: TusCaller
  let registrationId: string

  beforeAll(async () => {
    backend = await startBackend(name)
    central = await startCentral(await backend.newLocation())
    url = await central.app.listen({ host: '127.0.0.1', port: 0 })
    clerk = await central.newAdmin()
    tus = createTusCaller(url, clerk.authorized)
    registrationId = String((await clerk.register(1)).body['id'])
  })
  afterAll(async () => {
    tus?.close()
    await central?.close()
    await backend?.stop()
  })

  /** Every file of attachments. */
  const files = () => readdirSync(central.attachmentsFolder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))

  it('another unit hears nothing of it, not even by its hash', async () => {
    const bytes = pdfOf(5_000)
    const claim = claimOf(bytes, { registrationId })
    await tus.upload(bytes, claim)
    const stranger = await central.newAdmin('乙修缮有限公司')
    const theirs = createTusCaller(url, stranger.authorized)
    const started = claimOf(pdfOf(400), { registrationId })
    await tus.create(started)
    expect(await stranger.call('attachStored', { body: claimOf(bytes) })).toMatchObject({ status: 404, body: { code: 'attachment-content-unknown' } })
    expect(await stranger.call('listAttachments', { query: { registrationId } })).toMatchObject({ status: 404, body: { code: 'not-found' } })
    expect(await stranger.call('removeAttachment', { params: { id: claim.id } })).toMatchObject({ status: 404, body: { code: 'not-found' } })
    expect((await theirs.send('GET', `/v1/attachments/${claim.id}/content`, {})).code).toBe('not-found')
    for (const { id } of [claim, started]) expect(await theirs.offset(id)).toBeNull()
    expect((await theirs.append(started.id, 0, Buffer.from('%PDF-1.7 xx'))).code).toBe('not-found')
    expect((await theirs.end(started.id)).code).toBe('not-found')
    expect((await theirs.create(claimOf(bytes, { registrationId }))).code).toBe('not-found')
    // Their own copy of the same bytes is another one.
    const before = files().length
    expect((await theirs.upload(bytes, claimOf(bytes))).status).toBe(204)
    expect(files().length).toBe(before + 1)
    theirs.close()
  })

  it('a clerk of the unit neither goes on with an upload of the unit itself nor ends it, and its 单位管理员 does', async () => {
    const bytes = pdfOf(4_000)
    const claim = claimOf(bytes)
    await tus.create(claim)
    const username = `clerk-${randomUUID()}`
    await central.addAccount(clerk.unit.id, username)
    const theirs = createTusCaller(url, (await central.signIn(username)).authorized)
    for (const answer of [await theirs.append(claim.id, 0, bytes), await theirs.end(claim.id)]) expect(answer.code).toBe('forbidden')
    expect(await tus.offset(claim.id)).toBe(0)
    expect((await tus.append(claim.id, 0, bytes)).status).toBe(204)
    theirs.close()
  })

  it('keeps nothing readable, neither in the files nor in the database', async () => {
    const marker = '这是一份只有一次的合同内容'
    const bytes = Buffer.concat([Buffer.from('%PDF-1.7\n'), Buffer.from(marker), pdfOf(3_000)])
    const claim = claimOf(bytes, { registrationId, fileName: '欧阳独一的合同.pdf' })
    expect((await tus.upload(bytes, claim)).status).toBe(204)
    const everything = Buffer.concat([await backend.everything(central.location), ...files().map((path) => readFileSync(path))])
    for (const trace of [marker, '欧阳独一', claim.sha256, Buffer.from(claim.sha256, 'hex')]) expect(everything.includes(trace), String(trace)).toBe(false)
  })
})
