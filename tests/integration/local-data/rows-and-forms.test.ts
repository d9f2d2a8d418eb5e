import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { fillWithPeople, openTestUnit, recordId, temporaryDirectory, type TestUnit } from '../../support/local-unit.ts'
import { personName, personValues } from '../../support/people.ts'

let directory: ReturnType<typeof temporaryDirectory>
let unit: TestUnit
beforeEach(async () => {
  directory = temporaryDirectory()
  unit = await openTestUnit(directory.path)
  fillWithPeople(unit.local, 3)
})
afterEach(async () => {
  await unit.close()
  directory.remove()
})

const list = async (query = '') => (await unit.registrations.list({ query, page: 1, pageSize: 15 })).rows

describe('a row', () => {
  it.each(['keepDraft', 'save'] as const)('whose name has been cleared still says who it is, and is found: %s', async (how) => {
    const id = recordId(1)
    const { revision, values } = await unit.registrations.open({ id })
    await unit.registrations[how]({ id, revision, values: { ...values, name: ' ' } })
    expect((await list(personName(1))).map((row) => [row.id, row.name])).toEqual([[id, personName(1)]])
    expect((await unit.registrations.open({ id })).values.name.trim(), 'the form has what was typed').toBe('')
  })

  it('is found by its mobile number, however that was typed', async () => {
    const id = recordId(2)
    const { revision, values } = await unit.registrations.open({ id })
    const typed = { ...values, mobile: '+86 139-0000-1234' }
    const kept = await unit.registrations.keepDraft({ id, revision, values: typed })
    for (const wanted of ['13900001234', '+86 139-0000-1234', '+86139', '0086 139 0000', '139-0000-1234']) {
      expect((await list(wanted)).map((row) => row.id), wanted).toEqual([id])
    }
    const saved = await unit.registrations.save({ id, revision: kept.revision, values: typed })
    expect(saved.values.mobile).toBe('13900001234')
  })
})

describe('a form', () => {
  it('is nothing but a draft until it is saved', async () => {
    const begun = await unit.registrations.begin({ idCardNo: personValues(9).idCardNo })
    expect(begun).toMatchObject({ hasDraft: true, isOnlyDraft: true })
    const saved = await unit.registrations.save({ id: begun.id, revision: begun.revision, values: personValues(9) })
    expect(saved).toMatchObject({ isOnlyDraft: false })
    await unit.registrations.keepDraft({ id: begun.id, revision: saved.revision, values: personValues(9, { jobPosition: '资料员' }) })
    expect(await unit.registrations.open({ id: begun.id })).toMatchObject({ hasDraft: true, isOnlyDraft: false })
  })
})

describe('an ID number that is asked about from a form', () => {
  const ask = (number: number, except?: string) => unit.registrations.checkIdCardNo({ idCardNo: personValues(number).idCardNo, ...(except ? { except } : {}) })

  it('is free where that form has it, here or at the central service', async () => {
    unit.central.answer = { outcome: 'here', registrationId: recordId(1) }
    expect(await ask(1, recordId(1))).toEqual({ outcome: 'free', checkedOnline: true, transferIn: false })
  })

  it('is somebody else’s where another one has it', async () => {
    expect(await ask(1, recordId(2))).toEqual({ outcome: 'here', id: recordId(1) })
    unit.central.answer = { outcome: 'here', registrationId: recordId(8) }
    expect(await ask(9, recordId(2))).toEqual({ outcome: 'here', id: recordId(8) })
    unit.central.answer = { outcome: 'elsewhere' }
    expect(await ask(9, recordId(2))).toEqual({ outcome: 'elsewhere' })
  })
})
