import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { setReviewer, setReviewScope, reviewRegistration } from '../../../central/operator/review-operations.ts'
import { verifyAuditChain } from '../../../central/audit/verify-chain.ts'
import { backends, startBackend, type Backend } from '../../support/central-backends.ts'
import { newKey, startCentral, type Central, type Clerk, type Reply, type Unit } from '../../support/central-service.ts'
import { idCardNoOf, personName, personValues } from '../../support/people.ts'

type Reviewer = Awaited<ReturnType<Central['newReviewer']>>
type Item = { id: string; version: number; name: string; organizationName: string; maskedIdCardNo: string; resubmitted: boolean }
const itemsOf = ({ body }: Reply) => body['items'] as Item[]
const idOf = (reply: Reply) => String(reply.body['id'])
const approved = (id: string, baseVersion = 1, opId = newKey()) => ({ decision: 'approved', opId, id, baseVersion, attachmentsSeq: null })
const refused = (id: string, reason: string, baseVersion = 1, opId = newKey()) => ({ decision: 'refused', opId, id, baseVersion, attachmentsSeq: null, reason })

describe.each(backends)('登记审核 on %s', (name) => {
  let backend: Backend
  let central: Central
  let clerk: Clerk & { unit: Unit }
  let reviewer: Reviewer
  let person = 0
  beforeAll(async () => {
    backend = await startBackend(name)
    central = await startCentral(await backend.newLocation())
  })
  beforeEach(async () => {
    clerk = await central.newClerk('甲修缮有限公司')
    reviewer = await central.newReviewer(clerk.unit)
  })
  afterAll(async () => {
    await central?.close()
    await backend?.stop()
  })

  const search = (more: Record<string, unknown> = {}, who: Clerk = reviewer) =>
    who.call('searchPendingRegistrations', { body: { query: '', organizationId: null, cursor: null, limit: 50, ...more } })
  const open = (id: string, who: Clerk = reviewer) => who.call('readPendingRegistration', { params: { id } })
  const decide = (decisions: unknown[], who: Clerk = reviewer) => who.call('reviewRegistrations', { body: { decisions } })
  const outcomes = ({ body }: Reply) => (body['results'] as { outcome: string; problem?: { code: string } }[]).map(({ outcome, problem }) => problem?.code ?? outcome)
  const read = (id: string) => clerk.call('readRegistration', { params: { id } })

  it('shows what waits, longest waiting first, masked, with its unit; page by page, each once', async () => {
    const ids: string[] = []
    for (let index = 0; index < 5; index++) {
      ids.push(idOf(await clerk.register(++person)))
      central.clock.pass(1)
    }
    const seen: Item[] = []
    let cursor: unknown = null
    do {
      const reply = await search({ cursor, limit: 2 })
      expect(reply).toMatchObject({ status: 200, body: { total: 5, organizations: [{ id: clerk.unit.id, name: '甲修缮有限公司' }], approvesAutomatically: false } })
      seen.push(...itemsOf(reply))
      cursor = reply.body['next']
    } while (cursor)
    expect(seen.map(({ id }) => id)).toEqual(ids)
    expect(seen.at(-1)).toMatchObject({ name: personName(person), organizationName: '甲修缮有限公司', maskedIdCardNo: expect.stringMatching(/^\d{3}\*{11}\d{4}$/), resubmitted: false })
    for (const { maskedIdCardNo } of seen) expect(maskedIdCardNo).not.toContain(idCardNoOf(person).slice(3, 14))
  })

  it('finds by a part of the name, its pinyin, the unit, or the whole ID number', async () => {
    const others = await central.newClerk('乙修缮有限公司')
    await setReviewScope(central.context, reviewer.unit.id, others.unit.id, true)
    const mine = idOf(await clerk.register(personValues(++person, { name: '欧阳建国' })))
    const numbered = person
    central.clock.pass(1)
    const theirs = idOf(await others.register(personValues(++person, { name: '钱伟' })))
    const found = async (more: Record<string, unknown>) => itemsOf(await search(more)).map(({ id }) => id)
    expect(await found({})).toEqual([mine, theirs])
    for (const query of ['阳建', 'ouyangjian', 'OYJG', idCardNoOf(numbered), ` ${idCardNoOf(numbered).toLowerCase()} `]) expect(await found({ query }), query).toEqual([mine])
    for (const query of ['_伟', '%']) expect(await found({ query }), 'stands for itself').toEqual([])
    expect(await found({ organizationId: others.unit.id })).toEqual([theirs])
    expect(await found({ organizationId: randomUUID() })).toEqual([])
  })

  it('opens one whole, and leaves that in the audit of the unit, without anything personal', async () => {
    const values = personValues(++person)
    const id = idOf(await clerk.register(values))
    expect(await open(id)).toMatchObject({ status: 200, headers: { etag: '"1"' }, body: { id, version: 1, values, organizationName: '甲修缮有限公司', reviews: [], attachments: [], attachmentsSeq: 0 } })
    const events = await central.db.selectFrom('audit_event').selectAll().where('organization_id', '=', clerk.unit.id).where('kind', '=', 'registration-read-by-reviewer').execute()
    expect(events).toMatchObject([{ account_id: reviewer.unit.accountId, details_json: JSON.stringify({ registrationId: id }) }])
  })

  it('approves, and refuses with a reason; the clerk’s next pull brings both, with who and when', async () => {
    const [good, bad] = [idOf(await clerk.register(++person)), idOf(await clerk.register(++person))]
    expect(outcomes(await decide([approved(good), refused(bad, ' 职称与所附材料不一致 ')]))).toEqual(['applied', 'applied'])
    expect((await read(good)).body).toMatchObject({ status: 'active', reviewStatus: 'approved', reviewComment: null, version: 2 })
    expect((await read(bad)).body).toMatchObject({ status: 'refused', reviewStatus: 'refused', reviewComment: '职称与所附材料不一致', version: 2 })
    const { body } = await clerk.changes(0)
    expect((body['items'] as { registration?: { reviewStatus: string } }[]).map(({ registration }) => registration?.reviewStatus).filter(Boolean)).toEqual(['approved', 'refused'])
    const history = await clerk.call('listReviewsOfRegistration', { params: { id: bad } })
    const at = central.clock.now().toISOString()
    expect(history.body).toEqual({ items: [{ id: expect.any(String), at, decision: 'refused', reason: '职称与所附材料不一致', reviewer: { displayName: reviewer.unit.username, organizationName: '实施单位' } }] })
    expect(itemsOf(await search())).toEqual([])
    expect(await open(good)).toMatchObject({ status: 409, body: { code: 'review-done' } })
  })

  it('sees what was corrected and handed in again, with what was said before', async () => {
    const id = idOf(await clerk.register(++person))
    await decide([refused(id, '职称不符')])
    central.clock.pass(60)
    expect((await clerk.call('patchRegistration', { params: { id }, body: { changes: { professionalTitle: '高级工程师' } }, headers: { 'if-match': '"2"' } })).status).toBe(200)
    expect(itemsOf(await search())).toMatchObject([{ id, version: 3, resubmitted: true }])
    expect((await open(id)).body).toMatchObject({ values: { professionalTitle: '高级工程师' }, reviews: [{ decision: 'refused', reason: '职称不符' }] })
    expect(outcomes(await decide([approved(id, 3)]))).toEqual(['applied'])
    const history = (await clerk.call('listReviewsOfRegistration', { params: { id } })).body['items'] as { decision: string }[]
    expect(history.map(({ decision }) => decision)).toEqual(['approved', 'refused'])
    const { body } = await reviewer.call('listDecidedReviews', { query: { limit: '1' } })
    expect(body).toMatchObject({ items: [{ decision: 'approved', name: personName(person), organizationName: '甲修缮有限公司', reviewer: { displayName: reviewer.unit.username } }] })
    const further = await reviewer.call('listDecidedReviews', { query: { limit: '1', cursor: String(body['next']) } })
    expect(further.body).toMatchObject({ items: [{ decision: 'refused', reason: '职称不符' }], next: null })
  })

  it('approves nothing unseen: what was changed since, decided by another, or withdrawn is refused, one by one', async () => {
    const [changed, done, gone, fine] = [idOf(await clerk.register(++person)), idOf(await clerk.register(++person)), idOf(await clerk.register(++person)), idOf(await clerk.register(++person))]
    await clerk.call('patchRegistration', { params: { id: changed }, body: { changes: { jobPosition: '安全员' } }, headers: { 'if-match': '"1"' } })
    await reviewRegistration(central.context, done, { approve: true })
    await clerk.call('withdrawRegistration', { params: { id: gone }, headers: { 'if-match': '"1"' } })
    expect(outcomes(await decide([approved(changed), refused(done, '重复'), approved(gone), approved(fine)]))).toEqual(['review-changed', 'review-done', 'not-found', 'applied'])
    expect((await read(changed)).body).toMatchObject({ status: 'pending', version: 2 })
    expect((await read(done)).body).toMatchObject({ status: 'active' })
    expect((await read(fine)).body).toMatchObject({ status: 'active' })
  })

  it('applies a decision once under its key, also where the answer was lost', async () => {
    const id = idOf(await clerk.register(++person))
    const decision = approved(id)
    const first = await decide([decision])
    const again = await decide([decision])
    expect(again.body).toEqual(first.body)
    expect(await central.db.selectFrom('registration_review').select('id').where('registration_id', '=', id).execute()).toHaveLength(1)
    expect(outcomes(await decide([{ ...decision, baseVersion: 2 }]))).toEqual(['idempotency-key-reused'])
  })

  it('of two reviewers at once lets one decide, whatever the other says', async () => {
    const id = idOf(await clerk.register(++person))
    const colleague = await central.newReviewer(clerk.unit)
    const answers = await Promise.all([decide([approved(id)]), decide([refused(id, '材料不全')], colleague)])
    expect(answers.flatMap(outcomes).sort()).toEqual(['applied', 'review-done'])
    expect(await central.db.selectFrom('registration_review').select('id').where('registration_id', '=', id).execute()).toHaveLength(1)
  })

  it.each([['reason-missing', '  '], ['reason-too-long', '长'.repeat(201)], ['reason-has-number', '号码应为 3101 0119-9003'], ['reason-has-number', '电话１３８００００１２３４']])('refuses a refusal with %s', async (code, reason) => {
    const id = idOf(await clerk.register(++person))
    expect(outcomes(await decide([refused(id, reason)]))).toEqual([code])
    expect((await read(id)).body).toMatchObject({ status: 'pending' })
  })

  it('shows and decides nothing outside the review scope, nor after it was taken away', async () => {
    const stranger = await central.newClerk('乙修缮有限公司')
    const foreign = idOf(await stranger.register(++person))
    expect(itemsOf(await search())).toEqual([])
    expect(await open(foreign)).toMatchObject({ status: 404 })
    expect(outcomes(await decide([approved(foreign)]))).toEqual(['not-found'])
    const own = idOf(await reviewer.register(++person))
    expect(outcomes(await decide([approved(own)])), 'nobody approves what their own unit handed in').toEqual(['not-found'])
    const id = idOf(await clerk.register(++person))
    await setReviewScope(central.context, reviewer.unit.id, clerk.unit.id, false)
    expect(itemsOf(await search())).toEqual([])
    expect(outcomes(await decide([approved(id)]))).toEqual(['not-found'])
  })

  it('is for accounts with 登记审核 alone, and ends with it at the next request', async () => {
    const id = idOf(await clerk.register(++person))
    expect(await search({}, clerk)).toMatchObject({ status: 403, body: { code: 'forbidden' } })
    expect((await search()).status).toBe(200)
    await setReviewer(central.context, reviewer.unit.accountId, false)
    for (const reply of [await search(), await open(id), await decide([approved(id)]), await reviewer.call('listDecidedReviews')]) expect(reply).toMatchObject({ status: 403, body: { code: 'forbidden' } })
  })

  it('is given by the operator to the implementing side, for other units than its own', async () => {
    await expect(setReviewer(central.context, clerk.unit.accountId, true)).rejects.toThrow('只有实施单位的账号可以审核登记。')
    await expect(setReviewScope(central.context, clerk.unit.id, reviewer.unit.id, true)).rejects.toThrow('只有实施单位可以审核其他单位的登记。')
    await expect(setReviewScope(central.context, reviewer.unit.id, reviewer.unit.id, true)).rejects.toThrow('实施单位不能审核本单位的登记。')
  })

  it('tells no other unit what was decided', async () => {
    const id = idOf(await clerk.register(++person))
    await decide([refused(id, '职称不符')])
    const stranger = await central.newClerk('乙修缮有限公司')
    expect(await stranger.call('listReviewsOfRegistration', { params: { id } })).toMatchObject({ status: 404 })
  })

  it('leaves a whole chain of audit events', async () => {
    await decide([approved(idOf(await clerk.register(++person)))])
    expect((await verifyAuditChain(central.db, central.personal)).complaints).toEqual([])
  })
})

describe.each(backends)('registrations that are approved automatically, on %s', (name) => {
  let backend: Backend
  let central: Central
  beforeAll(async () => {
    backend = await startBackend(name)
    central = await startCentral(await backend.newLocation(), { approvesAutomatically: true })
  })
  afterAll(async () => {
    await central?.close()
    await backend?.stop()
  })

  it('are 审核通过 as soon as they arrive, one by one and in a batch, and after a change', async () => {
    const clerk = await central.newClerk()
    const [single, batched] = [randomUUID(), randomUUID()]
    expect(await clerk.register(1, single)).toMatchObject({ status: 201, body: { status: 'active' } })
    const pushed = await clerk.push([{ kind: 'create', opId: newKey(), registration: { id: batched, personType: 'manager', values: personValues(2) } }])
    expect(pushed.body).toMatchObject({ results: [{ outcome: 'applied', receipt: { id: batched, status: 'active' } }] })
    expect(await clerk.call('patchRegistration', { params: { id: single }, body: { changes: { jobPosition: '安全员' } }, headers: { 'if-match': '"1"' } })).toMatchObject({ body: { version: 2, status: 'active' } })
    for (const id of [single, batched]) expect((await clerk.call('readRegistration', { params: { id } })).body).toMatchObject({ status: 'active', reviewStatus: 'approved' })
  })

  it('leave a reviewer nothing but what is from before, and say so', async () => {
    const clerk = await central.newClerk()
    const reviewer = await central.newReviewer(clerk.unit)
    await clerk.register(3)
    const reply = await reviewer.call('searchPendingRegistrations', { body: { query: '', organizationId: null, cursor: null, limit: 10 } })
    expect(reply.body).toMatchObject({ items: [], total: 0, approvesAutomatically: true })
  })
})
