import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { dictionaries } from '../../shared/dictionaries/index.ts'
import { fieldsOf, personFieldNames, personFieldTable, type PersonFieldName, type PersonValues } from '../../shared/domain/person-fields.ts'
import { personValues } from '../support/people.ts'
import { startSyncRig, type SyncRig, type Workstation } from '../support/sync-rig.ts'

/** What a clerk can change by itself; sex and birth date follow the ID number. */
const fields = fieldsOf('manager')
const kinds = personFieldNames.filter((name) => fields[name] && !fields[name].derived)
const pairs = kinds.flatMap((mine, index) => kinds.slice(index).map((theirs) => ({ mine, theirs })))
/** Numbers of people nobody else here is, each born on another day. */
const spare = 100_000

/** The change of this field that one clerk makes; the other makes another. */
function change(field: PersonFieldName, person: number, who: 0 | 1): Partial<PersonValues> {
  const { input } = personFieldTable[field]
  const before = personValues(person)[field]
  switch (input.kind) {
    case 'text':
      return { [field]: who === 0 ? '我改的' : '他改的' }
    case 'mobile':
      return { [field]: who === 0 ? '13912340000' : '13912349999' }
    case 'region':
      return { [field]: ['310104', '320102', '330106'].filter((code) => code !== before)[who] ?? '' }
    case 'dictionary': {
      const codes = dictionaries[input.dictionary].entries.map(({ code }) => code).filter((code) => code !== before)
      return { [field]: codes[who] ?? '' }
    }
    case 'id-card-no': {
      const { idCardNo, sex, birthDate } = personValues(spare + person * 2_000 + who * 1_000)
      return { idCardNo, sex, birthDate }
    }
    case 'date':
      throw new Error('none that is not derived')
  }
}

const groupOf = (field: PersonFieldName) => personFieldTable[field].atomicGroup
const clash = ({ mine, theirs }: (typeof pairs)[number]) => mine === theirs || (groupOf(mine) !== undefined && groupOf(mine) === groupOf(theirs))

describe('two clerks who change one person at the same time, each another field or the same, in all pairs of fields', () => {
  let rig: SyncRig
  let mine: Workstation
  let theirs: Workstation
  let people: { id: string; person: number; pair: (typeof pairs)[number]; mine: Partial<PersonValues>; theirs: Partial<PersonValues> }[]
  beforeAll(async () => {
    rig = await startSyncRig()
    const unit = await rig.addUnit()
    mine = await rig.workstation(unit)
    theirs = await rig.workstation(await rig.addAccount(unit.id))
    people = []
    for (const [person, pair] of pairs.entries()) {
      people.push({ id: await mine.add(person), person, pair, mine: change(pair.mine, person, 0), theirs: change(pair.theirs, person, 1) })
    }
    await mine.sync()
    await theirs.sync()
    for (const each of people) {
      await mine.edit(each.id, each.mine)
      await theirs.edit(each.id, each.theirs)
    }
    await theirs.sync()
    await mine.sync()
  }, 120_000)
  afterAll(() => rig.close())

  it('have both changes where the fields have nothing to do with each other, and are asked where they clash, with both texts to see', async () => {
    expect(pairs).toHaveLength((kinds.length * (kinds.length + 1)) / 2)
    expect(people.filter(({ pair }) => clash(pair)).length).toBe(kinds.length + 1)
    for (const { id, person, pair, ...changes } of people) {
      const { syncState, values } = await mine.form(id)
      if (!clash(pair)) {
        expect({ syncState, values }, JSON.stringify(pair)).toEqual({ syncState: 'uploaded', values: { ...personValues(person), ...changes.theirs, ...changes.mine } })
        continue
      }
      expect(syncState, JSON.stringify(pair)).toBe('conflict')
      const { fields } = await mine.registrations.conflict({ id })
      const shown = Object.fromEntries(fields.map(({ field, mine: own, theirs: other }) => [field, [own, other]]))
      for (const [field, text] of Object.entries(changes.mine)) if (text !== personValues(person)[field as PersonFieldName]) expect(shown[field]?.[0], `${JSON.stringify(pair)} ${field}`).toBe(text)
      for (const [field, text] of Object.entries(changes.theirs)) if (text !== personValues(person)[field as PersonFieldName]) expect(shown[field]?.[1], `${JSON.stringify(pair)} ${field}`).toBe(text)
    }
  })

  it('agree once the clashes are settled, and what gave way stands in the history', async () => {
    for (const { id, pair, person } of people.filter(({ pair }) => clash(pair))) {
      const { fields } = await mine.registrations.conflict({ id })
      await mine.registrations.resolveConflict({ id, choices: Object.fromEntries(fields.map(({ field }) => [field, person % 2 ? 'mine' : 'theirs'])) })
      expect((await mine.form(id)).syncState, JSON.stringify(pair)).not.toBe('conflict')
    }
    expect(await mine.sync()).toMatchObject({ phase: 'idle', queued: 0, needsAttention: 0 })
    await theirs.sync()
    for (const { id, person, pair, ...changes } of people) {
      expect(await theirs.values(id), JSON.stringify(pair)).toEqual(await mine.values(id))
      if (!clash(pair)) continue
      const [kept, lost] = person % 2 ? [changes.mine, changes.theirs] : [changes.theirs, changes.mine]
      expect(await mine.values(id)).toMatchObject(kept)
      const history = JSON.stringify(await mine.registrations.history({ id }))
      for (const [field, text] of Object.entries(lost)) if (text !== personValues(person)[field as PersonFieldName]) expect(history, `${JSON.stringify(pair)} ${field}`).toContain(text)
    }
  })
})
