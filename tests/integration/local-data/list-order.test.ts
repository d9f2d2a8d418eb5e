import { afterEach, beforeEach, expect, it } from 'vitest'
import { openTestUnit, temporaryDirectory, type TestUnit } from '../../support/local-unit.ts'
import { personValues } from '../../support/people.ts'

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

it('the list begins with what was typed last, whoever was the newest before', async () => {
  const { registrations } = unit
  const people: { id: string; revision: number; values: ReturnType<typeof personValues> }[] = []
  for (let n = 1; n <= 6; n++) {
    const values = personValues(n)
    const { id, revision } = await registrations.begin({ idCardNo: values.idCardNo })
    people.push({ id, revision, values })
  }
  const order = people.map(({ id }) => id).reverse()
  // Several drafts of one form one after another, as a clerk types, and back and forth between two windows.
  for (const [step, n] of [2, 2, 2, 5, 2, 5, 5, 0, 0, 1, 0, 4, 4, 3].entries()) {
    const person = people[n]
    if (!person) throw new Error('no such person')
    // Nothing that a search looks at: only the place in the list changes.
    const values = { ...person.values, residenceDetail: `示例路${step}号` }
    const write = step % 3 === 2 ? registrations.save : registrations.keepDraft
    ;({ revision: person.revision } = await write({ id: person.id, values, revision: person.revision }))
    order.splice(order.indexOf(person.id), 1)
    order.unshift(person.id)
    const { rows } = await registrations.list({ query: '', page: 1, pageSize: 20, onlyNeedingAttention: false })
    expect(rows.map(({ id }) => id)).toEqual(order)
  }
})

it('a draft bears the time at which it was kept, and its place in the list is still the first, after a clock that was a year ahead was put right', async () => {
  const { registrations, clock } = unit
  const [early, ahead] = [personValues(1), personValues(2)]
  const first = await registrations.begin({ idCardNo: early.idCardNo })
  clock.set('2027-11-23T08:00:00.000Z')
  await registrations.begin({ idCardNo: ahead.idCardNo })
  clock.set('2026-11-23T09:00:00.000Z')
  const kept = await registrations.keepDraft({ id: first.id, values: early, revision: first.revision })
  expect(kept.keptAt).toMatch(/^2026-11-23T09:00/)
  expect((await registrations.open({ id: first.id })).keptAt).toBe(kept.keptAt)
  const saved = await registrations.save({ id: first.id, values: early, revision: kept.revision })
  await registrations.save({ id: first.id, values: { ...early, jobPosition: '改过的职务' }, revision: saved.revision })
  expect((await registrations.history({ id: first.id })).entries.map(({ at }) => at.slice(0, 13))).toEqual(['2026-11-23T09'])
  const { rows } = await registrations.list({ query: '', page: 1, pageSize: 20, onlyNeedingAttention: false })
  expect(rows.map(({ id }) => id)[0]).toBe(first.id)
})
