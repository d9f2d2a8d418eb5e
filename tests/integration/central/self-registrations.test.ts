import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { attachmentContext } from '../../../central/app.ts'
import { forgetSelfRegistrations, selfRegistrationKept } from '../../../central/modules/self-registrations/forget.service.ts'
import { keepSelfPhoto } from '../../../central/modules/self-registrations/photos.service.ts'
import type { SelfRegistrationRequest, Settlement, WaitingSelfRegistration } from '../../../shared/api/self-registrations.ts'
import { portraitType } from '../../../shared/domain/attachments.ts'
import { largestSelfPhoto } from '../../../shared/domain/self-registration.ts'
import { backends, startBackend, type Backend } from '../../support/central-backends.ts'
import { newKey, sha256, startCentral, type Central, type Clerk, type Reply, type Unit } from '../../support/central-service.ts'
import { workerValues } from '../../support/people.ts'
import { jpegOf, newToken, phoneOf, putUpPoster, textsOf } from '../../support/self-registrations.ts'

const day = 86_400

describe.each(backends)('扫码登记 on %s', (name) => {
  let backend: Backend
  let central: Central
  let clerk: Clerk & { unit: Unit }
  let poster: Awaited<ReturnType<typeof putUpPoster>>
  let phone: ReturnType<typeof phoneOf>
  let person = 0
  beforeAll(async () => {
    backend = await startBackend(name)
    central = await startCentral(await backend.newLocation())
  })
  beforeEach(async () => {
    clerk = await central.newClerk('甲修缮有限公司')
    poster = await putUpPoster(central, clerk)
    phone = phoneOf(central, poster.code)
  })
  afterAll(async () => {
    await central?.close()
    await backend?.stop()
  })

  const settle = (id: string, settlement: Settlement, by: Clerk = clerk) => by.call('settleSelfRegistration', { params: { id }, body: settlement })
  const listed = async (by: Clerk = clerk) => (await by.call('listSelfRegistrations', { query: { projectId: poster.projectId } })).body['items'] as WaitingSelfRegistration[]
  const register = async (index: number, by: Clerk = clerk) => {
    const id = randomUUID()
    expect((await by.call('createRegistration', { body: { id, personType: 'worker', values: workerValues(index) } })).status).toBe(201)
    return id
  }
  const code = ({ body }: Reply) => body['code']
  const rows = () => central.db.selectFrom('self_registration').selectAll().where('organization_id', '=', clerk.unit.id).orderBy('submitted_at').execute()
  /** What of an answer may tell somebody something: status, shape, and every value but the phone's own id and times. */
  const told = ({ status, body }: Reply) => ({ status, body: Object.fromEntries(Object.entries(body).map(([key, value]) => [key, key === 'id' || key.endsWith('At') ? '' : value])) })

  it('tells of a poster which project of which unit it is for, and of revoked and unknown codes the same', async () => {
    expect(await central.send('openPosterCode', { params: { code: poster.code.toLowerCase() } })).toMatchObject({
      status: 200, body: { organizationName: '甲修缮有限公司', projectNo: poster.projectNo, projectName: '某小区屋面及相关设施改造工程' },
    })
    await clerk.call('revokePosterCode', { body: { projectId: poster.projectId, code: poster.code } })
    const [revoked, unknown] = [await central.send('openPosterCode', { params: { code: poster.code } }), await central.send('openPosterCode', { params: { code: 'ZZZZZZZZZZ' } })]
    expect(revoked.text).toBe(unknown.text)
    expect(code(revoked)).toBe('poster-code-unknown')
    expect(code(await phone.send(await phone.fillIn(++person)))).toBe('poster-code-unknown')
  })

  it('keeps form and photos once, however often a phone sends them, and shows them to the unit when they are whole', async () => {
    const request = await phone.fillIn(++person)
    expect(await phone.send(request)).toMatchObject({ status: 201, body: { id: request.id, state: 'incomplete', missing: ['id-card', 'portrait'] } })
    expect(await phone.send(request)).toMatchObject({ status: 201, body: { missing: ['id-card', 'portrait'] } })
    expect((await rows()).map(({ state, seq }) => [state, seq])).toEqual([['incomplete', 0]])
    expect(await phone.photo(request, 'id-card')).toMatchObject({ status: 200, body: { state: 'incomplete', missing: ['portrait'] } })
    expect(await phone.photo(request, 'portrait')).toMatchObject({ status: 200, body: { state: 'waiting', missing: [] } })
    expect(await phone.photo(request, 'portrait')).toMatchObject({ status: 200, body: { state: 'waiting', missing: [] } })
    expect(await phone.send(request)).toMatchObject({ status: 201, body: { state: 'waiting', missing: [] } })
    expect(await rows()).toMatchObject([{ state: 'waiting', project_id: poster.projectId, notice_version: request.consent.noticeVersion, consent_at: request.consent.at, consent_channel: 'worker-page' }])
    expect((await rows())[0]?.seq).toBeGreaterThan(0)
  })

  it('answers for somebody who is registered here, elsewhere, or whose form waits already as for anybody else', async () => {
    const other = await central.newClerk('乙修缮有限公司')
    const [nobody, here, elsewhere, twice] = [++person, ++person, ++person, ++person]
    await register(here)
    await register(elsewhere, other)
    await phone.sendWhole(await phone.fillIn(twice))
    const answers: unknown[] = []
    for (const index of [nobody, here, elsewhere, twice]) {
      const request = await phone.fillIn(index)
      answers.push([...(await phone.sendWhole(request)).map(told), told(await phone.own(request))])
    }
    expect(answers[0]).toMatchObject([{ status: 201 }, { status: 200 }, { status: 200, body: { state: 'waiting' } }, { status: 200, body: { state: 'waiting', reason: null } }])
    for (const answer of answers) expect(answer).toEqual(answers[0])
  })

  it('has one form of a person wait for a project, and the next one take its turn when the first is returned', async () => {
    const index = ++person
    const [first, second] = [await phone.fillIn(index), await phone.fillIn(index)]
    await phone.sendWhole(first)
    await phone.sendWhole(second)
    const states = async () => Object.fromEntries((await rows()).map(({ id, state }) => [id, state]))
    expect(await states()).toEqual({ [first.id]: 'waiting', [second.id]: 'set-aside' })
    expect((await listed()).map(({ id }) => id)).toEqual([first.id])
    expect(code(await settle(second.id, { decision: 'returned', reason: '照片不清' }))).toBe('not-found')
    expect((await settle(first.id, { decision: 'returned', reason: '身份证照片不清楚' })).status).toBe(200)
    expect(await states()).toEqual({ [first.id]: 'returned', [second.id]: 'waiting' })
    expect((await listed()).map(({ id }) => id)).toEqual([second.id])
    expect(code(await settle(first.id, { decision: 'returned', reason: '照片不清' }))).toBe('self-registration-settled')
    expect(code(await settle(second.id, { decision: 'returned', reason: '电话13800001234打不通' }))).toBe('reason-has-number')
  })

  it('shows the unit what waits, masked, and one of them whole with its photos; another unit hears of nothing', async () => {
    const request = await phone.fillIn(++person)
    await phone.sendWhole(request)
    const { name, idCardNo, workType } = request.values
    const waits = { id: request.id, projectId: poster.projectId, name, workType, idCardNoMasked: `${idCardNo.slice(0, 3)}***********${idCardNo.slice(-4)}`, registrationId: null }
    expect(await listed()).toMatchObject([waits])
    const params = { id: request.id }
    expect((await clerk.call('readSelfRegistration', { params })).body).toMatchObject({ ...waits, values: request.values, consentAt: request.consent.at })
    const photo = await clerk.call('readSelfRegistrationPhoto', { params: { ...params, photo: 'portrait' } })
    expect([photo.status, photo.headers['content-type'], photo.headers['content-length']]).toEqual([200, 'image/jpeg', String(jpegOf(1).length)])
    const other = await central.newClerk('乙修缮有限公司')
    expect(await listed(other)).toEqual([])
    for (const reply of [
      await other.call('readSelfRegistration', { params }), await other.call('readSelfRegistrationPhoto', { params: { ...params, photo: 'portrait' } }), await settle(request.id, { decision: 'returned', reason: '照片不清' }, other),
    ]) expect([reply.status, code(reply)]).toEqual([404, 'not-found'])
    const read = await central.db.selectFrom('audit_event').select('details_json').where('organization_id', '=', clerk.unit.id).where('kind', '=', 'self-registration-read').execute()
    expect(read.map(({ details_json }) => (JSON.parse(details_json) as { what: string }).what)).toEqual(['form', 'portrait'])
  })

  it('is settled by registering the person, one by one or with many, and by saying where the person is registered', async () => {
    const [one, many, before] = [++person, ++person, ++person]
    const registrationId = await register(before)
    const requests: SelfRegistrationRequest[] = []
    for (const index of [one, many, before]) {
      central.clock.pass(1)
      const request = await phone.fillIn(index)
      requests.push(request)
      await phone.sendWhole(request)
    }
    expect((await listed()).map((form) => form.registrationId)).toEqual([null, null, registrationId])
    await register(one)
    await clerk.push([{ kind: 'create', opId: newKey(), registration: { id: randomUUID(), personType: 'worker', values: workerValues(many) } }])
    expect((await listed()).map(({ id }) => id)).toEqual([requests[2]?.id])
    expect(code(await settle(requests[2]?.id ?? '', { decision: 'registered', registrationId: randomUUID() }))).toBe('not-found')
    expect((await settle(requests[2]?.id ?? '', { decision: 'registered', registrationId })).status).toBe(200)
    for (const request of requests) expect((await phone.own(request)).body).toMatchObject({ state: 'registered', values: null })
  })

  it('leaves its photos to the registration: the same bytes are attached without being sent', async () => {
    const request = await phone.fillIn(++person)
    await phone.sendWhole(request)
    const registrationId = await register(person)
    const bytes = jpegOf(1)
    const claim = { id: randomUUID(), registrationId, type: portraitType, fileName: '正面照.jpg', mediaType: 'image/jpeg', sha256: sha256(bytes), size: bytes.length, proofDate: null }
    expect((await clerk.call('attachStored', { body: claim })).status).toBe(201)
    await forgetSelfRegistrations(central.db, new Date(central.clock.now().getTime() + selfRegistrationKept.settled * day * 1000))
    expect(await rows()).toEqual([])
    expect((await clerk.call('readAttachmentContent', { params: { id: claim.id } })).status).toBe(200)
  })

  it('says what has become of it to the phone with its token, and to no other', async () => {
    const request = await phone.fillIn(++person)
    await phone.sendWhole(request)
    expect((await phone.own(request)).body).toMatchObject({ state: 'waiting', reason: null, values: null, settledAt: null })
    const foreign = { id: request.id, token: newToken() }
    const [wrongToken, noSuch] = [await phone.own(foreign), await phone.own({ id: randomUUID(), token: request.token })]
    expect(wrongToken.text).toBe(noSuch.text)
    expect([wrongToken.status, code(wrongToken)]).toEqual([404, 'not-found'])
    expect((await phone.photo(foreign, 'portrait')).text).toBe(noSuch.text)
    await settle(request.id, { decision: 'returned', reason: '身份证照片不清楚' })
    expect((await phone.own(request)).body).toMatchObject({ state: 'returned', reason: '身份证照片不清楚', values: request.values })
    expect((await phone.own(foreign)).text).toBe(noSuch.text)
    // The id of another phone's form with a token of one's own.
    expect(code(await phone.send({ ...(await phone.fillIn(++person)), id: request.id }))).toBe('request-malformed')
  })

  it('wants work for each form: a solution that is used, altered, or half an hour old buys nothing', async () => {
    const request = await phone.fillIn(++person)
    await phone.send(request)
    expect(code(await phone.send(await phone.fillIn(++person, { work: request.work })))).toBe('work-not-done')
    const fresh = await phone.work()
    expect(code(await phone.send(await phone.fillIn(++person, { work: { ...fresh, number: fresh.number + 1 } })))).toBe('work-not-done')
    const longer = { ...fresh, salt: fresh.salt.replace(/expires=\d+/, 'expires=9999999999') }
    expect(code(await phone.send(await phone.fillIn(++person, { work: longer })))).toBe('work-not-done')
    central.clock.pass(30 * 60)
    expect(code(await phone.send(await phone.fillIn(++person, { work: fresh })))).toBe('work-not-done')
    expect(await rows()).toHaveLength(1)
  })

  it('refuses a form that is wrong and one under another notice, and keeps nothing of it', async () => {
    const wrong = (changes: Partial<SelfRegistrationRequest>) => phone.fillIn(++person, changes).then(phone.send)
    const short = await wrong({ values: textsOf(person, { mobile: '1380' }) })
    expect([code(short), short.body['details']]).toEqual(['registration-invalid', { count: 1, fields: ['mobile'] }])
    expect(code(await wrong({ consent: { noticeVersion: '2001-01', at: new Date().toISOString() } }))).toBe('consent-outdated')
    expect(code(await wrong({ values: { ...textsOf(person), formerName: '某人' } as never }))).toBe('request-malformed')
    expect(await rows()).toEqual([])
    // An electrician's certificate is the clerk's to look at.
    expect((await wrong({ values: textsOf(person, { workType: '130' }) })).status).toBe(201)
  })

  it('takes photos that are JPEG and small, and the later one in the place of the earlier', async () => {
    const request = await phone.fillIn(++person)
    await phone.send(request)
    expect(code(await phone.photo(request, 'portrait', Buffer.from('GIF89a ist keine Aufnahme')))).toBe('attachment-kind-refused')
    expect(code(await phone.photo(request, 'portrait', Buffer.alloc(0)))).toBe('attachment-empty')
    expect((await phone.photo(request, 'portrait', jpegOf(1, largestSelfPhoto + 1))).status).toBe(413)
    await phone.photo(request, 'portrait', jpegOf(11))
    await phone.photo(request, 'portrait', jpegOf(12))
    await phone.photo(request, 'id-card', jpegOf(13))
    const contents = await central.db.selectFrom('attachment_content').select('size').where('organization_id', '=', clerk.unit.id).execute()
    expect(contents).toHaveLength(2)
  })

  it('keeps the photo with which it became whole, also where another one was on its way', async () => {
    const request = await phone.fillIn(++person)
    await phone.send(request)
    await phone.photo(request, 'id-card')
    const [kept, late] = [jpegOf(50), jpegOf(51, 3_000)]
    const { database, personal, clock, attachmentsFolder } = central
    const context = attachmentContext({ database, personal, clock, log: () => undefined, attachments: { folder: attachmentsFolder, quotaBytes: 2 ** 30 } })
    const startPart: typeof context.files.startPart = async (...asked) => {
      expect((await phone.photo(request, 'portrait', kept)).body['state']).toBe('waiting')
      return context.files.startPart(...asked)
    }
    const answer = await keepSelfPhoto({ ...context, files: { ...context.files, startPart } }, { id: request.id, token: request.token, photo: 'portrait', bytes: late })
    expect(answer).toEqual({ id: request.id, state: 'waiting', missing: [] })
    const { headers } = await clerk.call('readSelfRegistrationPhoto', { params: { id: request.id, photo: 'portrait' } })
    expect(headers['content-length']).toBe(String(kept.length))
    expect(await central.db.selectFrom('attachment_content').select('id').where('organization_id', '=', clerk.unit.id).execute()).toHaveLength(2)
  })

  it('keeps nothing of it in the clear, in the database, in the files or in the log', async () => {
    const texts = textsOf(++person, { name: '欧阳标记', residenceDetail: '标记路11号甲' })
    const request = await phone.fillIn(person, { values: texts })
    await phone.sendWhole(request)
    await settle(request.id, { decision: 'returned', reason: '标记退回原因' })
    const stored = await backend.everything(central.location)
    for (const text of [texts.idCardNo, texts.mobile, texts.name, texts.residenceDetail, request.token, '标记退回原因']) {
      expect(stored.includes(text), 'in the database').toBe(false)
      expect(JSON.stringify(central.log), 'in the log').not.toContain(text)
    }
  })

  it('lets one that stands behind another take its turn also where nobody ever looked at that', async () => {
    const first = await phone.fillIn(++person)
    await phone.sendWhole(first)
    central.clock.pass(60 * day)
    const second = await phone.fillIn(person)
    await phone.sendWhole(second)
    expect((await rows()).map(({ state }) => state)).toEqual(['waiting', 'set-aside'])
    central.clock.pass((selfRegistrationKept.waiting - 60) * day)
    await forgetSelfRegistrations(central.db, central.clock.now())
    expect((await rows()).map(({ id, state, seq }) => [id, state, Number(seq) > 0])).toEqual([[second.id, 'waiting', true]])
  })

  it('forgets what nobody completes, what is settled and what nobody looks at, each in its time, and the photos with it', async () => {
    const [incomplete, returned, waiting] = [await phone.fillIn(++person), await phone.fillIn(++person), await phone.fillIn(++person)]
    await phone.send(incomplete)
    for (const [request, photo] of [[returned, 31], [waiting, 32]] as const) {
      await phone.send(request)
      await phone.photo(request, 'id-card', jpegOf(photo))
      await phone.photo(request, 'portrait', jpegOf(photo + 10))
    }
    await settle(returned.id, { decision: 'returned', reason: '照片不清' })
    const left = async () => {
      await forgetSelfRegistrations(central.db, central.clock.now())
      return (await rows()).map(({ id }) => id)
    }
    expect(await left()).toHaveLength(3)
    central.clock.pass(selfRegistrationKept.incomplete * day)
    expect(await left()).not.toContain(incomplete.id)
    central.clock.pass(selfRegistrationKept.settled * day)
    expect(await left()).toEqual([waiting.id])
    central.clock.pass(selfRegistrationKept.waiting * day)
    expect(await left()).toEqual([])
    expect(await central.db.selectFrom('attachment_content').select('id').where('organization_id', '=', clerk.unit.id).execute()).toEqual([])
  })
})

describe('whoever sends forms by the hundred', () => {
  let backend: Backend
  let central: Central
  beforeAll(async () => {
    backend = await startBackend('SQLite')
    central = await startCentral(await backend.newLocation(), { limits: { submitSelfRegistration: 6, readOwnSelfRegistration: 3 }, submissionsPerCode: 2 })
  })
  afterAll(async () => {
    await central?.close()
    await backend?.stop()
  })

  it('is stopped by the code once the work is paid for, and by the address whatever is sent', async () => {
    const poster = await putUpPoster(central, await central.newClerk())
    await central.db.updateTable('poster_code').set({ code: '0123456789' }).where('code', '=', poster.code).execute()
    const phone = phoneOf(central, '0123456789')
    const send = async (person: number, changes: Partial<SelfRegistrationRequest> = {}) => (await phone.send(await phone.fillIn(person, changes))).body['code'] ?? 'kept'
    const used = await phone.work()
    // The second and third have paid nothing: they close the code to nobody. The fifth spells it as somebody copies it by hand.
    const answers = [await send(1, { work: used }), await send(2, { work: used }), await send(3, { work: used }), await send(4), await send(5, { code: 'oI23456789' }), await send(6)]
    expect(answers).toEqual(['kept', 'work-not-done', 'work-not-done', 'kept', 'too-many-requests', 'too-many-requests'])
    const other = phoneOf(central, (await putUpPoster(central, await central.newClerk())).code)
    expect((await other.send(await other.fillIn(7))).body['code']).toBe('too-many-requests')
    expect(await central.db.selectFrom('self_registration').select('id').execute()).toHaveLength(2)
    for (let count = 0; count < 3; count++) await phone.own({ id: randomUUID(), token: newToken() })
    expect((await phone.own({ id: randomUUID(), token: newToken() })).status).toBe(429)
  })
})
