import { afterEach, expect, it } from 'vitest'
import { openTestUnit, temporaryDirectory, type TestUnit } from '../../support/local-unit.ts'
import { personValues } from '../../support/people.ts'

const directory = temporaryDirectory()
let unit: TestUnit
afterEach(async () => {
  await unit.close()
  directory.remove()
})

it('the list begins with what was typed last, whoever was the newest before', async () => {
  unit = await openTestUnit(directory.path)
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
