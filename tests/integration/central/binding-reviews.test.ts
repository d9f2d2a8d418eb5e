import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { verifyAuditChain } from '../../../central/audit/verify-chain.ts'
import { passedIdentityChecks } from '../../../central/modules/identity-checks/identity-check.repository.ts'
import { setReviewer } from '../../../central/operator/review-operations.ts'
import type { BindingStatus } from '../../../shared/domain/binding.ts'
import { deliver, feedRecords, fileProject, newProjectNo } from '../../support/approval-feed.ts'
import { seedBinding } from '../../support/bindings.ts'
import { backends, startBackend, type Backend } from '../../support/central-backends.ts'
import { newKey, startCentral, type Central, type Clerk, type Reply, type Unit } from '../../support/central-service.ts'
import { personName, personValues, workerValues } from '../../support/people.ts'
import { appending } from '../../security/aimed-attachment.ts'
import { claimOf, creationHeaders, jpegOf } from '../../support/uploads.ts'

type Reviewer = Awaited<ReturnType<Central['newReviewer']>>
type Item = { id: string; version: number; name: string; registrationVersion: number; identityCheck: string | null }
const itemsOf = ({ body }: Reply) => body['items'] as Item[]
const outcomes = ({ body }: Reply) => (body['results'] as { outcome: string; problem?: { code: string } }[]).map(({ outcome, problem }) => problem?.code ?? outcome)
const seen = (id: string, baseVersion = 1, registrationVersion = 1) => ({ opId: newKey(), id, baseVersion, registrationVersion, attachmentsSeq: null })
const approved = (id: string, ...versions: number[]) => ({ decision: 'approved', ...seen(id, ...versions) })
const refused = (id: string, reason: string, ...versions: number[]) => ({ decision: 'refused', ...seen(id, ...versions), reason })

describe.each(backends)('项目人员登记绑定审核 on %s', (name) => {
  let backend: Backend
  let central: Central
  let clerk: Clerk & { unit: Unit }
  let reviewer: Reviewer
  let project: { id: string; projectNo: string }
  let person = 0
  beforeAll(async () => {
    backend = await startBackend(name)
    central = await startCentral(await backend.newLocation(), { approvesAutomatically: true })
  })
  beforeEach(async () => {
    clerk = await central.newClerk('甲修缮有限公司')
    reviewer = await central.newReviewer()
    project = await newProject()
  })
  afterAll(async () => {
    await central?.close()
    await backend?.stop()
  })

  async function newProject(title = '某小区屋面及相关设施改造工程') {
    const projectNo = newProjectNo()
    await deliver(central, feedRecords.project(projectNo, reviewer.unit, { name: title }))
    return { ...(await central.db.selectFrom('project').select('id').where('project_no', '=', projectNo).executeTakeFirstOrThrow()), projectNo }
  }
  async function bind(status: BindingStatus = 'pending', values = personValues(++person), personType = 'manager', projectId = project.id, who = clerk): Promise<{ id: string; registrationId: string }> {
    const registrationId = randomUUID()
    expect((await who.call('createRegistration', { body: { id: registrationId, personType, values } })).status).toBe(201)
    central.clock.pass(1)
    return { id: await seedBinding(central.db, { projectId, organizationId: who.unit.id, registrationId, status, at: central.clock.now() }), registrationId }
  }
  const projects = (more: Record<string, unknown> = {}, who: Clerk = reviewer) => who.call('searchReviewedProjects', { body: { projectNo: '', name: '', status: null, page: 1, pageSize: 20, ...more } })
  const people = (more: Record<string, unknown> = {}, who: Clerk = reviewer) =>
    who.call('searchReviewedPeople', { body: { projectId: project.id, status: 'pending', query: '', personType: null, cursor: null, limit: 20, ...more } })
  const open = (id: string, who: Clerk = reviewer) => who.call('readReviewedBinding', { params: { id } })
  const decide = (decisions: unknown[], who: Clerk = reviewer) => who.call('decideBindings', { body: { decisions } })
  const statusOf = async (id: string) => (await central.db.selectFrom('binding').select(['status', 'version', 'review_comment']).where('id', '=', id).executeTakeFirstOrThrow())
  async function attach(registrationId: string, type: string, who = clerk): Promise<string> {
    const bytes = jpegOf(600)
    const claim = claimOf(bytes, { registrationId, type, mediaType: 'image/jpeg', fileName: '相片.jpg' })
    expect((await who.call('createUpload', { headers: creationHeaders(claim) })).status).toBe(201)
    expect((await who.call('appendUpload', appending(claim.id, bytes))).status).toBe(204)
    return claim.id
  }

  it('counts the people of each project of the unit by status, filters by number, name and state, and ends with what is not there', async () => {
    const other = await newProject('另一处外墙修缮')
    for (const status of ['unsubmitted', 'pending', 'pending', 'refused', 'approved'] as const) await bind(status)
    const ended = await bind()
    await central.db.updateTable('binding').set({ status: 'ended', ending: 'left-project' }).where('id', '=', ended.id).execute()
    const counts = { unsubmitted: 1, pending: 2, refused: 1, approved: 1 }
    const none = { unsubmitted: 0, pending: 0, refused: 0, approved: 0 }
    const mine = { id: project.id, projectNo: project.projectNo, status: 'active', counts }
    expect((await projects()).body).toMatchObject({ total: 2, page: 1, items: [{ id: other.id, counts: none }, mine] })
    expect((await projects({ projectNo: project.projectNo.toLowerCase() })).body).toMatchObject({ total: 1, items: [mine] })
    expect((await projects({ name: '外墙' })).body).toMatchObject({ items: [{ id: other.id }] })
    expect((await projects({ status: 'completed' })).body).toMatchObject({ total: 0, items: [] })
    expect((await projects({ page: 9, pageSize: 1 })).body).toMatchObject({ total: 2, page: 2, items: [{ id: project.id }] })
  })

  it('lists who waits, longest waiting first, page by page, each once; by name, pinyin and 人员类型', async () => {
    const ids = [(await bind('pending', personValues(++person, { name: '欧阳建国' }))).id]
    for (let index = 0; index < 3; index++) ids.push((await bind('pending', workerValues(++person), 'worker')).id)
    const found: Item[] = []
    let cursor: unknown = null
    do {
      const reply = await people({ cursor, limit: 3 })
      expect(reply).toMatchObject({ status: 200, body: { total: 4, project: { id: project.id, counts: { pending: 4 } } } })
      found.push(...itemsOf(reply))
      cursor = reply.body['next']
    } while (cursor)
    expect(found.map(({ id }) => id)).toEqual(ids)
    expect(found[1]).toMatchObject({ name: personName(person - 2), organizationName: '甲修缮有限公司', personType: 'worker', version: 1, registrationVersion: 1, identityCheck: null, comment: null })
    for (const query of ['阳建', 'ouyangjian', 'OYJG']) expect(itemsOf(await people({ query })).map(({ id }) => id), query).toEqual([ids[0]])
    expect(itemsOf(await people({ personType: 'worker' })).map(({ id }) => id)).toEqual(ids.slice(1))
    expect((await people({ status: 'approved' })).body).toMatchObject({ total: 0, items: [] })
  })

  it('names filed managers who are registered nowhere, and finds them by their names', async () => {
    await deliver(central, feedRecords.manager(project.projectNo, clerk.unit, ++person))
    const filed = await central.db.selectFrom('filed_person').selectAll().where('project_no', '=', project.projectNo).executeTakeFirstOrThrow()
    await central.db.deleteFrom('binding').where('filed_person_id', '=', filed.id).execute()
    await bind('unsubmitted')
    const base = await central.db.selectFrom('binding').selectAll().where('project_id', '=', project.id).executeTakeFirstOrThrow()
    await central.db.insertInto('binding').values({ ...base, id: filed.id, filed_person_id: filed.id, registration_id: null, id_card_no_hash: filed.id_card_no_hash, created_at: central.clock.now().toISOString() }).execute()
    expect(itemsOf(await people({ status: 'unsubmitted', query: personName(person - 1) }))).toMatchObject([{ id: filed.id, name: personName(person - 1), registrationVersion: null }])
    expect((await people({ status: 'unsubmitted' })).body).toMatchObject({ total: 2 })
  })

  it('opens one whole while it waits, with photos and identity check, and leaves that in the audit of the unit', async () => {
    const values = personValues(++person)
    const { id, registrationId } = await bind('pending', values)
    const photo = await attach(registrationId, '03')
    const reply = await open(id)
    expect(reply).toMatchObject({
      status: 200, headers: { etag: '"1"' },
      body: { id, projectNo: project.projectNo, status: 'pending', maskedIdCardNo: expect.stringContaining('*'), identityChecks: [], registration: { values, pending: false, attachments: [{ id: photo, type: '03' }] } },
    })
    const events = await central.db.selectFrom('audit_event').selectAll().where('organization_id', '=', clerk.unit.id).where('kind', '=', 'binding-read-by-reviewer').execute()
    expect(events).toMatchObject([{ account_id: reviewer.unit.accountId, details_json: JSON.stringify({ bindingId: id }) }])
    expect((await reviewer.call('readReviewedBindingAttachment', { params: { id, attachmentId: photo } })).status).toBe(200)
    await decide([approved(id)])
    const after = await open(id)
    expect(after.body).toMatchObject({ status: 'approved', registration: null, maskedIdCardNo: expect.stringContaining('*'), history: [{ action: 'approve', status: 'approved', by: { displayName: reviewer.unit.username, organizationName: '实施单位' } }] })
    expect(after.text).not.toContain(values.idCardNo)
    expect(await reviewer.call('readReviewedBindingAttachment', { params: { id, attachmentId: photo } })).toMatchObject({ status: 409, body: { code: 'binding-decided' } })
    const unsubmitted = await bind('unsubmitted')
    expect((await open(unsubmitted.id)).body, 'what was not handed in is the unit’s own').toMatchObject({ registration: null, maskedIdCardNo: '' })
  })

  it('decides on many people of several units at once, each whole or refused by itself, once under its key', async () => {
    const others = await central.newClerk('乙修缮有限公司')
    const [good, bad, done, changed, edited, waiting] = [await bind(), await bind('pending', workerValues(++person), 'worker', project.id, others), await bind('approved'), await bind(), await bind(), await bind('unsubmitted')]
    await central.db.updateTable('binding').set({ version: 2 }).where('id', '=', changed.id).execute()
    await clerk.call('patchRegistration', { params: { id: edited.registrationId }, body: { changes: { jobPosition: '安全员' } }, headers: { 'if-match': '"1"' } })
    const decisions = [approved(good.id), refused(bad.id, ' 证件照片不清晰 '), approved(done.id), approved(changed.id), approved(edited.id), approved(waiting.id), refused(good.id, '重复'), refused(changed.id, '电话13800001234', 2), approved(randomUUID())]
    const first = await decide(decisions)
    expect(outcomes(first)).toEqual(['applied', 'applied', 'binding-decided', 'binding-changed', 'binding-changed', 'binding-not-submitted', 'binding-decided', 'reason-has-number', 'not-found'])
    expect((first.body['results'] as { problem?: { details: unknown } }[])[2]?.problem?.details).toEqual({ status: 'approved' })
    expect((await decide(decisions)).body, 'the same answers again').toEqual(first.body)
    expect(outcomes(await decide([{ ...decisions[0], baseVersion: 2 }]))).toEqual(['idempotency-key-reused'])
    expect(await statusOf(good.id)).toEqual({ status: 'approved', version: 2, review_comment: null })
    expect(await statusOf(bad.id)).toEqual({ status: 'refused', version: 2, review_comment: '证件照片不清晰' })
    expect(await statusOf(changed.id)).toMatchObject({ status: 'pending', version: 2 })
    expect(itemsOf(await people({ status: 'refused' }))).toMatchObject([{ id: bad.id, comment: '证件照片不清晰' }])
    const seqs = await central.db.selectFrom('binding').select('seq').where('organization_id', '=', clerk.unit.id).execute()
    expect(new Set(seqs.map(({ seq }) => seq)).size, 'each has a number of its own in the feed').toBe(seqs.length)
    expect((await verifyAuditChain(central.db, central.personal)).complaints).toEqual([])
  })

  it('of two reviewers deciding on the same people at once lets one decide on each, and tells the other what became of them', async () => {
    const ids = [(await bind()).id, (await bind()).id, (await bind()).id]
    const username = randomUUID()
    await setReviewer(central.context, await central.addAccount(reviewer.unit.id, username), true)
    const colleague = await central.signIn(username)
    const answers = await Promise.all([decide(ids.map((id) => approved(id))), decide(ids.toReversed().map((id) => refused(id, '材料不全')), colleague)])
    expect(answers.flatMap(outcomes).sort()).toEqual(['applied', 'applied', 'applied', 'binding-decided', 'binding-decided', 'binding-decided'])
    const events = await central.db.selectFrom('binding_event').select(['binding_id', 'action']).where('binding_id', 'in', ids).execute()
    expect(events).toHaveLength(3)
  })

  it('approves a registration that waits together with the binding where the unit is in scope, and else approves neither', async () => {
    const [one, two] = [await bind(), await bind()]
    await central.db.updateTable('registration').set({ status: 'pending' }).where('organization_id', '=', clerk.unit.id).execute()
    expect((await open(one.id)).body).toMatchObject({ registration: { pending: true } })
    expect(outcomes(await decide([approved(one.id), refused(two.id, '材料不全')]))).toEqual(['binding-registration-pending', 'applied'])
    await central.db.insertInto('review_scope').values({ reviewer_organization_id: reviewer.unit.id, organization_id: clerk.unit.id, created_at: central.clock.now().toISOString() }).execute()
    expect(outcomes(await decide([approved(one.id)]))).toEqual(['applied'])
    const registrations = await central.db.selectFrom('registration').select(['id', 'status']).where('organization_id', '=', clerk.unit.id).execute()
    expect(new Map(registrations.map(({ id, status }) => [id, status]))).toEqual(new Map([[one.registrationId, 'active'], [two.registrationId, 'pending']]))
  })

  it('is for accounts with 登记审核 of the 实施单位: to any other unit the project and its people are not there', async () => {
    const { id, registrationId } = await bind()
    const photo = await attach(registrationId, '03')
    const stranger = await central.newReviewer(clerk.unit)
    expect((await projects({}, stranger)).body).toMatchObject({ total: 0 })
    const foreign = await stranger.call('readReviewedBindingAttachment', { params: { id, attachmentId: photo } })
    for (const reply of [await people({}, stranger), await open(id, stranger), foreign]) expect(reply).toMatchObject({ status: 404, body: { code: 'not-found' } })
    expect(outcomes(await decide([approved(id)], stranger))).toEqual(['not-found'])
    await setReviewer(central.context, reviewer.unit.accountId, false)
    for (const reply of [await projects(), await people(), await open(id), await decide([approved(id)]), await projects({}, clerk)]) expect(reply).toMatchObject({ status: 403, body: { code: 'forbidden' } })
    expect(await statusOf(id)).toMatchObject({ status: 'pending' })
  })

  describe('非人脸核验', () => {
    async function somebody() {
      const { id, registrationId } = await bind('unsubmitted')
      const pictures = { documentId: await attach(registrationId, '01'), portraitId: await attach(registrationId, '03') }
      const username = randomUUID()
      await central.addAccount(clerk.unit.id, username)
      return { id, registrationId, pictures, colleague: await central.signIn(username) }
    }
    const begin = (id: string, body: object, who: Clerk = clerk) => who.call('beginIdentityCheck', { params: { id }, body })
    const finish = (id: unknown, body: object, who: Clerk) => who.call('finishIdentityCheck', { params: { id: String(id) }, body })
    const passed = async (id: string) => (await passedIdentityChecks(central.db, [id])).get(id)

    it('takes two accounts of the unit, who have seen the same pictures; then the reviewer sees who and when', async () => {
      const { id, registrationId, pictures, colleague } = await somebody()
      const begun = await begin(registrationId, pictures)
      expect(begun).toMatchObject({ status: 201, body: { result: 'awaiting-second' } })
      expect(await begin(registrationId, pictures, colleague)).toMatchObject({ status: 409, body: { code: 'identity-check-waits' } })
      expect(await passed(registrationId)).toBeUndefined()
      expect((await clerk.call('listWaitingIdentityChecks')).body).toMatchObject({ items: [{ id: begun.body['id'], registrationId, own: true, by: clerk.unit.username }] })
      expect((await colleague.call('listWaitingIdentityChecks')).body).toMatchObject({ items: [{ own: false, maskedIdCardNo: expect.stringContaining('*') }] })
      expect(await finish(begun.body['id'], { result: 'passed', ...pictures }, clerk)).toMatchObject({ status: 403, body: { code: 'identity-check-same-account' } })
      const { seq: before } = await central.db.selectFrom('binding').select('seq').where('id', '=', id).executeTakeFirstOrThrow()
      expect(await finish(begun.body['id'], { result: 'passed', ...pictures }, colleague)).toMatchObject({ status: 200, body: { result: 'passed' } })
      expect(await passed(registrationId)).toBe('non-face')
      const { seq: after } = await central.db.selectFrom('binding').select('seq').where('id', '=', id).executeTakeFirstOrThrow()
      expect(after, 'the feed tells the binding anew').toBeGreaterThan(before)
      expect(await finish(begun.body['id'], { result: 'refused', ...pictures }, colleague)).toMatchObject({ status: 409, body: { code: 'identity-check-closed' } })
      expect(await begin(registrationId, pictures)).toMatchObject({ body: { code: 'identity-check-passed' } })
      await central.db.updateTable('binding').set({ status: 'pending', submitted_at: central.clock.now().toISOString() }).where('id', '=', id).execute()
      expect(itemsOf(await people())).toMatchObject([{ id, identityCheck: 'non-face' }])
      const check = { method: 'non-face', result: 'passed', by: clerk.unit.username, secondBy: colleague.username, picturesReplaced: false }
      expect((await open(id)).body).toMatchObject({ identityChecks: [check] })
      await attach(registrationId, '03')
      expect((await open(id)).body).toMatchObject({ identityChecks: [{ ...check, picturesReplaced: true }] })
    })

    it('begins anew where a picture was replaced, and counts for nobody with another number', async () => {
      const { registrationId, pictures, colleague } = await somebody()
      expect(await begin(registrationId, { ...pictures, documentId: randomUUID() })).toMatchObject({ status: 409, body: { code: 'identity-check-changed' } })
      const first = await begin(registrationId, pictures)
      const portraitId = await attach(registrationId, '03')
      for (const compared of [pictures, { ...pictures, portraitId }]) expect(await finish(first.body['id'], { result: 'passed', ...compared }, colleague)).toMatchObject({ body: { code: 'identity-check-changed' } })
      const again = await begin(registrationId, { ...pictures, portraitId }, colleague)
      expect(again.status).toBe(201)
      expect((await finish(again.body['id'], { result: 'passed', ...pictures, portraitId }, clerk)).status).toBe(200)
      expect(await passed(registrationId)).toBe('non-face')
      const { idCardNo, birthDate, sex } = personValues(++person)
      expect((await clerk.call('patchRegistration', { params: { id: registrationId }, body: { changes: { idCardNo, birthDate, sex } }, headers: { 'if-match': '"1"' } })).status).toBe(200)
      expect(await passed(registrationId)).toBeUndefined()
    })

    it('is not one’s own to make, nor another unit’s; and may be refused', async () => {
      const { registrationId, pictures, colleague } = await somebody()
      const { name: own } = await central.db.selectFrom('registration').select('name').where('id', '=', registrationId).executeTakeFirstOrThrow()
      await central.db.updateTable('account').set({ display_name: own }).where('id', '=', clerk.unit.accountId).execute()
      expect(await begin(registrationId, pictures)).toMatchObject({ status: 403, body: { code: 'identity-check-own' } })
      const begun = await begin(registrationId, pictures, colleague)
      expect(await finish(begun.body['id'], { result: 'passed', ...pictures }, clerk)).toMatchObject({ status: 403, body: { code: 'identity-check-own' } })
      const stranger = await central.newClerk('乙修缮有限公司')
      expect(await begin(registrationId, pictures, stranger)).toMatchObject({ status: 404 })
      expect(await finish(begun.body['id'], { result: 'passed', ...pictures }, stranger)).toMatchObject({ status: 404 })
      const username = randomUUID()
      await central.addAccount(clerk.unit.id, username)
      expect((await finish(begun.body['id'], { result: 'refused', ...pictures }, await central.signIn(username))).body).toMatchObject({ result: 'refused' })
      expect(await passed(registrationId)).toBeUndefined()
      expect((await colleague.call('listIdentityChecksOfRegistration', { params: { id: registrationId } })).body).toMatchObject({ passed: null, pictures, ownWaits: false, items: [{ result: 'refused' }] })
    })
  })
})

describe('身份核验 before 提交', () => {
  it.each([true, false])('is what the operator says (%s), and workstations are told', async (identityCheckRequired) => {
    const backend = await startBackend('SQLite')
    const central = await startCentral(await backend.newLocation(), { approvesAutomatically: true, identityCheckRequired })
    try {
      const clerk = await central.newClerk('甲修缮有限公司')
      expect((await clerk.call('readSession')).body).toMatchObject({ identityCheckRequired })
      const project = await fileProject(central, clerk.unit)
      const registrationId = randomUUID()
      await clerk.call('createRegistration', { body: { id: registrationId, personType: 'manager', values: personValues(1) } })
      await clerk.call('linkProject', { body: { projectId: project.id } })
      const id = await seedBinding(central.db, { projectId: project.id, organizationId: clerk.unit.id, registrationId, status: 'unsubmitted', at: central.clock.now() })
      const reply = await clerk.push([{ kind: 'submit-binding', opId: newKey(), id, baseVersion: 1 }])
      const refusal = { outcome: 'refused', problem: { code: 'binding-blocked', details: { block: 'identity-check-missing' } } }
      expect(reply.body).toMatchObject({ results: [identityCheckRequired ? refusal : { outcome: 'applied', receipt: { bindingStatus: 'pending' } }] })
    } finally {
      await central.close()
      await backend.stop()
    }
  })
})
