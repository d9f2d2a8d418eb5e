import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readXlsx } from 'hucre/xlsx'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { notedReveals } from '../../../electron/host/database/reveal-notes.repository.ts'
import { writeExport } from '../../../electron/host/roster/write-export.ts'
import { shanghaiMinute } from '../../../shared/domain/dates.ts'
import { fillWithPeople, openTestUnit, recordId, temporaryDirectory, unitId, type TestUnit } from '../../support/local-unit.ts'
import { personValues } from '../../support/people.ts'
import { onePixel } from '../../support/roster-files.ts'
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
  type Why = Parameters<typeof desk.calls.exportPeople>[0]['why']
  const file = () => join(directory.path, 'export.xlsx')
  const exportFile = async (why: Why, chosen = columns, query = '', employmentStatus: 'employed' | 'left' | null = null) => {
    desk.saveNext(file())
    await desk.calls.exportPeople({ query, onlyNeedingAttention: false, employmentStatus, columns: chosen, why, watermark: onePixel })
    return readXlsx(readFileSync(file()))
  }
  const exportTo = async (why: Why, chosen = columns) => (await exportFile(why, chosen)).sheets[0]?.rows ?? []
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
    expect(await desk.calls.exportPeople({ query: '', onlyNeedingAttention: false, employmentStatus: null, columns, why: { reason: 'authority', words: '' }, watermark: onePixel })).toMatchObject({ name: null })
    await expect(exportTo({ reason: 'other', words: ' ' })).rejects.toMatchObject({ code: 'reason-missing' })
    await expect(exportTo({ reason: 'contact', words: '电话13800001234' })).rejects.toMatchObject({ code: 'reason-has-number' })
    expect(await noted()).toHaveLength(1)
  })

  it('says on the sheet, under it, below each printed page and on a sheet of its own who took it out, when and what', async () => {
    fillWithPeople(unit.local, 2)
    const { sheets, properties } = await exportFile(null)
    const [people, facts] = sheets
    const time = shanghaiMinute(unit.clock.now())
    expect(Buffer.from(people?.backgroundImage ?? []).toString('base64')).toBe(onePixel)
    for (const sheet of [people, facts]) expect(sheet?.headerFooter?.oddFooter).toBe(`&L&8导出：甲修缮有限公司 张敏 ${time}，仅限实名制登记使用&R&8第&P页，共&N页`)
    expect(properties?.creator).toBe('甲修缮有限公司 张敏')
    expect(facts?.name).toBe('导出说明')
    expect(facts?.rows.slice(0, 6)).toEqual([
      ['导出单位', '甲修缮有限公司'], ['导出人', '张敏（zhangmin）'], ['导出时间', time], ['人数', '2人'], ['筛选', '全部人员'], ['导出的列', '姓名、身份证号码、出生年月日、联系电话、现居住地详细地址'],
    ])
  })

  it('tells the reason of numbers in clear, and never the number that was searched for', async () => {
    fillWithPeople(unit.local, 2)
    const { sheets } = await exportFile({ reason: 'insurance', words: '办理参保' }, columns, first.idCardNo)
    const facts = new Map(sheets[1]?.rows.map(([fact, text]) => [fact, text]))
    expect(facts.get('人数')).toBe('1人')
    expect(facts.get('查看原因')).toBe('办理社保或保险：办理参保')
    expect(facts.get('筛选')).toBe(`查询“${first.idCardNo.slice(0, 3)}***********${first.idCardNo.slice(-4)}”`)
  })

  it.each([
    ['in full-width digits', (number: string) => [...number].map((digit) => String.fromCharCode(digit.charCodeAt(0) + 0xfee0)).join(''), 'mobile', (masked: string) => masked],
    ['as a telephone spells it', (number: string) => `+86 ${number.slice(0, 3)}-${number.slice(3, 7)}-${number.slice(7)}`, 'mobile', (masked: string) => `+861******${masked.slice(-4)}`],
    ['in groups of four', (number: string) => number.replace(/.{4}/g, '$& '), 'idCardNo', (masked: string) => masked],
  ] as const)('nor where it was typed %s', async (_how, spell, field, stands) => {
    fillWithPeople(unit.local, 2)
    const number = first[field]
    const { sheets } = await exportFile(null, columns, spell(number))
    const facts = new Map(sheets[1]?.rows.map(([fact, text]) => [fact, String(text)]))
    expect(facts.get('人数')).toBe('1人')
    const masked = `${number.slice(0, 3)}${'*'.repeat(number.length - 7)}${number.slice(-4)}`
    expect(facts.get('筛选')).toBe(`查询“${stands(masked)}”`)
  })

  it('has a footer of whole characters, however long the names in it are', async () => {
    const mark = { author: '', notice: '', footer: `导出：甲${'𠮷'.repeat(200)}`, facts: [], watermark: onePixel }
    const { sheets } = await readXlsx(await writeExport({ mark, headers: ['姓名'], rows: [] }))
    const footer = sheets[0]?.headerFooter?.oddFooter ?? ''
    expect(footer).toMatch(/^&L&8导出：甲𠮷+&R&8第&P页，共&N页$/u)
    expect(footer.length).toBeLessThanOrEqual(255)
  })

  it('has those alone whom the list shows by their 状态, and says so', async () => {
    fillWithPeople(unit.local, 3)
    unit.local.file.prepare("update record set employment_status = 'left' where id = ?").run(recordId(1))
    const [people, facts] = (await exportFile(null, columns, '', 'left')).sheets
    expect(people?.rows.slice(2).map(([name]) => name)).toEqual([personValues(1).name])
    expect(facts?.rows[4]).toEqual(['筛选', '状态为离职'])
  })

  it('with numbers in clear is imported again as it is', async () => {
    fillWithPeople(unit.local, 2)
    await exportFile({ reason: 'authority', words: '' }, ['name', 'idCardNo', 'mobile', 'jobPosition'])
    expect(await desk.open(file())).toMatchObject({ phase: 'preview', sheet: '管理人员名册', unknownHeaders: [], photos: 0, counts: { create: 0, update: 0, same: 2, error: 0 } })
  })
})
