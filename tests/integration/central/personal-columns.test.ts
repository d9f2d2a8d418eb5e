import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { backends, startBackend, type Backend } from '../../support/central-backends.ts'
import { startCentral, type Central, type Clerk } from '../../support/central-service.ts'
import { personValues } from '../../support/people.ts'

describe.each(backends)('on the disk of %s', (name) => {
  let backend: Backend
  let central: Central
  let clerk: Clerk
  let stored: Buffer
  const before = personValues(4711, { name: '欧阳标记', residenceDetail: '标记路11号甲' })
  const after = { ...before, ...personValues(4712, { name: '司徒标记', residenceDetail: '另一标记路12号乙' }) }
  beforeAll(async () => {
    backend = await startBackend(name)
    central = await startCentral(await backend.newLocation())
    clerk = await central.newClerk()
    const { body } = await clerk.register(before)
    await clerk.call('checkIdCardNo', { body: { idCardNo: personValues(4713).idCardNo } })
    await clerk.register({ ...before, mobile: personValues(4714).mobile })
    await clerk.call('patchRegistration', { params: { id: String(body['id']) }, body: { changes: after }, headers: { 'if-match': '"1"' } })
    stored = await backend.everything(central.location)
  })
  afterAll(async () => {
    await central?.close()
    await backend?.stop()
  })

  it.each([
    ['an ID number', [before.idCardNo, after.idCardNo, personValues(4713).idCardNo, before.idCardNo.slice(0, 14)]],
    ['a phone number', [before.mobile, after.mobile, personValues(4714).mobile, '021-00000000']],
    ['an address', [before.residenceDetail, after.residenceDetail, before.residenceRegion]],
    ['a birth date', [before.birthDate, after.birthDate]],
    ['a position or title', [before.jobPosition, before.professionalTitle]],
  ])('%s stands nowhere, neither now nor as it was before', (_what, texts) => {
    for (const text of texts) expect(stored.includes(text), text).toBe(false)
  })

  it('name, pinyin and initials stand readable, for search', async () => {
    for (const text of ['司徒标记', 'situ', 'stbj']) expect(stored.includes(text), text).toBe(true)
  })

  it('ID number and phone stand beside a keyed hash that finds them exactly', async () => {
    const row = await central.db.selectFrom('registration').selectAll().where('id_card_no_hash', '=', central.personal.hashIdCardNo(after.idCardNo)).executeTakeFirstOrThrow()
    expect(row).toMatchObject({ name: '司徒标记', mobile_hash: central.personal.hashMobile(after.mobile) })
    expect(row.id_card_no_hash).toMatch(/^[\w-]{43}$/)
  })

  it('the same text is sealed differently each time, and opens only where it was put', async () => {
    await clerk.register(4720)
    const rows = await central.db.selectFrom('person').selectAll().execute()
    const [one, two] = rows
    if (!one || !two) throw new Error('two persons')
    const place = { column: 'person.id_card_no' as const, rowId: one.id }
    expect(central.personal.seal('x', place)).not.toBe(central.personal.seal('x', place))
    expect(() => central.personal.open(two.id_card_no_sealed, place)).toThrow()
    expect(() => central.personal.open(one.id_card_no_sealed, { column: 'registration.mobile', rowId: one.id })).toThrow()
    await central.db.updateTable('person').set({ id_card_no_sealed: two.id_card_no_sealed }).where('id', '=', one.id).execute()
    const swapped = await clerk.call('listRegistrations')
    expect(swapped.status === 500 || !swapped.text.includes(personValues(4711).idCardNo)).toBe(true)
  })

  it('the log of the service holds nothing of it either', () => {
    const log = JSON.stringify(central.log)
    for (const text of [before.idCardNo, before.mobile, before.residenceDetail, before.name, clerk.authorized.authorization]) expect(log).not.toContain(text)
    expect(central.log.length).toBeGreaterThan(4)
  })
})
