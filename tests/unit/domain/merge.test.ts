import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { emptyManagerValues, managerFieldNames, managerFieldTable, type ManagerFieldName, type ManagerValues } from '../../../shared/domain/manager-fields.ts'
import { applyPatch, changedFields, mergeManagerValues } from '../../../shared/domain/merge.ts'

const identity = managerFieldNames.filter((name) => managerFieldTable[name].atomicGroup === 'identity')
const alone = managerFieldNames.filter((name) => managerFieldTable[name].atomicGroup === undefined)
/** Few texts, so that two edits often agree. */
const form = fc.record(Object.fromEntries(managerFieldNames.map((name) => [name, fc.constantFrom('', '甲', '乙')])) as Record<ManagerFieldName, fc.Arbitrary<string>>)
const base = form
const edits = fc.tuple(base, form, form)
const of = (changes: Partial<ManagerValues>): ManagerValues => ({ ...emptyManagerValues(), name: '王小明', jobPosition: '施工员', mobile: '13800000000', ...changes })

describe('two edits of one registration', () => {
  it('join where they touch different fields', () => {
    const { merged, conflicts } = mergeManagerValues(of({}), of({ mobile: '13900000000' }), of({ jobPosition: '质量员' }))
    expect(merged).toEqual(of({ mobile: '13900000000', jobPosition: '质量员' }))
    expect(conflicts).toEqual([])
  })

  it('are no clash where both wrote the same', () => {
    const both = of({ mobile: '13900000000' })
    expect(mergeManagerValues(of({}), both, both)).toEqual({ merged: both, conflicts: [] })
  })

  it('clash in one field that both changed, and keep the base there until somebody chooses', () => {
    const { merged, conflicts } = mergeManagerValues(of({}), of({ mobile: '13900000000' }), of({ mobile: '13700000000', jobPosition: '质量员' }))
    expect(conflicts).toEqual([{ field: 'mobile', group: null }])
    expect(merged).toEqual(of({ jobPosition: '质量员' }))
  })

  it('are a clash where one cleared what the other changed', () => {
    expect(mergeManagerValues(of({}), of({ mobile: '' }), of({ mobile: '13700000000' })).conflicts).toEqual([{ field: 'mobile', group: null }])
  })

  it('never put a name from one side beside a number from the other', () => {
    expect(identity).toEqual(['name', 'sex', 'birthDate', 'idCardNo'])
    const { conflicts } = mergeManagerValues(of({}), of({ name: '王晓明' }), of({ idCardNo: '11010519491231002X' }))
    expect(conflicts).toEqual([
      { field: 'name', group: 'identity' },
      { field: 'idCardNo', group: 'identity' },
    ])
  })

  it('keep what both agree on in a group that clashes elsewhere', () => {
    const { merged, conflicts } = mergeManagerValues(of({}), of({ name: '王晓明', sex: '1' }), of({ name: '王晓明', sex: '2' }))
    expect(conflicts).toEqual([{ field: 'sex', group: 'identity' }])
    expect(merged).toEqual(of({ name: '王晓明' }))
  })
})

describe('a merge, whatever the two edits are', () => {
  it('is the same from either side', () => {
    fc.assert(
      fc.property(edits, ([before, mine, theirs]) => {
        expect(mergeManagerValues(before, mine, theirs)).toEqual(mergeManagerValues(before, theirs, mine))
      }),
    )
  })

  it('loses no change: each is in the merged form or in a conflict', () => {
    fc.assert(
      fc.property(edits, ([before, mine, theirs]) => {
        const { merged, conflicts } = mergeManagerValues(before, mine, theirs)
        const clashing = new Set(conflicts.map(({ field }) => field))
        for (const side of [mine, theirs]) {
          for (const field of managerFieldNames) if (side[field] !== before[field]) expect(merged[field] === side[field] || clashing.has(field)).toBe(true)
        }
      }),
    )
  })

  it('invents nothing: each text is one of the three, and a field nobody touched stays', () => {
    fc.assert(
      fc.property(edits, ([before, mine, theirs]) => {
        const { merged } = mergeManagerValues(before, mine, theirs)
        expect(Object.keys(merged)).toEqual(Object.keys(before))
        for (const field of managerFieldNames) {
          expect([before[field], mine[field], theirs[field]]).toContain(merged[field])
          if (mine[field] === before[field] && theirs[field] === before[field]) expect(merged[field]).toBe(before[field])
        }
      }),
    )
  })

  it('without a conflict takes the identity of one side as a whole', () => {
    fc.assert(
      fc.property(edits, ([before, mine, theirs]) => {
        const { merged, conflicts } = mergeManagerValues(before, mine, theirs)
        fc.pre(!conflicts.some(({ group }) => group === 'identity'))
        expect([mine, theirs].some((side) => identity.every((field) => side[field] === merged[field]))).toBe(true)
      }),
    )
  })

  it('asks only about fields that differ, each once, in the order of the form', () => {
    fc.assert(
      fc.property(edits, ([before, mine, theirs]) => {
        const fields = mergeManagerValues(before, mine, theirs).conflicts.map(({ field }) => field)
        expect(new Set(fields).size).toBe(fields.length)
        for (const field of fields) expect(mine[field]).not.toBe(theirs[field])
        expect(fields.filter((field) => alone.includes(field))).toEqual(alone.filter((field) => fields.includes(field)))
      }),
    )
  })

  it('with an edit that changed nothing is the other edit', () => {
    fc.assert(
      fc.property(base, form, (before, edited) => {
        expect(mergeManagerValues(before, edited, before)).toEqual({ merged: edited, conflicts: [] })
      }),
    )
  })
})

describe('a patch', () => {
  it('holds what changed and brings it about again', () => {
    fc.assert(
      fc.property(form, form, (from, to) => {
        const patch = changedFields(from, to)
        expect(applyPatch(from, patch)).toEqual(to)
        expect(Object.keys(patch)).toEqual(managerFieldNames.filter((name) => from[name] !== to[name]))
      }),
    )
  })
})
