import { describe, expect, it } from 'vitest'
import { departureProblems, transferOutRefusal, type Departure } from '../../../shared/domain/departure.ts'
import { registrationStatuses } from '../../../shared/domain/statuses.ts'

const facts = { registeredOn: '2026-03-01', today: '2026-11-29', isRequested: false }
const right: Departure = { reason: '1', note: '', leftOn: '2026-11-28' }
const problems = (changes: Partial<Departure>, more: Partial<typeof facts> = {}) => departureProblems({ ...right, ...changes }, { ...facts, ...more })

describe('离职迁出', () => {
  it('is right with a reason and a day between the registration and today, both included', () => {
    for (const leftOn of ['2026-03-01', '2026-11-28', '2026-11-29']) expect(problems({ leftOn })).toEqual({})
  })

  it.each([
    ['', '请填写离职日期。'], ['2026-02-30', '离职日期不是有效的日期，请核对。'], ['20261128', '离职日期不是有效的日期，请核对。'],
    ['2026-11-30', '离职日期不能晚于今天。'], ['2026-02-28', '离职日期不能早于在本单位登记的日期（2026-03-01）。'],
  ])('is refused with the last day %j', (leftOn, sentence) => {
    expect(problems({ leftOn })).toEqual({ leftOn: sentence })
  })

  it('leaves the earliest day to the central service where it is not known here', () => {
    expect(departureProblems({ ...right, leftOn: '2001-01-01' }, { ...facts, registeredOn: null })).toEqual({})
  })

  it('wants a reason of the dictionary, and words for 其他', () => {
    for (const reason of ['', '7', '辞职']) expect(problems({ reason })).toEqual({ reason: '请选择离职原因。' })
    expect(problems({ reason: '9', note: '  ' })).toEqual({ note: '离职原因为“其他”时，请填写说明。' })
    expect(problems({ reason: '9', note: '项目结束' })).toEqual({})
    expect(problems({ note: '长'.repeat(201) })).toEqual({ note: '说明最多200个字。' })
  })

  it('at another unit’s request is a 调动', () => {
    expect(problems({ reason: '1' }, { isRequested: true })).toEqual({ reason: '同意其他单位的迁入申请时，离职原因为“调动”。' })
    expect(problems({ reason: '5' }, { isRequested: true })).toEqual({})
  })

  it('ends every registration but one that has ended', () => {
    expect(Object.fromEntries(registrationStatuses.map((status) => [status, transferOutRefusal(status)]))).toEqual({ pending: null, active: null, refused: null, left: 'registration-left' })
  })
})
