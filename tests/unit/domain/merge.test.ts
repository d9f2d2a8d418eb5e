import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { emptyPersonValues, personFieldNames, personFieldTable, type PersonFieldName, type PersonValues } from '../../../shared/domain/person-fields.ts'
import { differingPaths, placeOf, textAt, type FieldPath } from '../../../shared/domain/field-path.ts'
import { personTables, tableNames, type TableName, type TableRow } from '../../../shared/domain/person-tables.ts'
import { applyPatch, changedFields, mergePersonValues, patchAt, sameValues, settleConflicts, sideBySide } from '../../../shared/domain/merge.ts'

const identity = personFieldNames.filter((name) => personFieldTable[name].atomicGroup === 'identity')
const alone = personFieldNames.filter((name) => personFieldTable[name].atomicGroup === undefined)
const rowIds = [1, 2, 3].map((number) => `018f0000-0000-7000-8000-00000000000${number}`)
/** Few texts and few rows, so that two edits often agree and often clash. */
const word = fc.constantFrom('', '甲', '乙')
const rowsOf = (table: TableName): fc.Arbitrary<TableRow[]> =>
  fc.subarray(rowIds).chain((ids) =>
    fc.tuple(...ids.map((id) => fc.record({ id: fc.constant(id), ...Object.fromEntries(Object.keys(personTables[table].columns).map((column) => [column, word])) }) as fc.Arbitrary<TableRow>)),
  )
const form = fc.record({
  ...(Object.fromEntries(personFieldNames.map((name) => [name, word])) as Record<PersonFieldName, fc.Arbitrary<string>>),
  ...(Object.fromEntries(tableNames.map((table) => [table, rowsOf(table)])) as Record<TableName, fc.Arbitrary<TableRow[]>>),
})
const base = form
const edits = fc.tuple(base, form, form)
const of = (changes: Partial<PersonValues>): PersonValues => ({ ...emptyPersonValues(), name: '王小明', jobPosition: '施工员', mobile: '13800000000', ...changes })

describe('two edits of one registration', () => {
  it('join where they touch different fields', () => {
    const { merged, conflicts } = mergePersonValues(of({}), of({ mobile: '13900000000' }), of({ jobPosition: '质量员' }))
    expect(merged).toEqual(of({ mobile: '13900000000', jobPosition: '质量员' }))
    expect(conflicts).toEqual([])
  })

  it('are no clash where both wrote the same', () => {
    const both = of({ mobile: '13900000000' })
    expect(mergePersonValues(of({}), both, both)).toEqual({ merged: both, conflicts: [] })
  })

  it('clash in one field that both changed, and keep the base there until somebody chooses', () => {
    const { merged, conflicts } = mergePersonValues(of({}), of({ mobile: '13900000000' }), of({ mobile: '13700000000', jobPosition: '质量员' }))
    expect(conflicts).toEqual([{ field: 'mobile', group: null }])
    expect(merged).toEqual(of({ jobPosition: '质量员' }))
  })

  it('are a clash where one cleared what the other changed', () => {
    expect(mergePersonValues(of({}), of({ mobile: '' }), of({ mobile: '13700000000' })).conflicts).toEqual([{ field: 'mobile', group: null }])
  })

  it('never put a name from one side beside a number from the other', () => {
    expect(identity).toEqual(['name', 'sex', 'birthDate', 'idCardNo'])
    const { conflicts } = mergePersonValues(of({}), of({ name: '王晓明' }), of({ idCardNo: '11010519491231002X' }))
    expect(conflicts).toEqual([
      { field: 'name', group: 'identity' },
      { field: 'idCardNo', group: 'identity' },
    ])
  })

  it('keep what both agree on in a group that clashes elsewhere', () => {
    const { merged, conflicts } = mergePersonValues(of({}), of({ name: '王晓明', sex: '1' }), of({ name: '王晓明', sex: '2' }))
    expect(conflicts).toEqual([{ field: 'sex', group: 'identity' }])
    expect(merged).toEqual(of({ name: '王晓明' }))
  })
})

describe('a merge, whatever the two edits are', () => {
  it('is the same from either side', () => {
    fc.assert(
      fc.property(edits, ([before, mine, theirs]) => {
        expect(mergePersonValues(before, mine, theirs)).toEqual(mergePersonValues(before, theirs, mine))
      }),
    )
  })

  it('loses no change: each is in the merged form or in a conflict', () => {
    fc.assert(
      fc.property(edits, ([before, mine, theirs]) => {
        const { merged, conflicts } = mergePersonValues(before, mine, theirs)
        const clashing = new Set(conflicts.map(({ field }) => field))
        const isAsked = (field: FieldPath) => clashing.has(field) || clashing.has(field.split('/').slice(0, 2).join('/') as FieldPath)
        for (const side of [mine, theirs]) {
          for (const field of differingPaths(before, side)) expect(isAsked(field) || shows(merged, side, field), field).toBe(true)
        }
      }),
    )
  })

  it('invents nothing: each text is one of the three, and what nobody touched stays', () => {
    fc.assert(
      fc.property(edits, ([before, mine, theirs]) => {
        const { merged } = mergePersonValues(before, mine, theirs)
        expect(Object.keys(merged)).toEqual(Object.keys(before))
        const touched = new Set([...differingPaths(before, mine), ...differingPaths(before, theirs)])
        for (const field of personFieldNames) expect([before[field], mine[field], theirs[field]]).toContain(merged[field])
        for (const field of differingPaths(before, merged)) expect(touched.has(field)).toBe(true)
      }),
    )
  })

  it('without a conflict takes the identity of one side as a whole', () => {
    fc.assert(
      fc.property(edits, ([before, mine, theirs]) => {
        const { merged, conflicts } = mergePersonValues(before, mine, theirs)
        fc.pre(!conflicts.some(({ group }) => group === 'identity'))
        expect([mine, theirs].some((side) => identity.every((field) => side[field] === merged[field]))).toBe(true)
      }),
    )
  })

  it('asks only about fields that differ, each once, in the order of the form', () => {
    fc.assert(
      fc.property(edits, ([before, mine, theirs]) => {
        const fields = mergePersonValues(before, mine, theirs).conflicts.map(({ field }) => field)
        expect(new Set(fields).size).toBe(fields.length)
        for (const field of fields) expect(textAt(mine, field) !== textAt(theirs, field) || isRow(field), field).toBe(true)
        const texts = fields.filter((field) => !placeOf(field))
        expect(fields.slice(0, texts.length)).toEqual(texts)
        expect(texts.filter((field) => alone.includes(field as PersonFieldName))).toEqual(alone.filter((field) => texts.includes(field)))
      }),
    )
  })

  it('with an edit that changed nothing is the other edit', () => {
    fc.assert(
      fc.property(base, form, (before, edited) => {
        expect(mergePersonValues(before, edited, before)).toEqual({ merged: edited, conflicts: [] })
      }),
    )
  })
})

/** What one side changed there has come about: a text is there, a row that went is gone. */
function shows(merged: PersonValues, side: PersonValues, field: FieldPath): boolean {
  if (!isRow(field)) return textAt(merged, field) === textAt(side, field)
  const { table, rowId } = placeOf(field) ?? { table: 'awards', rowId: '' }
  return merged[table].some(({ id }) => id === rowId) === side[table].some(({ id }) => id === rowId)
}

const isRow = (field: FieldPath) => placeOf(field)?.column === null

describe('two edits of one sub-table', () => {
  const [first = '', second = ''] = rowIds
  const contact = (id: string, name: string, phone: string): TableRow => ({ id, relation: '1', name, phone })
  const contacts = (...emergencyContacts: TableRow[]) => of({ emergencyContacts })
  const base = contacts(contact(first, '李四', '13900000000'))

  it('keep every row that either side added', () => {
    const { merged, conflicts } = mergePersonValues(of({}), contacts(contact(second, '赵六', '1')), contacts(contact(first, '李四', '2')))
    expect(merged.emergencyContacts.map(({ name }) => name)).toEqual(['李四', '赵六'])
    expect(conflicts).toEqual([])
  })

  it('join in one row where they touch different cells', () => {
    const { merged, conflicts } = mergePersonValues(base, contacts(contact(first, '李思', '13900000000')), contacts(contact(first, '李四', '13700000000')))
    expect(merged.emergencyContacts).toEqual([contact(first, '李思', '13700000000')])
    expect(conflicts).toEqual([])
  })

  it('clash in one cell that both changed, and it is named by its row', () => {
    const [mine, theirs] = [contacts(contact(first, '李四', '13600000000')), contacts(contact(first, '李四', '13700000000'))]
    const { conflicts } = mergePersonValues(base, mine, theirs)
    expect(sideBySide('manager', conflicts, base, mine, theirs)).toEqual([
      { field: `emergencyContacts/${first}/phone`, group: null, label: '紧急联系人第1行的联系电话', base: '13900000000', mine: '13600000000', theirs: '13700000000' },
    ])
  })

  it('clash in a whole row that one removed and the other changed; nothing of it is gone before somebody chose', () => {
    const theirs = contacts(contact(first, '李四', '13700000000'))
    const { merged, conflicts } = mergePersonValues(base, of({}), theirs)
    expect(merged.emergencyContacts).toEqual(base.emergencyContacts)
    expect(sideBySide('manager', conflicts, base, of({}), theirs)).toEqual([
      { field: `emergencyContacts/${first}`, group: null, label: '紧急联系人第1行', base: '配偶，李四，13900000000', mine: '', theirs: '配偶，李四，13700000000' },
    ])
    expect(settleConflicts(merged, conflicts, () => of({})).emergencyContacts).toEqual([])
    expect(settleConflicts(merged, conflicts, () => theirs)).toEqual(theirs)
  })

  it('remember of the side that lost the rows it had there', () => {
    const lost = contacts(contact(first, '李四', '13600000000'), contact(second, '赵六', '1'))
    expect(patchAt(['mobile', `emergencyContacts/${first}/phone`, `emergencyContacts/${first}/name`], lost)).toEqual({ mobile: '13800000000', emergencyContacts: [contact(first, '李四', '13600000000')] })
  })

  it('are one side\'s form where every clash is settled for that side and nothing else differs', () => {
    fc.assert(
      fc.property(edits, ([before, mine, theirs]) => {
        const { merged, conflicts } = mergePersonValues(before, mine, theirs)
        const settled = settleConflicts(merged, conflicts, () => mine)
        for (const { field } of conflicts) expect(shows(settled, mine, field)).toBe(true)
        expect(mergePersonValues(before, settled, mine).conflicts.filter(({ field }) => conflicts.some((conflict) => conflict.field === field))).toEqual([])
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
        expect(sameValues(from, to)).toBe(Object.keys(patch).length === 0)
        expect(Object.keys(patch).filter((name) => !(name in personTables))).toEqual(personFieldNames.filter((name) => from[name] !== to[name]))
      }),
    )
  })
})
