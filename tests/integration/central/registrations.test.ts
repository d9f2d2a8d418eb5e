import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { reviewRegistration } from '../../../central/operator/review-operations.ts'
import { backends, startBackend, type Backend } from '../../support/central-backends.ts'
import { startCentral, type Central, type Clerk, type Reply, type Unit } from '../../support/central-service.ts'
import { idCardNoOf, personValues } from '../../support/people.ts'

describe.each(backends)('registrations on %s', (name) => {
  let backend: Backend
  let central: Central
  let clerk: Clerk & { unit: Unit }
  let other: Clerk
  let person = 0
  beforeAll(async () => {
    backend = await startBackend(name)
    central = await startCentral(await backend.newLocation())
    clerk = await central.newClerk('甲修缮有限公司')
    other = await central.newClerk('乙修缮有限公司')
  })
  afterAll(async () => {
    await central?.close()
    await backend?.stop()
  })

  const idOf = (reply: Reply) => String(reply.body['id'])
  const read = (id: string) => clerk.call('readRegistration', { params: { id } })
  const check = (who: Clerk, idCardNo: string) => who.call('checkIdCardNo', { body: { idCardNo } })

  it('come back as they were written, with the version as ETag and where they stand', async () => {
    const values = personValues(++person)
    const created = await clerk.register(values)
    expect(created).toMatchObject({ status: 201, body: { version: 1, status: 'pending' }, headers: { etag: '"1"', location: `/v1/registrations/${idOf(created)}` } })
    const found = await read(idOf(created))
    expect(found).toMatchObject({ status: 200, headers: { etag: '"1"' }, body: { values, reviewStatus: 'pending', faceEnrolled: false } })
  })

  it('are checked like on the workstation, and the answer names the fields and quotes none', async () => {
    const values = personValues(++person, { mobile: '12345', sex: '9' })
    const refused = await clerk.register(values)
    expect(refused).toMatchObject({ status: 422, body: { code: 'registration-invalid', details: { count: 2, fields: ['sex', 'mobile'] } } })
    expect(refused.text).not.toContain('12345')
  })

  it('keep a mobile number in its one spelling, however a client writes it', async () => {
    const created = await clerk.register(personValues(++person, { mobile: '+86 139-0000 1234' }))
    expect((await read(idOf(created))).body).toMatchObject({ values: { mobile: '13900001234' } })
    const row = await central.db.selectFrom('registration').select('mobile_hash').where('id', '=', idOf(created)).executeTakeFirstOrThrow()
    expect(row.mobile_hash).toBe(central.personal.hashMobile('13900001234'))
  })

  it('change by fields; what was decided is to be reviewed again, and the reviewer’s words go', async () => {
    const id = idOf(await clerk.register(++person))
    await reviewRegistration(central.context, id, { approve: false, comment: '职称不符' })
    expect((await read(id)).body).toMatchObject({ status: 'refused', reviewStatus: 'refused', reviewComment: '职称不符', version: 2 })
    const patched = await clerk.call('patchRegistration', { params: { id }, body: { changes: { professionalTitle: '高级工程师' } }, headers: { 'if-match': '"2"' } })
    expect(patched).toMatchObject({ status: 200, body: { version: 3, status: 'pending' }, headers: { etag: '"3"' } })
    expect((await read(id)).body).toMatchObject({ reviewComment: null, values: { professionalTitle: '高级工程师', jobPosition: '项目经理' } })
  })

  it('that were decided on already are not decided on again', async () => {
    const id = idOf(await clerk.register(++person))
    await reviewRegistration(central.context, id, { approve: true })
    await expect(reviewRegistration(central.context, id, { approve: true })).rejects.toMatchObject({ code: 'review-done' })
  })

  it('can be withdrawn until they are approved, and free the number', async () => {
    const id = idOf(await clerk.register(++person))
    expect(await clerk.call('withdrawRegistration', { params: { id }, headers: { 'if-match': '"1"' } })).toMatchObject({ status: 200 })
    expect((await read(id)).status).toBe(404)
    const again = idOf(await other.register(person))
    await reviewRegistration(central.context, again, { approve: true })
    expect(await other.call('withdrawRegistration', { params: { id: again }, headers: { 'if-match': '"2"' } })).toMatchObject({ status: 403, body: { code: 'forbidden' } })
  })

  it('are listed page by page, each once, and only the own ones', async () => {
    const unit = await central.newClerk()
    const ids = new Set<string>()
    for (let index = 0; index < 7; index++) ids.add(idOf(await unit.register(++person)))
    const seen: string[] = []
    let cursor: string | undefined
    let pages = 0
    do {
      const { body } = await unit.call('listRegistrations', { query: { limit: '3', ...(cursor ? { cursor } : {}) } })
      seen.push(...(body['items'] as { id: string }[]).map(({ id }) => id))
      cursor = (body['next'] as string | null) ?? undefined
      pages++
    } while (cursor)
    expect(pages).toBe(3)
    expect(seen.toSorted()).toEqual([...ids].sort())
  })

  it.each(['', 'x', Buffer.from('{"afterId":"\\u0000"}').toString('base64url'), Buffer.from('{"afterId":7}').toString('base64url')])('are not listed after the invented cursor %j', async (cursor) => {
    expect(await clerk.call('listRegistrations', { query: { cursor } })).toMatchObject({ status: 410, body: { code: 'cursor-expired' } })
  })

  describe('of one person', () => {
    it('exist once: a second in the same unit is told where the first is', async () => {
      const first = idOf(await clerk.register(++person))
      expect(await clerk.register(person)).toMatchObject({ status: 409, body: { code: 'registration-here', details: { id: first } } })
      expect((await check(clerk, idCardNoOf(person))).body).toEqual({ outcome: 'here', registrationId: first })
    })

    it('exist once: another unit is told so, and never which unit or which registration', async () => {
      const first = idOf(await clerk.register(++person))
      const refused = await other.register(person)
      expect(refused).toMatchObject({ status: 409, body: { code: 'registration-elsewhere', details: {} } })
      const checked = await check(other, idCardNoOf(person))
      expect(checked.body).toEqual({ outcome: 'elsewhere' })
      const own = idOf(await other.register(++person))
      const patched = await other.call('patchRegistration', { params: { id: own }, body: { changes: personValues(person - 1) }, headers: { 'if-match': '"1"' } })
      expect(patched).toMatchObject({ status: 409, body: { code: 'registration-elsewhere' } })
      for (const { text } of [refused, checked, patched]) for (const trace of [first, '甲修缮', clerk.unit.id, clerk.unit.creditCode]) expect(text).not.toContain(trace)
    })

    it('are the same whatever way the number is written', async () => {
      const values = personValues(++person)
      await clerk.register(values)
      const spaced = ` ${values.idCardNo.slice(0, 6)} ${values.idCardNo.slice(6).toLowerCase()}`
      expect((await check(other, spaced)).body).toEqual({ outcome: 'elsewhere' })
      expect((await other.register({ ...values, idCardNo: spaced })).status).toBe(409)
    })

    it.each([['310104', 'id-card-no-length'], ['31010419000101001A', 'id-card-no-characters'], ['310104199002300016', 'id-card-no-date']])('are not looked for under %s', async (idCardNo, code) => {
      expect(await check(clerk, idCardNo)).toMatchObject({ status: 422, body: { code } })
    })

    it('number exactly one after two units create it 20 times at the same moment', async () => {
      const values = personValues(++person)
      const replies = await Promise.all(Array.from({ length: 20 }, (_, index) => (index % 2 ? other : clerk).register(values)))
      expect(replies.filter(({ status }) => status === 201)).toHaveLength(1)
      expect(replies.filter(({ status }) => status === 409)).toHaveLength(19)
      const live = await central.db.selectFrom('registration').select('id').where('id_card_no_hash', '=', central.personal.hashIdCardNo(values.idCardNo)).execute()
      expect(live).toHaveLength(1)
    })

    it('number one at most where two units change theirs into it at the same moment', async () => {
      const wanted = personValues(++person)
      const own = await Promise.all([clerk, other].map(async (who) => ({ who, id: idOf(await who.register(++person)) })))
      const replies = await Promise.all(own.map(({ who, id }) => who.call('patchRegistration', { params: { id }, body: { changes: wanted }, headers: { 'if-match': '"1"' } })))
      expect(replies.map(({ status }) => status).sort()).toEqual([200, 409])
    })

    it('leave nothing of the person once withdrawn or changed to another number, but where another registration is left', async () => {
      const known = async (number: number) => {
        const hash = central.personal.hashIdCardNo(personValues(number).idCardNo)
        return (await central.db.selectFrom('person').select('id').where('id_card_no_hash', '=', hash).execute()).length
      }
      const [first, corrected] = [++person, ++person]
      const withdraw = (who: Clerk, id: string, version: number) => who.call('withdrawRegistration', { params: { id }, headers: { 'if-match': `"${version}"` } })
      const id = idOf(await clerk.register(first))
      await clerk.call('patchRegistration', { params: { id }, body: { changes: personValues(corrected) }, headers: { 'if-match': '"1"' } })
      expect([await known(first), await known(corrected)]).toEqual([0, 1])
      await reviewRegistration(central.context, id, { approve: false, comment: '材料不全' })
      const elsewhere = idOf(await other.register(corrected))
      expect((await withdraw(clerk, id, 3)).status).toBe(200)
      expect(await known(corrected)).toBe(1)
      expect((await withdraw(other, elsewhere, 1)).status).toBe(200)
      expect(await known(corrected)).toBe(0)
    })

    it('may be withdrawn by one unit and made by another at the same moment, again and again', async () => {
      const values = personValues(++person)
      for (let round = 0; round < 15; round++) {
        const id = idOf(await clerk.register(values))
        await reviewRegistration(central.context, id, { approve: false, comment: '材料不全' })
        const [withdrawn, made] = await Promise.all([clerk.call('withdrawRegistration', { params: { id }, headers: { 'if-match': '"2"' } }), other.register(values)])
        expect([withdrawn.status, made.status]).toEqual([200, 201])
        await other.call('withdrawRegistration', { params: { id: idOf(made) }, headers: { 'if-match': '"1"' } })
      }
    })

    it('are looked for at most so often a minute, an account at a time, and every look is on record', async () => {
      const strict = await startCentral(await backend.newLocation(), { limits: { checkIdCardNo: 3 } })
      const unit = await strict.addUnit()
      const colleague = await strict.addAccount(unit.id, randomUUID())
      const [one, two] = [await strict.signIn(unit.username), await strict.signIn((await strict.db.selectFrom('account').select('username').where('id', '=', colleague).executeTakeFirstOrThrow()).username)]
      for (let time = 0; time < 3; time++) expect((await check(one, idCardNoOf(1))).status).toBe(200)
      const refused = await check(one, idCardNoOf(1))
      expect(refused).toMatchObject({ status: 429, body: { code: 'too-many-requests', retriable: true } })
      expect(Number(refused.headers['retry-after'])).toBeGreaterThan(0)
      expect((await check(two, idCardNoOf(1))).status).toBe(200)
      const looks = await strict.db.selectFrom('audit_event').select(['account_id', 'details_json']).where('kind', '=', 'id-card-no-checked').execute()
      expect(looks).toHaveLength(4)
      expect(new Set(looks.map(({ details_json }) => details_json))).toEqual(new Set(['{"outcome":"free"}']))
      await strict.close()
    })
  })
})
