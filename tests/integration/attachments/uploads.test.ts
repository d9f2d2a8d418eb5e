import { randomUUID } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { AttachmentResource } from '../../../shared/api/attachments.ts'
import { shanghaiDate } from '../../../shared/domain/dates.ts'
import { backends, startBackend, type Backend } from '../../support/central-backends.ts'
import { startCentral, type Central, type Clerk, type Unit } from '../../support/central-service.ts'
import { claimOf, createTusCaller, jpegOf, pdfOf, sha256Of, zipOf, type TusCaller } from '../../support/uploads.ts'

const mebibyte = 1 << 20

describe.each(backends)('uploads at the central service on %s', (name) => {
  let backend: Backend
  let central: Central
  let clerk: Clerk & { unit: Unit }
  let url: string
  let tus: TusCaller
  let registrationId: string
  let people = 0

  beforeAll(async () => {
    backend = await startBackend(name)
    central = await startCentral(await backend.newLocation())
    url = await central.app.listen({ host: '127.0.0.1', port: 0 })
    clerk = await central.newAdmin()
    tus = createTusCaller(url, clerk.authorized)
    registrationId = await register()
  })
  afterAll(async () => {
    tus?.close()
    await central?.close()
    await backend?.stop()
  })

  const register = async () => String((await clerk.register(people++)).body['id'])
  const listed = async (owner: string | null = registrationId) =>
    (await clerk.call('listAttachments', { query: owner === null ? {} : { registrationId: owner } })).body['items'] as AttachmentResource[]
  const download = async (id: string) => tus.send('GET', `/v1/attachments/${id}/content`, {})
  const audits = async (id: string) => {
    const rows = await central.db.selectFrom('audit_event').selectAll().where('kind', 'like', 'attachment-%').orderBy('chain_position').execute()
    return rows.filter(({ details_json }) => details_json.includes(id)).map(({ kind }) => kind)
  }
  /** Every file of attachments. */
  const files = () => readdirSync(central.attachmentsFolder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  const today = () => shanghaiDate(central.clock.now())
  const daysAgo = (days: number) => shanghaiDate(new Date(central.clock.now().getTime() - days * 86_400_000))

  it('takes a file in pieces, makes it an attachment with the last one, and gives it back byte for byte', async () => {
    const bytes = pdfOf(20 * mebibyte + 7)
    const claim = claimOf(bytes, { registrationId, type: '15', fileName: '劳动合同(张三)’1.pdf' })
    const created = await tus.create(claim)
    expect([created.status, created.headers.location]).toEqual([201, `/v1/attachment-uploads/${claim.id}`])
    expect(created.headers['upload-expires']).toMatch(/GMT$/)
    expect(await tus.offset(claim.id)).toBe(0)
    for (const from of [0, 5, 9 * mebibyte]) {
      const to = { 0: 5, 5: 9 * mebibyte }[from] ?? bytes.length
      const answer = await tus.append(claim.id, from, bytes.subarray(from, to))
      expect([answer.status, answer.headers['upload-offset']]).toEqual([204, String(to)])
      expect(await tus.offset(claim.id)).toBe(to)
      expect((await listed()).some(({ id }) => id === claim.id)).toBe(to === bytes.length)
    }
    expect((await listed()).find(({ id }) => id === claim.id)).toEqual({
      ...claim, uploadedAt: central.clock.now().toISOString(), uploadedBy: clerk.username,
    })
    const got = await download(claim.id)
    expect(got.status).toBe(200)
    expect(sha256Of(got.body)).toBe(claim.sha256)
    expect(got.headers).toMatchObject({ 'content-type': 'application/pdf', 'content-length': String(bytes.length), 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' })
    expect(got.headers['content-disposition']).toBe(`attachment; filename*=UTF-8''${encodeURIComponent('劳动合同')}%28${encodeURIComponent('张三')}%29${encodeURIComponent('’')}1.pdf`)
    expect(await audits(claim.id)).toEqual(['attachment-added', 'attachment-read'])
  })

  it('keeps what came of a request whose line broke', async () => {
    const bytes = pdfOf(12 * mebibyte)
    const claim = claimOf(bytes, { registrationId })
    await tus.create(claim)
    await tus.breakOff(claim.id, 0, bytes.subarray(0, 10 * mebibyte), bytes.length)
    await expect.poll(() => tus.offset(claim.id)).toBeGreaterThan(9 * mebibyte)
    const offset = (await tus.offset(claim.id)) ?? 0
    expect((await tus.append(claim.id, offset, bytes.subarray(offset))).status).toBe(204)
    expect(sha256Of((await download(claim.id)).body)).toBe(claim.sha256)
  })

  it('hears the same bytes twice and takes them once', async () => {
    const bytes = pdfOf(3 * mebibyte)
    const claim = claimOf(bytes, { registrationId })
    await tus.create(claim)
    const half = bytes.subarray(0, mebibyte)
    const both = await Promise.all([tus.append(claim.id, 0, half), tus.append(claim.id, 0, half)])
    expect(both.map(({ status }) => status).sort()).toEqual([204, 409])
    expect(await tus.append(claim.id, 0, half)).toMatchObject({ status: 409, code: 'attachment-offset-wrong' })
    expect((await tus.append(claim.id, mebibyte, bytes.subarray(mebibyte))).status).toBe(204)
    expect(sha256Of((await download(claim.id)).body)).toBe(claim.sha256)
  })

  it('answers the same creation twice, also once it is an attachment, and no other one under its id', async () => {
    const bytes = pdfOf(1_000)
    const claim = claimOf(bytes, { registrationId })
    for (let time = 0; time < 2; time++) expect((await tus.create(claim)).status).toBe(201)
    expect((await tus.append(claim.id, 0, bytes)).status).toBe(204)
    expect((await tus.create(claim)).status).toBe(201)
    expect(await tus.offset(claim.id)).toBe(bytes.length)
    expect(await tus.create({ ...claim, sha256: sha256Of(pdfOf(9)) })).toMatchObject({ status: 400, code: 'request-malformed' })
    expect((await listed()).filter(({ id }) => id === claim.id)).toHaveLength(1)
  })

  it('stores the same bytes of a unit once, also where two bring them at the same time, and they go with their last use', async () => {
    const bytes = pdfOf(2 * mebibyte)
    const before = files().length
    const claims = [claimOf(bytes, { registrationId }), claimOf(bytes, { registrationId, type: '12', fileName: '另一份.pdf' })]
    for (const claim of claims) await tus.create(claim)
    const answers = await Promise.all(claims.map(({ id }) => tus.append(id, 0, bytes)))
    expect(answers.map(({ status }) => status)).toEqual([204, 204])
    await expect.poll(() => files().length).toBe(before + 1)
    const third = claimOf(bytes, { registrationId: await register(), type: '13' })
    expect((await clerk.call('attachStored', { body: third })).body).toEqual({ id: third.id })
    for (const { id } of [...claims, third]) expect(sha256Of((await download(id)).body)).toBe(third.sha256)
    for (const [index, { id }] of [...claims, third].entries()) {
      expect(files().length).toBe(before + 1)
      expect(await clerk.call('removeAttachment', { params: { id } })).toMatchObject({ status: 200, body: { id } })
      expect(await download(id)).toMatchObject({ status: 404, code: 'not-found' })
      if (index < 2) expect(sha256Of((await download(third.id)).body)).toBe(third.sha256)
    }
    expect(files().length).toBe(before)
    expect((await audits(third.id)).filter((kind) => kind !== 'attachment-read')).toEqual(['attachment-added', 'attachment-removed'])
    expect(await clerk.call('attachStored', { body: claimOf(bytes, { registrationId }) })).toMatchObject({ status: 404, body: { code: 'attachment-content-unknown' } })
  })

  it('answers a repeated write under its key, and an attachment from what is stored only once', async () => {
    const bytes = pdfOf(700)
    await tus.upload(bytes, claimOf(bytes, { registrationId }))
    const claim = claimOf(bytes, { registrationId, type: '14' })
    const key = { 'idempotency-key': randomUUID() }
    for (let time = 0; time < 2; time++) expect(await clerk.call('attachStored', { body: claim, headers: key })).toMatchObject({ status: 201, body: { id: claim.id } })
    expect((await listed()).filter(({ id }) => id === claim.id)).toHaveLength(1)
    expect(await clerk.call('attachStored', { body: { ...claim, type: '13' }, headers: key })).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } })
    const removal = { params: { id: claim.id }, headers: { 'idempotency-key': randomUUID() } }
    for (let time = 0; time < 2; time++) expect(await clerk.call('removeAttachment', removal)).toMatchObject({ status: 200, body: { id: claim.id } })
    expect(await clerk.call('removeAttachment', { params: { id: claim.id } })).toMatchObject({ status: 404, body: { code: 'not-found' } })
  })

  it('lets a new portrait take the place of the old one', async () => {
    const owner = await register()
    const portraits = [jpegOf(5_000), jpegOf(6_000)].map((bytes) => ({ bytes, claim: claimOf(bytes, { registrationId: owner, type: '03', fileName: '正面照.jpg', mediaType: 'image/jpeg' }) }))
    for (const { bytes, claim } of portraits) expect((await tus.upload(bytes, claim)).status).toBe(204)
    expect((await listed(owner)).map(({ id }) => id)).toEqual([portraits[1]?.claim.id])
    expect(await audits(portraits[0]?.claim.id ?? '')).toEqual(['attachment-added', 'attachment-replaced'])
  })

  describe('refuses', () => {
    it.each<[string, () => { bytes: Buffer; change: Parameters<typeof claimOf>[1] }, number, string]>([
      ['a ZIP that is called a picture', () => ({ bytes: zipOf(4_000), change: { fileName: 'a.jpg', mediaType: 'image/jpeg' } }), 415, 'attachment-kind-refused'],
      ['a PDF that is said to be a picture', () => ({ bytes: pdfOf(4_000), change: { fileName: 'a.jpg', mediaType: 'image/jpeg' } }), 415, 'attachment-kind-refused'],
      ['four bytes', () => ({ bytes: Buffer.from('%PDF'), change: {} }), 415, 'attachment-kind-refused'],
      ['other bytes than announced', () => ({ bytes: pdfOf(4_000), change: { sha256: sha256Of(Buffer.from('other')) } }), 422, 'attachment-hash-wrong'],
      ['nothing', () => ({ bytes: Buffer.alloc(0), change: {} }), 422, 'attachment-empty'],
      ['a picture that is too large', () => ({ bytes: Buffer.alloc(0), change: { size: 20 * mebibyte + 1, fileName: 'a.png', mediaType: 'image/png' } }), 413, 'attachment-too-large'],
      ['500 MB', () => ({ bytes: Buffer.alloc(0), change: { size: 500 * mebibyte } }), 413, 'attachment-too-large'],
      ['a name that says something else', () => ({ bytes: pdfOf(900), change: { fileName: 'a.jpg' } }), 422, 'attachment-name-wrong'],
      ['a portrait that is no picture', () => ({ bytes: pdfOf(900), change: { type: '03' } }), 415, 'attachment-photo-wanted'],
      ['a proof without its date', () => ({ bytes: pdfOf(900), change: { type: '11' } }), 422, 'proof-date-missing'],
      ['a proof of 61 days', () => ({ bytes: pdfOf(900), change: { type: '11', proofDate: daysAgo(61) } }), 422, 'proof-too-old'],
      ['a proof of tomorrow', () => ({ bytes: pdfOf(900), change: { type: '11', proofDate: daysAgo(-1) } }), 422, 'proof-date-future'],
      ['a day that is none', () => ({ bytes: pdfOf(900), change: { type: '11', proofDate: '2026-02-30' } }), 400, 'request-malformed'],
      ['a type of the unit for a person', () => ({ bytes: pdfOf(900), change: { type: '21' } }), 400, 'request-malformed'],
      ['a registration that is nowhere', () => ({ bytes: pdfOf(900), change: { registrationId: randomUUID() } }), 404, 'not-found'],
    ])('%s, and keeps nothing of it', async (_what, made, status, code) => {
      const before = files().length
      const { bytes, change } = made()
      const claim = claimOf(bytes, { registrationId, ...change })
      expect(await tus.upload(bytes, claim)).toMatchObject({ status, code })
      expect(await tus.offset(claim.id)).toBeNull()
      await central.sweepAttachments()
      expect(files().length).toBe(before)
      expect((await listed()).some(({ id }) => id === claim.id)).toBe(false)
    })

    it('more bytes than were announced', async () => {
      const bytes = pdfOf(1_000)
      const claim = claimOf(bytes, { registrationId })
      await tus.create(claim)
      expect(await tus.append(claim.id, 0, Buffer.concat([bytes, Buffer.from('x')]))).toMatchObject({ status: 413, code: 'attachment-size-wrong' })
    })

    it('a fifty-first attachment', async () => {
      const owner = await register()
      const bytes = pdfOf(300)
      await tus.upload(bytes, claimOf(bytes, { registrationId: owner }))
      for (let count = 1; count < 50; count++) expect((await clerk.call('attachStored', { body: claimOf(bytes, { registrationId: owner }) })).status).toBe(201)
      expect(await clerk.call('attachStored', { body: claimOf(bytes, { registrationId: owner }) })).toMatchObject({ status: 409, body: { code: 'attachment-too-many' } })
    })

    it('what goes over the unit’s room, until there is some again', async () => {
      const small = await startCentral(await backend.newLocation(), { attachments: { folder: join(central.attachmentsFolder, 'small'), quotaBytes: 5_000 } })
      const there = await small.newAdmin()
      const caller = createTusCaller(await small.app.listen({ host: '127.0.0.1', port: 0 }), there.authorized)
      const [first, second] = [pdfOf(3_000), pdfOf(3_000)]
      const claims = [claimOf(first), claimOf(second)] as const
      expect((await caller.upload(first, claims[0])).status).toBe(204)
      expect(await caller.create(claims[1])).toMatchObject({ status: 507, code: 'attachment-quota' })
      await there.call('removeAttachment', { params: { id: claims[0].id } })
      expect((await caller.upload(second, claims[1])).status).toBe(204)
      caller.close()
      await small.close()
    })
  })

  it('takes a proof of today and of sixty days ago', async () => {
    for (const proofDate of [today(), daysAgo(60)]) {
      const bytes = pdfOf(900)
      const claim = claimOf(bytes, { registrationId, type: '11', proofDate })
      expect((await tus.upload(bytes, claim)).status).toBe(204)
      expect((await listed()).find(({ id }) => id === claim.id)).toMatchObject({ proofDate })
    }
  })

  it('an upload that is ended is gone, and one that nobody goes on with is forgotten after a week', async () => {
    const before = files().length
    const [ended, left] = [pdfOf(2_000), pdfOf(2_000)].map((bytes) => ({ bytes, claim: claimOf(bytes, { registrationId }) }))
    if (!ended || !left) throw new Error('two')
    for (const { bytes, claim } of [ended, left]) {
      await tus.create(claim)
      await tus.append(claim.id, 0, bytes.subarray(0, 1_000))
    }
    expect((await tus.end(ended.claim.id)).status).toBe(204)
    expect((await tus.end(ended.claim.id)).code).toBe('not-found')
    expect(await tus.offset(ended.claim.id)).toBeNull()
    central.clock.pass(7 * 86_400 - 60)
    await central.sweepAttachments()
    expect(files().length).toBe(before + 1)
    central.clock.pass(61)
    await central.sweepAttachments()
    expect(files().length).toBe(before)
    central.clock.pass(-7 * 86_400 - 1)
    expect(await tus.offset(left.claim.id)).toBeNull()
  })

  it('shows other workstations all of a registration’s attachments, by the feed, and leaves its version alone', async () => {
    const owner = await register()
    const start = Number((await clerk.changes()).body['next'])
    const bytes = pdfOf(800)
    const claim = claimOf(bytes, { registrationId: owner, type: '12' })
    await tus.upload(bytes, claim)
    const told = async (after: number) => (await clerk.changes(after)).body as { items: { kind: string; seq: number; registrationId: string | null; items: AttachmentResource[] }[]; next: number }
    const page = await told(start)
    expect(page.items).toEqual([{ kind: 'attachments', seq: expect.any(Number) as number, registrationId: owner, items: (await listed(owner)) }])
    // Whoever was typing meanwhile has seen the version that still is.
    const patch = await clerk.call('patchRegistration', { params: { id: owner }, body: { changes: { jobPosition: '安全员' } }, headers: { 'if-match': '"1"' } })
    expect(patch.status).toBe(200)
    await clerk.call('removeAttachment', { params: { id: claim.id } })
    expect((await told(page.next)).items.map(({ kind, items }) => [kind, items])).toEqual([['registration', undefined], ['attachments', []]])
    const own = pdfOf(600)
    await tus.upload(own, claimOf(own, { type: '22', fileName: '营业执照.pdf' }))
    expect((await told(page.next)).items.at(-1)).toMatchObject({ kind: 'attachments', registrationId: null, items: [{ type: '22' }] })
  })

  it('a withdrawn registration takes its attachments with it, and what was on its way', async () => {
    const owner = await register()
    const before = files().length
    const [whole, half] = [pdfOf(2_000), pdfOf(2_000)].map((bytes) => ({ bytes, claim: claimOf(bytes, { registrationId: owner }) }))
    if (!whole || !half) throw new Error('two')
    await tus.upload(whole.bytes, whole.claim)
    await tus.create(half.claim)
    await tus.append(half.claim.id, 0, half.bytes.subarray(0, 500))
    expect((await clerk.call('withdrawRegistration', { params: { id: owner }, headers: { 'if-match': '"1"' } })).status).toBe(200)
    expect(await tus.append(half.claim.id, 500, half.bytes.subarray(500))).toMatchObject({ status: 404, code: 'not-found' })
    expect((await download(whole.claim.id)).status).toBe(404)
    await central.sweepAttachments()
    expect(files().length).toBe(before)
    expect(((await clerk.changes()).body['items'] as { registrationId?: string }[]).some(({ registrationId: of }) => of === owner)).toBe(false)
  })

  it('who has left takes no more', async () => {
    const owner = await register()
    await central.db.updateTable('registration').set({ status: 'left' }).where('id', '=', owner).execute()
    expect(await tus.create(claimOf(pdfOf(100), { registrationId: owner }))).toMatchObject({ status: 409, code: 'registration-left' })
  })
})
