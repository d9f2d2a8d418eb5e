import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readXlsx } from 'hucre/xlsx'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { notedReveals } from '../../../electron/host/database/reveal-notes.repository.ts'
import { fillWithPeople, openTestUnit, recordId, temporaryDirectory, unitId, type TestUnit } from '../../support/local-unit.ts'
import { personValues } from '../../support/people.ts'
import { rosterDesk, type RosterDesk } from '../../support/rosters.ts'

let directory: ReturnType<typeof temporaryDirectory>
let unit: TestUnit
let desk: RosterDesk

beforeEach(async () => {
  directory = temporaryDirectory()
  unit = await openTestUnit(directory.path)
  desk = rosterDesk(unit)
})
afterEach(async () => {
  await desk.service.close()
  await unit.close()
  directory.remove()
})

describe('an export', () => {
  const columns = ['name', 'idCardNo', 'birthDate', 'mobile', 'residenceDetail']
  const exportTo = async (why: Parameters<typeof desk.calls.exportPeople>[0]['why'], chosen = columns) => {
    desk.saveNext(join(directory.path, 'export.xlsx'))
    await desk.calls.exportPeople({ query: '', onlyNeedingAttention: false, columns: chosen, why })
    return (await readXlsx(readFileSync(join(directory.path, 'export.xlsx')))).sheets[0]?.rows ?? []
  }
  const noted = () => notedReveals(unit.local.db, 100)
  const [first] = [personValues(0)]

  it('is masked without a reason, and nobody is noted', async () => {
    fillWithPeople(unit.local, 1)
    const rows = await exportTo(null)
    expect(rows[2]).toEqual([first.name, `${first.idCardNo.slice(0, 3)}***********${first.idCardNo.slice(-4)}`, '1960-**-**', `${first.mobile.slice(0, 3)}****${first.mobile.slice(-4)}`, '示例路***'])
    expect(await noted()).toEqual([])
  })

  it('for a reason has the numbers in clear as texts, and each person whose numbers went out is noted, number by number, before the file is written', async () => {
    fillWithPeople(unit.local, 2)
    const rows = await exportTo({ reason: 'insurance', words: '办理参保' })
    expect(rows.slice(2).map((row) => row.slice(0, 5))).toEqual([personValues(1), first].map(({ name, idCardNo, birthDate, mobile }) => [name, idCardNo, birthDate, mobile, '示例路***']))
    expect(String(rows[0]?.[0])).toContain('号码未隐藏，原因：办理社保或保险，已记录。')
    const notes = await noted()
    expect(notes.map(({ registrationId, field }) => `${registrationId}/${field}`).sort()).toEqual([0, 1].flatMap((index) => ['idCardNo', 'mobile'].map((field) => `${recordId(index)}/${field}`)))
    expect(new Set(notes.map(({ reason, words, accountId, exported }) => JSON.stringify([reason, words, accountId, exported])))).toEqual(new Set([JSON.stringify(['insurance', '办理参保', unitId, true])]))
    expect(unit.woken()).toBe(1)
  })

  it('notes only what its columns tell, and nothing where the clerk saves no file or gives no reason', async () => {
    fillWithPeople(unit.local, 1)
    await exportTo({ reason: 'authority', words: '' }, ['name', 'mobile'])
    expect((await noted()).map(({ field }) => field)).toEqual(['mobile'])
    desk.saveNext(null)
    expect(await desk.calls.exportPeople({ query: '', onlyNeedingAttention: false, columns, why: { reason: 'authority', words: '' } })).toMatchObject({ name: null })
    await expect(exportTo({ reason: 'other', words: ' ' })).rejects.toMatchObject({ code: 'reason-missing' })
    await expect(exportTo({ reason: 'contact', words: '电话13800001234' })).rejects.toMatchObject({ code: 'reason-has-number' })
    expect(await noted()).toHaveLength(1)
  })
})
