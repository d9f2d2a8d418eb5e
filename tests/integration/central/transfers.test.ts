import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { reviewRegistration } from '../../../central/operator/review-operations.ts'
import { sweep } from '../../../central/sweep.ts'
import { shanghaiDate } from '../../../shared/domain/dates.ts'
import { backends, startBackend, type Backend } from '../../support/central-backends.ts'
import { startCentral, type Call, type Central, type Clerk, type Reply, type Unit } from '../../support/central-service.ts'
import { idCardNoOf, personValues } from '../../support/people.ts'

type Request = Readonly<Record<string, unknown>>

describe.each(backends)('people who move, on %s', (name) => {
  let backend: Backend
  let central: Central
  let holder: Clerk & { unit: Unit }
  let asker: Clerk & { unit: Unit }
  let third: Clerk & { unit: Unit }
  let person = 0
  beforeAll(async () => {
    backend = await startBackend(name)
    central = await startCentral(await backend.newLocation())
    holder = await central.newClerk('甲修缮有限公司')
    asker = await central.newClerk('乙修缮有限公司')
    third = await central.newClerk('丙修缮有限公司')
  })
  afterAll(async () => {
    await central?.close()
    await backend?.stop()
  })

  const day = 86_400
  const idOf = (reply: Reply) => String(reply.body['id'])
  const today = () => shanghaiDate(central.clock.now())
  const departure = (changes: Request = {}) => ({ reason: '1', note: '', leftOn: today(), requestId: null, ...changes })
  const leave = (who: Clerk, id: string, changes: Request = {}, version = 1, headers: Call['headers'] = {}) =>
    who.call('transferOut', { params: { id }, body: departure(changes), headers: { 'if-match': `"${version}"`, ...headers } })
  const ask = (who: Clerk, number: number, id: string = randomUUID()) => who.call('askTransfer', { body: { id, idCardNo: idCardNoOf(number), name: personValues(number).name } })
  const refuse = (who: Clerk, id: string, words = '项目未完工，暂不同意。') => who.call('refuseTransfer', { params: { id }, body: { words } })
  const withdraw = (who: Clerk, id: string) => who.call('withdrawTransfer', { params: { id } })
  const listed = async (who: Clerk, side: 'incoming' | 'outgoing', id: string) => ((await who.call('listTransferRequests')).body[side] as Request[]).find((request) => request['id'] === id)
  const transferIn = (who: Clerk, number: number, nameTyped = personValues(number).name) => who.call('transferIn', { body: { idCardNo: idCardNoOf(number), name: nameTyped } })
  const read = (who: Clerk, id: string) => who.call('readRegistration', { params: { id } })
  /** A person of the holder's, whom the asker has asked for. */
  async function asked() {
    const registrationId = idOf(await holder.register(++person))
    const requestId = idOf(await ask(asker, person))
    return { registrationId, requestId, person }
  }

  describe('离职迁出', () => {
    it('ends the registration, keeps it with reason, day and words, tells the feed, and frees the person', async () => {
      const id = idOf(await holder.register(++person))
      await reviewRegistration(central.context, id, { approve: true })
      const { seq } = await central.db.selectFrom('organization').select('seq').where('id', '=', holder.unit.id).executeTakeFirstOrThrow()
      expect(await leave(holder, id, { reason: '9', note: '项目 结束' }, 2)).toMatchObject({ status: 200, body: { id, version: 3, status: 'left' }, headers: { etag: '"3"' } })
      const ended = { status: 'left', reviewStatus: 'approved', version: 3, departure: { reason: '9', note: '项目 结束', leftOn: today() } }
      expect((await read(holder, id)).body).toMatchObject(ended)
      expect((await holder.changes(Number(seq))).body['items']).toMatchObject([{ kind: 'registration', registration: ended }])
      expect((await asker.call('checkIdCardNo', { body: { idCardNo: idCardNoOf(person) } })).body).toEqual({ outcome: 'free', transferIn: true })
      expect((await asker.register(person)).status).toBe(201)
    })

    it('ends what is under review or was sent back too, and what the review had said stays said', async () => {
      const pending = idOf(await holder.register(++person))
      expect((await leave(holder, pending)).status).toBe(200)
      expect((await read(holder, pending)).body).toMatchObject({ status: 'left', reviewStatus: 'pending' })
      await expect(reviewRegistration(central.context, pending, { approve: true })).rejects.toMatchObject({ code: 'review-done' })
      const refused = idOf(await holder.register(++person))
      await reviewRegistration(central.context, refused, { approve: false, comment: '材料不全' })
      expect((await leave(holder, refused, {}, 2)).status).toBe(200)
      expect((await read(holder, refused)).body).toMatchObject({ status: 'left', reviewStatus: 'refused', reviewComment: '材料不全' })
    })

    it('is refused twice, for another unit’s, with an old version, and with a day that cannot be', async () => {
      const id = idOf(await holder.register(++person))
      expect((await leave(asker, id)).body).toMatchObject({ code: 'not-found' })
      expect((await leave(holder, id, {}, 7)).body).toMatchObject({ code: 'version-conflict' })
      const wrong = await leave(holder, id, { leftOn: '2001-01-01', reason: 'x', note: '秘密' })
      expect(wrong).toMatchObject({ status: 422, body: { code: 'transfer-out-invalid', details: { count: 2, fields: ['reason', 'leftOn'] } } })
      expect(wrong.text).not.toContain('秘密')
      expect((await leave(holder, id, { leftOn: shanghaiDate(new Date(central.clock.at + 2 * day * 1000)) })).body).toMatchObject({ details: { fields: ['leftOn'] } })
      expect((await leave(holder, id)).status).toBe(200)
      expect((await leave(holder, id, {}, 2)).body).toMatchObject({ code: 'registration-left' })
      expect((await holder.call('patchRegistration', { params: { id }, body: { changes: { jobPosition: '安全员' } }, headers: { 'if-match': '"2"' } })).body).toMatchObject({ code: 'registration-left' })
    })

    it('is applied once under its key, alone and in a push, and audited with codes alone', async () => {
      const [one, two] = [idOf(await holder.register(++person)), idOf(await holder.register(++person))]
      const key = randomUUID()
      const first = await leave(holder, one, { note: '只给本单位看' }, 1, { 'idempotency-key': key })
      expect(await leave(holder, one, { note: '只给本单位看' }, 1, { 'idempotency-key': key })).toMatchObject({ status: 200, body: first.body })
      const operation = { kind: 'transfer-out', opId: randomUUID(), id: two, baseVersion: 1, departure: departure() }
      const pushed = await holder.push([operation])
      expect(pushed.body['results']).toMatchObject([{ outcome: 'applied', receipt: { id: two, version: 2, status: 'left' } }])
      expect((await holder.push([operation])).body['results']).toEqual(pushed.body['results'])
      const events = await central.db.selectFrom('audit_event').select('details_json').where('kind', '=', 'registration-left').execute()
      expect(events.filter(({ details_json }) => details_json.includes(one) || details_json.includes(two)).map(({ details_json }) => JSON.parse(details_json) as unknown)).toEqual([
        { registrationId: one, reason: '1', bindings: 0 }, { registrationId: two, reason: '1', bindings: 0 },
      ])
    })

    it('of two clerks at once happens once, and the other is told that the record has changed', async () => {
      const id = idOf(await holder.register(++person))
      const replies = await Promise.all([leave(holder, id, { reason: '1' }), leave(holder, id, { reason: '2' })])
      expect(replies.map(({ status }) => status).sort()).toEqual([200, 412])
      expect(await central.db.selectFrom('departure').select('id').where('id', '=', id).execute()).toHaveLength(1)
    })

    it('and an edit at once: whichever comes first counts, and the other is told', async () => {
      for (let round = 0; round < 6; round++) {
        const id = idOf(await holder.register(++person))
        const edit = holder.call('patchRegistration', { params: { id }, body: { changes: { jobPosition: '安全员' } }, headers: { 'if-match': '"1"' } })
        const replies = await Promise.all([edit, leave(holder, id)])
        expect(replies.map(({ status }) => status).sort()).toEqual([200, 412])
      }
    })

    it('can be undone by registering the person again, with everything that was there', async () => {
      const id = idOf(await holder.register(++person))
      await leave(holder, id)
      expect((await transferIn(holder, person)).body).toEqual({ values: personValues(person) })
      expect((await holder.register(person)).status).toBe(201)
      expect((await read(holder, id)).body).toMatchObject({ status: 'left' })
    })
  })

  describe('申请迁入', () => {
    it('reaches the unit where the person is, which sees who asks; who asks never sees whom', async () => {
      const { registrationId, requestId } = await asked()
      expect(await listed(holder, 'incoming', requestId)).toMatchObject({ state: 'waiting', registrationId, askedBy: '乙修缮有限公司', name: personValues(person).name })
      const list = await asker.call('listTransferRequests')
      expect((list.body['outgoing'] as Request[])[0]).toMatchObject({ id: requestId, state: 'waiting', idCardNo: idCardNoOf(person) })
      for (const trace of ['甲修缮', holder.unit.id, holder.unit.creditCode, registrationId]) expect(list.text, trace).not.toContain(trace)
      expect(await listed(third, 'incoming', requestId)).toBeUndefined()
    })

    it('is refused for one’s own people and for who is registered nowhere, and made once at a time', async () => {
      const own = idOf(await asker.register(++person))
      expect((await ask(asker, person)).body).toMatchObject({ code: 'registration-here', details: { id: own } })
      expect((await ask(asker, ++person)).body).toMatchObject({ code: 'transfer-not-needed' })
      await holder.register(++person)
      const replies = await Promise.all([1, 2, 3].map(() => ask(asker, person)))
      expect(replies.map(({ status }) => status).sort()).toEqual([201, 409, 409])
      expect(replies.filter(({ status }) => status === 409).map(({ body }) => body['code'])).toEqual(['transfer-already-asked', 'transfer-already-asked'])
    })

    it('is made, refused and withdrawn once under its key', async () => {
      const { requestId } = await asked()
      const headers = { 'idempotency-key': randomUUID() }
      const once = () => holder.call('refuseTransfer', { params: { id: requestId }, body: { words: '暂不同意' }, headers })
      const first = await once()
      expect(first).toMatchObject({ status: 200, body: { id: requestId, state: 'refused' } })
      expect(await once()).toMatchObject({ status: 200, body: first.body })
      expect((await holder.call('refuseTransfer', { params: { id: requestId }, body: { words: '另一理由' }, headers })).body).toMatchObject({ code: 'idempotency-key-reused' })
    })

    it('is refused with words that the other unit reads; it may ask again after seven days', async () => {
      const { requestId } = await asked()
      await refuse(holder, requestId, '项目未完工，暂不同意。')
      expect(await listed(asker, 'outgoing', requestId)).toMatchObject({ state: 'refused', refusal: '项目未完工，暂不同意。', answeredAt: expect.any(String) as string })
      expect((await ask(asker, person)).body).toMatchObject({ code: 'transfer-too-soon', details: { days: 7 } })
      expect((await ask(third, person)).status).toBe(201)
    })

    it('is answered by nobody else, and has one answer', async () => {
      const { registrationId, requestId } = await asked()
      expect((await refuse(third, requestId)).body).toMatchObject({ code: 'not-found' })
      expect((await refuse(asker, requestId)).body).toMatchObject({ code: 'not-found' })
      expect((await withdraw(holder, requestId)).body).toMatchObject({ code: 'not-found' })
      expect((await withdraw(asker, randomUUID())).body).toMatchObject({ code: 'not-found' })
      expect((await withdraw(asker, requestId)).body).toMatchObject({ state: 'withdrawn' })
      expect((await refuse(holder, requestId)).body).toMatchObject({ code: 'transfer-request-closed' })
      // Who no longer asks gets nobody released.
      expect((await leave(holder, registrationId, { reason: '5', requestId })).body).toMatchObject({ code: 'transfer-request-closed' })
      expect((await read(holder, registrationId)).body).toMatchObject({ status: 'pending' })
    })

    it('is granted by a 离职迁出 that is a 调动, and no other request or person is', async () => {
      const { registrationId, requestId } = await asked()
      const other = idOf(await holder.register(++person))
      expect((await leave(holder, registrationId, { reason: '1', requestId })).body).toMatchObject({ details: { fields: ['reason'] } })
      expect((await leave(holder, other, { reason: '5', requestId })).body).toMatchObject({ code: 'transfer-request-closed' })
      expect((await leave(holder, registrationId, { reason: '5', requestId })).status).toBe(200)
      expect(await listed(asker, 'outgoing', requestId)).toMatchObject({ state: 'released' })
      expect(await listed(holder, 'incoming', requestId)).toMatchObject({ state: 'released' })
    })

    it('of two units for one person: granting one frees the person for both, and the first to register has them', async () => {
      const { registrationId, requestId } = await asked()
      const alsoAsked = idOf(await ask(third, person))
      await leave(holder, registrationId, { reason: '5', requestId })
      expect((await listed(third, 'outgoing', alsoAsked))?.['state']).toBe('released')
      expect([await transferIn(asker, person), await transferIn(third, person)].map(({ status }) => status)).toEqual([200, 200])
      const made = await Promise.all([asker.register(person), third.register(person)])
      expect(made.map(({ status }) => status).sort()).toEqual([201, 409])
      expect(made.find(({ status }) => status === 409)?.body).toMatchObject({ code: 'registration-elsewhere', details: {} })
      const states = [(await listed(asker, 'outgoing', requestId))?.['state'], (await listed(third, 'outgoing', alsoAsked))?.['state']]
      expect(states.sort()).toEqual(['done', 'taken'])
      expect((await listed(holder, 'incoming', requestId))?.['state']).toBe('released')
    })

    it('granted by one clerk and refused by another at once has one answer', async () => {
      for (let round = 0; round < 6; round++) {
        const { registrationId, requestId } = await asked()
        const [granted, refused] = await Promise.all([leave(holder, registrationId, { reason: '5', requestId }), refuse(holder, requestId)])
        expect([granted.status, refused.status].sort()).toEqual([200, 409])
        const isLeft = (await read(holder, registrationId)).body['status'] === 'left'
        expect([isLeft, (await listed(asker, 'outgoing', requestId))?.['state']]).toEqual(granted.status === 200 ? [true, 'released'] : [false, 'refused'])
      }
    })

    it('withdrawn and granted at once has one outcome', async () => {
      for (let round = 0; round < 6; round++) {
        const { registrationId, requestId } = await asked()
        const [granted, withdrawn] = await Promise.all([leave(holder, registrationId, { reason: '5', requestId }), withdraw(asker, requestId)])
        expect([granted.status, withdrawn.status].sort()).toEqual([200, 409])
      }
    })

    it('made while the person is let go, or is withdrawn, ends as granted', async () => {
      const one = idOf(await holder.register(++person))
      const [request] = await Promise.all([ask(asker, person), leave(holder, one)])
      if (request.status === 201) expect((await listed(asker, 'outgoing', idOf(request)))?.['state']).toBe('released')
      else expect(request.body).toMatchObject({ code: 'transfer-not-needed' })
      const { registrationId, requestId } = await asked()
      await holder.call('withdrawRegistration', { params: { id: registrationId }, headers: { 'if-match': '"1"' } })
      expect((await listed(asker, 'outgoing', requestId))?.['state']).toBe('released')
    })

    it('follows the person: what was asked of one unit is not asked of the next', async () => {
      const { registrationId, requestId } = await asked()
      await leave(holder, registrationId)
      await third.register(person)
      expect((await listed(asker, 'outgoing', requestId))?.['state']).toBe('taken')
      expect((await ask(asker, person)).status).toBe(201)
    })

    it('runs out after thirty days, can be made again, and is deleted ninety days later', async () => {
      const { registrationId, requestId } = await asked()
      central.clock.pass(30 * day)
      const later = { holder: await central.signIn(holder.username), asker: await central.signIn(asker.username) }
      expect((await listed(later.asker, 'outgoing', requestId))?.['state']).toBe('expired')
      expect((await refuse(later.holder, requestId)).body).toMatchObject({ code: 'transfer-request-closed' })
      expect((await leave(later.holder, registrationId, { reason: '5', requestId })).body).toMatchObject({ code: 'transfer-request-closed' })
      expect((await ask(later.asker, person)).status).toBe(201)
      await sweep(central.db, central.clock.now())
      expect((await listed(later.asker, 'outgoing', requestId))?.['state']).toBe('expired')
      central.clock.pass(90 * day)
      await sweep(central.db, central.clock.now())
      const left = await central.db.selectFrom('transfer_request').select('state').where('id', '=', requestId).execute()
      expect(left).toEqual([])
      ;[holder, asker, third] = [{ ...holder, ...(await central.signIn(holder.username)) }, { ...asker, ...(await central.signIn(asker.username)) }, { ...third, ...(await central.signIn(third.username)) }]
    })

    it('leaves nothing readable of the person, and nothing of the asked unit in the other’s audit', async () => {
      const { registrationId, requestId } = await asked()
      const row = JSON.stringify(await central.db.selectFrom('transfer_request').selectAll().where('id', '=', requestId).executeTakeFirstOrThrow())
      for (const plain of [idCardNoOf(person), personValues(person).name]) expect(row).not.toContain(plain)
      const events = await central.db.selectFrom('audit_event').select('details_json').where('organization_id', '=', asker.unit.id).execute()
      const told = events.map(({ details_json }) => details_json).join()
      expect(told).toContain(requestId)
      for (const trace of [registrationId, holder.unit.id]) expect(told).not.toContain(trace)
    })
  })

  describe('迁入', () => {
    it('carries over who the person is and what they learned, to whoever knows their name', async () => {
      const id = idOf(await holder.register(++person))
      await leave(holder, id)
      const { values } = (await transferIn(asker, person)).body as { values: Record<string, string> }
      const whole = personValues(person)
      expect(values).toMatchObject({ name: whole.name, idCardNo: whole.idCardNo, highestEducation: whole.highestEducation, professionalTitle: whole.professionalTitle })
      expect(values).toMatchObject({ mobile: '', residenceDetail: '', jobPosition: '' })
    })

    it('says nothing else of a wrong name than of a person nobody knows, and after five of them nothing at all', async () => {
      const id = idOf(await holder.register(++person))
      await leave(holder, id)
      const unknown = await transferIn(asker, 40_000)
      for (let time = 0; time < 5; time++) expect((await transferIn(asker, person, '赵不对')).text).toBe(unknown.text)
      expect((await transferIn(asker, person)).body).toMatchObject({ code: 'transfer-in-nothing' })
      expect((await transferIn(third, person)).status).toBe(200)
    })

    it('is not had of somebody who is registered', async () => {
      const id = idOf(await holder.register(++person))
      expect((await transferIn(asker, person)).body).toMatchObject({ code: 'registration-elsewhere' })
      expect((await transferIn(holder, person)).body).toMatchObject({ code: 'registration-here', details: { id } })
    })

    it('is of what the last unit knew', async () => {
      const first = idOf(await holder.register(++person))
      await leave(holder, first)
      central.clock.pass(1)
      const second = idOf(await third.register(personValues(person, { professionalTitle: '高级工程师' })))
      await leave(third, second)
      expect((await transferIn(asker, person)).body).toMatchObject({ values: { professionalTitle: '高级工程师' } })
    })
  })
})
