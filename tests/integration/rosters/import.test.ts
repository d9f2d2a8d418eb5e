import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readXlsx } from 'hucre/xlsx'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listImports } from '../../../electron/host/database/import.repository.ts'
import { fillWithPeople, openTestUnit, recordId, temporaryDirectory, type TestUnit } from '../../support/local-unit.ts'
import { officeFile } from '../../support/office-files.ts'
import { idCardNoOf, personValues } from '../../support/people.ts'
import { rosterHeaders, rosterRow, writeRosterFile } from '../../support/roster-files.ts'
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

const at = (name: string) => join(directory.path, name)
const rosterOf = (name: string, ...people: string[][]) => writeRosterFile(at(name), [rosterHeaders, ...people])
const all = { kind: null, from: 0, count: 100 } as const
const list = (query = '') => unit.registrations.list({ query, page: 1, pageSize: 50 })
const commit = async (mode: 'submit' | 'save' = 'submit') => {
  await desk.calls.commit({ mode })
  return desk.reached('written')
}

describe('a roster', () => {
  it('is looked through first: nothing is registered, each row says what would become of it', async () => {
    fillWithPeople(unit.local, 3)
    const changed = rosterRow(personValues(1, { jobPosition: '施工员' }))
    const wrong = rosterRow(personValues(8, { mobile: '123' }))
    const state = await desk.open(await rosterOf('r.xlsx', rosterRow(personValues(7)), changed, rosterRow(personValues(2)), wrong))
    expect(state).toMatchObject({ phase: 'preview', source: 'r.xlsx', counts: { create: 1, update: 1, same: 1, error: 1 }, unknownHeaders: [], missingHeaders: [] })
    const { rows } = await desk.calls.rows(all)
    expect(rows.map(({ kind, sheetRow }) => [kind, sheetRow])).toEqual([['create', 2], ['update', 3], ['same', 4], ['error', 5]])
    expect(rows[1]?.before).toEqual({ jobPosition: '项目经理' })
    expect(rows[3]?.problems).toEqual({ mobile: '联系电话应为11位手机号码，请核对。' })
    expect((await list()).total).toBe(3)
  })

  it('is registered as the form registers: in the list in the order of the sheet, found by name, on its way to the central service', async () => {
    await desk.open(await rosterOf('r.xlsx', ...[11, 12, 13].map((index) => rosterRow(personValues(index)))))
    expect(await commit()).toMatchObject({ phase: 'written', created: 3, updated: 0, errors: 0, left: 0 })
    const { rows } = await list()
    expect(rows.map(({ name, syncState }) => [name, syncState])).toEqual([11, 12, 13].map((index) => [personValues(index).name, 'queued']))
    expect((await list(idCardNoOf(12))).total).toBe(1)
    expect((await unit.registrations.open({ id: rows[0]?.id ?? '' })).values).toEqual(personValues(11))
    expect(unit.local.file.prepare("select kind, json_extract(patch_json, '$.idCardNo') as number from outbox order by seq").all()).toEqual([11, 12, 13].map((index) => ({ kind: 'create', number: idCardNoOf(index) })))
    expect(unit.woken()).toBe(1)
  })

  it('can be kept on this machine only', async () => {
    await desk.open(await rosterOf('r.xlsx', rosterRow(personValues(11))))
    await commit('save')
    expect((await list()).rows.map(({ syncState }) => syncState)).toEqual(['local-only'])
    expect(unit.local.file.prepare('select count(*) from outbox').pluck().get()).toBe(0)
  })

  it('changes what its cells say and nothing else of somebody who is registered', async () => {
    fillWithPeople(unit.local, 1)
    await writeRosterFile(at('r.xlsx'), [['身份证号码', '姓名', '职务', '曾用名'], [idCardNoOf(0), personValues(0).name, '质量员', null]])
    await desk.open(at('r.xlsx'))
    expect(await commit()).toMatchObject({ created: 0, updated: 1 })
    expect((await unit.registrations.open({ id: recordId(0) })).values).toEqual(personValues(0, { jobPosition: '质量员' }))
    expect(unit.local.file.prepare('select kind, patch_json, base_version from outbox').all()).toEqual([{ kind: 'patch', patch_json: '{"jobPosition":"质量员"}', base_version: 1 }])
    expect((await unit.registrations.history({ id: recordId(0) })).entries[0]).toMatchObject({ what: 'submitted', changes: { jobPosition: '项目经理' } })
  })

  it('registers somebody anew who has left, and says so', async () => {
    fillWithPeople(unit.local, 1)
    unit.local.file.prepare("update record set employment_status = 'left'").run()
    await desk.open(await rosterOf('r.xlsx', rosterRow(personValues(0))))
    expect((await desk.calls.rows(all)).rows[0]).toMatchObject({ kind: 'create', note: '曾在本单位登记，已离职迁出；导入后重新登记。' })
  })

  it('does not touch what somebody is typing, nor a conflict', async () => {
    fillWithPeople(unit.local, 2)
    const form = await unit.registrations.open({ id: recordId(0) })
    await unit.registrations.keepDraft({ id: form.id, values: { ...form.values, jobPosition: '正在录入' }, revision: form.revision })
    unit.local.file.prepare("update record set state = 'conflict' where id = ?").run(recordId(1))
    await desk.open(await rosterOf('r.xlsx', ...[0, 1].map((index) => rosterRow(personValues(index, { jobPosition: '施工员' })))))
    const { rows } = await desk.calls.rows(all)
    expect(rows.map(({ kind, problems }) => [kind, problems['idCardNo']])).toEqual([
      ['error', '该人员在本机有未提交的草稿。请先在登记页面保存、提交或放弃草稿，再导入。'],
      ['error', '该人员的资料与他人的修改有冲突，请先处理冲突。'],
    ])
  })

  it('has the same person once: rows with one number are wrong, each telling of the other, until one is changed', async () => {
    await desk.open(await rosterOf('r.xlsx', rosterRow(personValues(5)), rosterRow(personValues(6)), rosterRow(personValues(5))))
    const { rows } = await desk.calls.rows({ ...all, kind: 'error' })
    expect(rows.map(({ problems }) => problems['idCardNo'])).toEqual([
      '与第4行的身份证号码相同，同一人只能有一行。请核对后删去多余的行。', '与第2行的身份证号码相同，同一人只能有一行。请核对后删去多余的行。',
    ])
    const row = await desk.calls.edit({ index: 2, column: 'idCardNo', text: idCardNoOf(9) })
    expect(row).toMatchObject({ kind: 'create', problems: {} })
    expect(await desk.calls.state({})).toMatchObject({ counts: { create: 3 } })
    expect((await desk.calls.rows(all)).rows[0]?.kind).toBe('create')
  })

  it('can be put right in the preview; the next error is found from any row', async () => {
    await desk.open(await rosterOf('r.xlsx', rosterRow(personValues(1)), rosterRow(personValues(2, { mobile: '1' })), rosterRow(personValues(3, { ethnicity: '火星族' }))))
    expect(await desk.calls.errorAfter({ index: -1 })).toEqual({ index: 1 })
    expect(await desk.calls.errorAfter({ index: 2 })).toEqual({ index: 1 })
    expect(await desk.calls.edit({ index: 2, column: 'ethnicity', text: ' 汉 ' })).toMatchObject({ kind: 'create', problems: {} })
    expect(await desk.calls.errorAfter({ index: 1 })).toEqual({ index: 1 })
    expect(await desk.calls.edit({ index: 1, column: 'mobile', text: '138 0000 0000' })).toMatchObject({ kind: 'create' })
    expect(await desk.calls.errorAfter({ index: 0 })).toEqual({ index: null })
    expect(await commit()).toMatchObject({ created: 3 })
  })

  it('is written as far as it is right; the rest goes on in the preview, where what was written is 跳过', async () => {
    await desk.open(await rosterOf('r.xlsx', rosterRow(personValues(1)), rosterRow(personValues(2, { mobile: '1' }))))
    expect(await commit()).toMatchObject({ created: 1, errors: 1 })
    expect(await desk.calls.review({})).toMatchObject({ phase: 'preview', counts: { create: 0, update: 0, same: 1, error: 1 } })
    await desk.calls.edit({ index: 1, column: 'mobile', text: '13800000000' })
    expect(await commit()).toMatchObject({ created: 1, errors: 0 })
    expect((await list()).total).toBe(2)
  })

  it('passes over whoever was registered between the preview and the writing', async () => {
    await desk.open(await rosterOf('r.xlsx', rosterRow(personValues(1)), rosterRow(personValues(2))))
    await unit.registrations.begin({ idCardNo: idCardNoOf(1) })
    expect(await commit()).toMatchObject({ created: 1, passedOver: 1, left: 0 })
    expect((await list()).total).toBe(2)
  })
})

describe('a roster that was dropped on the page', () => {
  const bytes = async () => readFileSync(await rosterOf('r.xlsx', rosterRow(personValues(11))))
  const hand = async (file: Buffer, size = file.length) => {
    await desk.calls.beginFile({ name: '名册.xlsx', size })
    for (let at = 0; at < file.length; at += 4_000) await desk.calls.addPiece({ offset: at, chunk: file.subarray(at, at + 4_000).toString('base64') })
  }

  it('comes over piece by piece and is looked through as a chosen one', async () => {
    await hand(await bytes())
    await desk.calls.finishFile({})
    expect(await desk.reached('preview')).toMatchObject({ counts: { create: 1, error: 0 } })
  })

  it('is refused before its first piece where it is too large, and when a piece is missing', async () => {
    expect(await desk.calls.beginFile({ name: 'r.xlsx', size: 210 << 20 })).toMatchObject({ phase: 'refused', problem: { code: 'roster-too-large' } })
    const file = await bytes()
    await hand(file, file.length + 1)
    await expect(desk.calls.addPiece({ offset: 0, chunk: 'AAAA' })).rejects.toMatchObject({ code: 'roster-run-gone' })
    await desk.calls.finishFile({})
    expect(await desk.reached('refused')).toMatchObject({ problem: { code: 'roster-run-gone' } })
  })

  it('that never came to its end keeps nobody from another', async () => {
    await desk.calls.beginFile({ name: '名册.xlsx', size: 100 })
    expect(await desk.open(await rosterOf('r.xlsx', rosterRow(personValues(11))))).toMatchObject({ phase: 'preview', source: 'r.xlsx' })
    await expect(desk.calls.addPiece({ offset: 0, chunk: 'AAAA' })).rejects.toMatchObject({ code: 'roster-run-gone' })
  })

  it('is forgotten where the clerk cancels in the middle', async () => {
    await hand(await bytes())
    expect(await desk.calls.cancel({})).toEqual({ phase: 'idle' })
    await expect(Promise.resolve().then(() => desk.calls.finishFile({}))).rejects.toMatchObject({ code: 'roster-run-gone' })
  })
})

describe('the error file', () => {
  it('is put right in Excel and imported again: what it says of the errors is passed over, and the rest of it stays', async () => {
    const wrong = [rosterRow(personValues(1, { mobile: '1' })), rosterRow(personValues(2, { ethnicity: '火星族' }))]
    await desk.open(await writeRosterFile(at('r.xlsx'), [['甲公司名册'], [...rosterHeaders, '血型'], ...wrong.map((row) => [...row, 'A'])]))
    desk.saveNext(at('errors.xlsx'))
    expect(await desk.calls.saveErrors({})).toMatchObject({ rows: 2 })
    const saved = (await readXlsx(readFileSync(at('errors.xlsx')))).sheets[0]?.rows ?? []
    const [mobile, ethnicity] = [rosterHeaders.indexOf('联系电话'), rosterHeaders.indexOf('民族')]
    expect(saved[1]?.at(-1)).toBe('错误信息')
    expect(saved.slice(2).map((row) => row.at(-1))).toEqual(['联系电话应为11位手机号码，请核对。', '请从列表中选择民族。'])
    // As Excel saves it: shared strings, the texts' style, and the reasons still there.
    const cells = saved.map((row) => row.map((cell) => (cell === null ? null : { s: String(cell), style: 2 })))
    cells[2]![mobile] = { s: '13800000001', style: 2 }
    cells[3]![ethnicity] = { s: '汉族', style: 2 }
    writeFileSync(at('again.xlsx'), officeFile({ rows: cells }))
    expect(await desk.open(at('again.xlsx'))).toMatchObject({ phase: 'preview', counts: { create: 2, error: 0 }, unknownHeaders: ['血型'], missingHeaders: [] })
    expect(await commit()).toMatchObject({ created: 2, errors: 0 })
  })
})

describe('an import', () => {
  const many = (count: number, from = 100) => Array.from({ length: count }, (_, index) => rosterRow(personValues(from + index)))

  it('stops between two groups when the clerk says so, tells what was written, and goes on later', async () => {
    await desk.open(await rosterOf('r.xlsx', ...many(1_200)))
    await desk.calls.commit({ mode: 'submit' })
    await desk.calls.cancel({})
    const written = await desk.reached('written')
    if (written.phase !== 'written') throw new Error('not written')
    expect(written.created % 1_000).toBe(0)
    expect(written.created + written.left).toBe(1_200)
    expect(written.left).toBeGreaterThan(0)
    expect((await list()).total).toBe(written.created)
    expect((await desk.calls.imports({})).entries[0]).toMatchObject({ state: 'unfinished', left: written.left })
    await desk.calls.resume({ id: written.id })
    expect(await desk.reached('written')).toMatchObject({ created: 1_200, left: 0 })
    expect((await list()).total).toBe(1_200)
    expect((await desk.calls.imports({})).entries).toMatchObject([{ state: 'finished', created: 1_200, left: 0 }])
  })

  it('leaves whole groups where the program is closed in the middle; the next start goes on with the rest', async () => {
    await desk.open(await rosterOf('r.xlsx', ...many(1_200)))
    await desk.calls.commit({ mode: 'save' })
    await desk.service.close()
    const [unfinished] = await listImports(unit.local.db)
    const before = (await list()).total
    expect(before % 1_000 === 0 || before === 1_200).toBe(true)
    const again = rosterDesk(unit)
    await again.calls.resume({ id: unfinished?.id ?? '' })
    await again.reached('written')
    expect((await list()).total).toBe(1_200)
    await again.service.close()
  })

  it('is taken back with one click, as far as nothing was sent or changed since; the others stay, each with its reason', async () => {
    fillWithPeople(unit.local, 1)
    await desk.open(await rosterOf('r.xlsx', rosterRow(personValues(0, { jobPosition: '质量员' })), ...many(4)))
    const written = await commit()
    const rowOf = async (index: number) => (await list(idCardNoOf(index))).rows[0]?.id ?? ''
    unit.local.file.prepare("update outbox set frozen_at = '2026-11-23T08:00:00.000Z' where record_id = ?").run(await rowOf(100))
    const form = await unit.registrations.open({ id: await rowOf(101) })
    await unit.registrations.save({ id: form.id, values: { ...form.values, jobPosition: '资料员' }, revision: form.revision })
    await unit.registrations.remove({ id: await rowOf(102) })
    if (written.phase !== 'written') throw new Error('not written')
    expect(await desk.calls.rollBack({ id: written.id })).toEqual({
      undone: 2,
      kept: [
        { sheetRow: 3, name: personValues(100).name, reason: 'sent' }, { sheetRow: 4, name: personValues(101).name, reason: 'changed' }, { sheetRow: 5, name: '', reason: 'gone' },
      ],
    })
    expect((await list()).total).toBe(3)
    expect((await unit.registrations.open({ id: recordId(0) })).values.jobPosition).toBe('项目经理')
    expect((await list(idCardNoOf(0))).rows[0]?.syncState).toBe('uploaded')
    expect((await desk.calls.imports({})).entries).toMatchObject([{ state: 'rolled-back' }])
    expect(unit.local.file.prepare('select count(*) from roster_import_group').pluck().get()).toBe(0)
  })

  it('of thousands keeps the host free: no other work waits for long', async () => {
    await desk.open(await rosterOf('r.xlsx', ...many(3_000)))
    let longest = 0
    let last = performance.now()
    const watch = setInterval(() => {
      longest = Math.max(longest, performance.now() - last)
      last = performance.now()
    }, 5)
    await commit()
    clearInterval(watch)
    expect(longest).toBeLessThan(1_000)
  })
})
