import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope, shallowRef } from 'vue'
import { emptyPersonValues } from '../../../shared/domain/person-fields.ts'
import { maxTableRows } from '../../../shared/domain/person-tables.ts'
import { createFormRows } from '../../../renderer/stores/form-rows.ts'

function openRows() {
  const values = shallowRef(emptyPersonValues())
  const scope = effectScope()
  const rows = scope.run(() => createFormRows(values, (table, next) => void (values.value = { ...values.value, [table]: next })))
  if (!rows) throw new Error('no scope')
  const names = () => values.value.emergencyContacts.map(({ name }) => name)
  const type = (place: number, name: string) => {
    values.value = { ...values.value, emergencyContacts: values.value.emergencyContacts.map((row, index) => (index === place ? { ...row, name } : row)) }
  }
  return { values, rows, names, type, idAt: (place: number) => values.value.emergencyContacts[place]?.id ?? '' }
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('rows of a sub-table', () => {
  it('stand in the order they were added in, also within one millisecond, and no more than a table takes', () => {
    const { rows, values } = openRows()
    const ids = Array.from({ length: maxTableRows }, () => rows.add('awards'))
    expect(ids).toEqual(ids.toSorted())
    expect(rows.add('awards')).toBeNull()
    expect(values.value.awards).toHaveLength(maxTableRows)
  })

  it('that are deleted come back for ten seconds; an empty one is simply gone', () => {
    const { rows, names, type, idAt } = openRows()
    rows.add('emergencyContacts')
    type(0, '李四')
    rows.remove('emergencyContacts', idAt(0))
    expect(rows.undoable.value?.what).toBe('已删除第1行')
    rows.undo()
    expect(names()).toEqual(['李四'])
    rows.add('emergencyContacts')
    rows.remove('emergencyContacts', idAt(1))
    expect(rows.undoable.value).toBeNull()
    rows.remove('emergencyContacts', idAt(0))
    vi.advanceTimersByTime(10_000)
    expect(rows.undoable.value).toBeNull()
    rows.undo()
    expect(names()).toEqual([])
  })

  it('that came by paste go by 撤销, but for those typed into since', () => {
    const { rows, names, type, idAt } = openRows()
    rows.add('emergencyContacts')
    rows.paste('emergencyContacts', idAt(0), 'name', [['李四', '13900001234'], ['赵六', '13900005678'], ['钱七', '']])
    expect(names()).toEqual(['李四', '赵六', '钱七'])
    type(2, '钱八')
    rows.undo()
    expect(names()).toEqual(['', '钱八'])
  })
})

describe('cells of a spreadsheet', () => {
  it('become what the table stores: codes, dates, numbers in their one spelling; what is in no list stays to be corrected', () => {
    const { rows, values } = openRows()
    rows.add('educations')
    rows.paste('educations', values.value.educations[0]?.id ?? '', 'school', [['示例大学', '2010.9.1', '2014年7月1日', '土木', '毕业'], ['示例中学', '', '', '', '不详']])
    expect(values.value.educations.map(({ id, ...cells }) => [id.length, ...Object.values(cells)])).toEqual([
      [36, '示例大学', '2010-09-01', '2014-07-01', '土木', '1'],
      [36, '示例中学', '', '', '', '不详'],
    ])
  })

  it('that find no room are told: nothing is left out unseen', () => {
    const { rows, values, idAt } = openRows()
    rows.add('emergencyContacts')
    rows.paste('emergencyContacts', idAt(0), 'name', Array.from({ length: maxTableRows + 5 }, (_, index) => [`联系人${index}`, '13900001234', '多余']))
    expect(values.value.emergencyContacts).toHaveLength(maxTableRows)
    expect(rows.undoable.value?.what).toBe('已粘贴30行；另有5行未粘贴，每表最多30行；超出右边的列未粘贴')
  })
})
