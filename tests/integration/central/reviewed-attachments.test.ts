import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { setReviewer } from '../../../central/operator/review-operations.ts'
import { verifyAuditChain } from '../../../central/audit/verify-chain.ts'
import { backends, startBackend, type Backend } from '../../support/central-backends.ts'
import { newKey, startCentral, type Central, type Clerk, type Unit } from '../../support/central-service.ts'
import { claimOf, createTusCaller, jpegOf, pdfOf, type TusCaller } from '../../support/uploads.ts'

describe.each(backends)('what a reviewer sees of photos and attachments, on %s', (name) => {
  let backend: Backend
  let central: Central
  let url: string
  let clerk: Clerk & { unit: Unit }
  let reviewer: Awaited<ReturnType<Central['newReviewer']>>
  let tus: TusCaller
  let person = 0

  beforeAll(async () => {
    backend = await startBackend(name)
    central = await startCentral(await backend.newLocation())
    url = await central.app.listen({ host: '127.0.0.1', port: 0 })
    // Attachments of the unit itself are its administrator's.
    clerk = await central.newAdmin('甲修缮有限公司')
    reviewer = await central.newReviewer(clerk.unit)
    tus = createTusCaller(url, clerk.authorized)
  })
  afterAll(async () => {
    tus?.close()
    await central?.close()
    await backend?.stop()
  })

  const register = async (who: Clerk = clerk) => String((await who.register(++person)).body['id'])
  const open = (id: string, who: Clerk = reviewer) => who.call('readPendingRegistration', { params: { id } })
  const content = (id: string, attachmentId: string, who: Clerk = reviewer) => who.call('readPendingAttachment', { params: { id, attachmentId } })
  const decide = async (id: string, attachmentsSeq: number | null, baseVersion = 1) => {
    const { body } = await reviewer.call('reviewRegistrations', { body: { decisions: [{ decision: 'approved', opId: newKey(), id, baseVersion, attachmentsSeq }] } })
    const [result] = body['results'] as { outcome: string; problem?: { code: string } }[]
    return result?.problem?.code ?? result?.outcome
  }
  async function attach(registrationId: string, bytes = pdfOf(3_000), change: Parameters<typeof claimOf>[1] = {}, caller = tus) {
    const claim = claimOf(bytes, { registrationId, ...change })
    expect((await caller.upload(bytes, claim)).status).toBe(204)
    central.clock.pass(1)
    return claim
  }
  const events = (kind: string) => central.db.selectFrom('audit_event').selectAll().where('organization_id', '=', clerk.unit.id).where('kind', '=', kind).execute()

  it('the list comes with the registration, the content with a call of its own; both are in the audit of the unit, without name or hash', async () => {
    const id = await register()
    const photo = await attach(id, jpegOf(2_000), { type: '01', mediaType: 'image/jpeg', fileName: '人像面.jpg' })
    const bytes = pdfOf(700_000)
    const paper = await attach(id, bytes, { fileName: '欧阳独一的合同.pdf' })
    const { body } = await open(id)
    expect(body['attachments']).toMatchObject([{ id: photo.id, fileName: '人像面.jpg', type: '01' }, { id: paper.id, fileName: '欧阳独一的合同.pdf', size: 700_000, sha256: paper.sha256 }])
    const got = await createTusCaller(url, reviewer.authorized).send('GET', `/v1/pending-registrations/${id}/attachments/${paper.id}/content`, {})
    expect(got.status).toBe(200)
    expect(got.body.equals(bytes)).toBe(true)
    expect(got.headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' })
    const [event, ...more] = await events('attachment-read-by-reviewer')
    expect(more).toEqual([])
    expect(event).toMatchObject({ account_id: reviewer.unit.accountId, details_json: JSON.stringify({ attachmentId: paper.id, registrationId: id, type: '99' }) })
    expect((await verifyAuditChain(central.db, central.personal)).complaints).toEqual([])
  })

  it('nothing of a registration outside the scope, of another one in it, of the unit itself, or of what nobody has: one answer', async () => {
    const [id, other] = [await register(), await register()]
    const [mine, theirs] = [await attach(id), await attach(other)]
    const ofUnit = await attach(id, pdfOf(900), { registrationId: null, type: '21' })
    const stranger = await central.newClerk('乙修缮有限公司')
    const foreign = await register(stranger)
    const foreignTus = createTusCaller(url, stranger.authorized)
    const foreignFile = await attach(foreign, pdfOf(800), {}, foreignTus)
    foreignTus.close()
    const asked = [[id, theirs.id], [id, ofUnit.id], [foreign, foreignFile.id], [id, foreignFile.id], [foreign, mine.id], [id, randomUUID()], [randomUUID(), mine.id]] as const
    const bodies = await Promise.all(asked.map(async ([registrationId, attachmentId]) => (await content(registrationId, attachmentId)).body))
    for (const body of bodies) expect(body).toEqual(bodies[0])
    expect(bodies[0]).toMatchObject({ status: 404, code: 'not-found' })
    expect((await content(id, mine.id)).status).toBe(200)
    expect(await content(id, mine.id, clerk), 'a clerk has the own route for it').toMatchObject({ status: 403 })
  })

  it('it ends with the decision, and with the duty', async () => {
    const id = await register()
    const { id: attachmentId } = await attach(id)
    const later = await register()
    const still = await attach(later)
    const colleague = await central.newReviewer(clerk.unit)
    expect(await decide(id, null)).toBe('applied')
    expect(await content(id, attachmentId)).toMatchObject({ status: 409, body: { code: 'review-done' } })
    await setReviewer(central.context, colleague.unit.accountId, false)
    expect(await content(later, still.id, colleague)).toMatchObject({ status: 403, body: { code: 'forbidden' } })
  })

  it('what was exchanged, added or deleted after it was looked at is not approved unseen; from the list it is, as nobody looked', async () => {
    const id = await register()
    expect((await open(id)).body).toMatchObject({ attachments: [], attachmentsSeq: 0 })
    const added = await attach(id)
    expect(await decide(id, 0)).toBe('review-changed')
    const { attachmentsSeq } = (await open(id)).body as { attachmentsSeq: number }
    await clerk.call('removeAttachment', { params: { id: added.id } })
    expect(await decide(id, attachmentsSeq)).toBe('review-changed')
    const now = (await open(id)).body as { attachmentsSeq: number; attachments: unknown[] }
    expect(now.attachments).toEqual([])
    expect(await decide(id, now.attachmentsSeq)).toBe('applied')
    const another = await register()
    await attach(another)
    expect(await decide(another, null)).toBe('applied')
  })
})
