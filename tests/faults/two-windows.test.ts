import { afterEach, beforeEach, expect, it } from 'vitest'
import { openTestUnit, temporaryDirectory, type TestUnit } from '../support/local-unit.ts'
import { personValues } from '../support/people.ts'

let directory: ReturnType<typeof temporaryDirectory>
let unit: TestUnit
beforeEach(async () => {
  directory = temporaryDirectory()
  unit = await openTestUnit(directory.path)
})
afterEach(async () => {
  await unit.close()
  directory.remove()
})

it('what is typed in one window is told to the others, which read it and go on from there', async () => {
  const { registrations, changed } = unit
  const { id, revision } = await registrations.begin({ idCardNo: personValues(1).idCardNo })
  changed.length = 0
  const values = personValues(1, { jobPosition: '标准员' })
  const kept = await registrations.keepDraft({ id, values, revision })
  expect(changed).toEqual([[id]])
  const there = await registrations.open({ id })
  expect(there).toMatchObject({ values, revision: kept.revision, hasDraft: true })
  await registrations.keepDraft({ id, values: { ...there.values, mobile: '13900139000' }, revision: there.revision })
  expect(changed).toEqual([[id], [id]])
})

it('what is refused to a window that has not seen the last change is told to nobody', async () => {
  const { registrations, changed } = unit
  const { id, revision } = await registrations.begin({ idCardNo: personValues(1).idCardNo })
  await registrations.keepDraft({ id, values: personValues(1), revision })
  changed.length = 0
  await expect(registrations.keepDraft({ id, values: personValues(1, { jobPosition: '质量员' }), revision })).rejects.toMatchObject({ code: 'draft-stale' })
  expect(changed).toEqual([])
})
