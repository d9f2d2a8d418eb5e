import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeXlsx } from 'hucre/xlsx'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fileDrop, takenFolder, unreadableFolder } from '../../../central/modules/approval-feed/file-drop.ts'
import { httpPull } from '../../../central/modules/approval-feed/http-pull.ts'
import { newestOutcomes } from '../../../central/modules/approval-feed/feed.repository.ts'
import { takeFeed } from '../../../central/modules/approval-feed/run-feed.ts'
import { deliver, feedRecords, newProjectNo } from '../../support/approval-feed.ts'
import { backends, startBackend, type Backend } from '../../support/central-backends.ts'
import { startCentral, type Central, type Unit } from '../../support/central-service.ts'
import { idCardNoOf, personName } from '../../support/people.ts'
import type { DatabaseLocation } from '../../../central/database/open.ts'

describe.each(backends)('the feed of the 建设程序审批系统 on %s', (name) => {
  let backend: Backend
  let location: DatabaseLocation
  let central: Central
  let unit: Unit
  const folders: string[] = []
  beforeAll(async () => {
    backend = await startBackend(name)
    location = await backend.newLocation()
    central = await startCentral(location)
    unit = await central.addUnit()
  })
  afterAll(async () => {
    await central?.close()
    await backend?.stop()
    for (const folder of folders) rmSync(folder, { recursive: true })
  })

  const project = (projectNo: string) => central.db.selectFrom('project').select(['name', 'status', 'withdrawn_at']).where('project_no', '=', projectNo).executeTakeFirst()
  const linesOf = (sourceId: string) => central.db.selectFrom('approval_feed_log').select(['version', 'outcome', 'reason']).where('source_id', '=', sourceId).orderBy('id').execute()

  it('applies each version once: again, older, newer, withdrawn and back, each with a line that says so', async () => {
    const projectNo = newProjectNo()
    const first = feedRecords.project(projectNo, unit, { version: 2, name: '一期' })
    const { sourceId } = first
    expect(await deliver(central, first)).toBe('applied')
    expect(await deliver(central, first)).toBe('repeated')
    expect(await deliver(central, feedRecords.project(projectNo, unit, { sourceId, version: 2, name: '别的' }))).toBe('contradicting')
    expect(await deliver(central, feedRecords.project(projectNo, unit, { sourceId, version: 4, name: '二期', status: 'completed' }))).toBe('corrected')
    expect(await deliver(central, feedRecords.project(projectNo, unit, { sourceId, version: 3, name: '旧的' }))).toBe('outdated')
    expect(await project(projectNo)).toMatchObject({ name: '二期', status: 'completed', withdrawn_at: null })
    expect(await deliver(central, feedRecords.withdrawal(first, 5))).toBe('withdrawn')
    expect(await deliver(central, feedRecords.withdrawal(first, 5))).toBe('repeated')
    expect(await project(projectNo)).toMatchObject({ name: '二期', withdrawn_at: expect.any(String) })
    expect(await deliver(central, feedRecords.project(projectNo, unit, { sourceId, version: 6, name: '恢复' }))).toBe('corrected')
    expect(await project(projectNo)).toMatchObject({ name: '恢复', withdrawn_at: null })
    expect((await newestOutcomes(central.db, 'contradicting', 5)).map(({ source_id, version }) => [source_id, version])).toEqual([[sourceId, 2]])
    expect((await newestOutcomes(central.db, null, 2)).map(({ version }) => version)).toEqual([6, 5])
    expect(await linesOf(sourceId)).toEqual([
      { version: 2, outcome: 'applied', reason: null },
      { version: 2, outcome: 'repeated', reason: null },
      { version: 2, outcome: 'contradicting', reason: null },
      { version: 4, outcome: 'corrected', reason: null },
      { version: 3, outcome: 'outdated', reason: '4' },
      { version: 5, outcome: 'withdrawn', reason: null },
      { version: 5, outcome: 'repeated', reason: null },
      { version: 6, outcome: 'corrected', reason: null },
    ])
  })

  it('lets a withdrawal that comes before what it withdraws have the word', async () => {
    const late = feedRecords.project(newProjectNo(), unit)
    expect(await deliver(central, feedRecords.withdrawal(late, 2))).toBe('withdrawn')
    expect(await deliver(central, late)).toBe('outdated')
    expect(await central.db.selectFrom('project').selectAll().where('source_id', '=', late.sourceId).execute()).toEqual([])
  })

  it('applies a version once where it comes many times at once', async () => {
    const record = feedRecords.manager(newProjectNo(), unit, 11)
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => deliver(central, record)))
    expect(outcomes.sort()).toEqual(['applied', ...Array.from({ length: 5 }, () => 'repeated')])
  })

  it('refuses what is wrong, says which fields, and lets everything else pass', async () => {
    const right = feedRecords.manager(newProjectNo(), unit, 12)
    const wrong = [
      ['kind', { ...right, kind: 'worker' }],
      ['version', { ...right, version: 0 }],
      ['body.idCardNo', { ...right, body: { ...(right.body as object), idCardNo: '110105194912310021' } }],
      ['body.creditCode', { ...right, body: { ...(right.body as object), creditCode: '91310000MA1FL00000' } }],
      ['body.extra', { ...right, body: { ...(right.body as object), extra: 1 } }],
      ['sourceId', { ...right, sourceId: `m-${idCardNoOf(12)}` }],
      ['', 'text'],
    ] as const
    for (const [field, record] of wrong) {
      expect(await deliver(central, record), field).toBe('refused')
      const [line] = await central.db.selectFrom('approval_feed_log').selectAll().orderBy('id', 'desc').limit(1).execute()
      expect(line).toMatchObject({ outcome: 'refused', reason: field })
      expect(JSON.stringify(line)).not.toContain(idCardNoOf(12))
    }
    expect(await deliver(central, right)).toBe('applied')
  })

  it('refuses a second project with a number that one has which stands', async () => {
    const projectNo = newProjectNo()
    const first = feedRecords.project(projectNo, unit, { name: '先' })
    const second = feedRecords.project(projectNo, unit, { name: '后' })
    expect(await deliver(central, first)).toBe('applied')
    expect(await deliver(central, second)).toBe('refused')
    expect((await linesOf(second.sourceId)).map(({ reason }) => reason)).toEqual(['project-no-taken'])
    await deliver(central, feedRecords.withdrawal(first, 2))
    expect(await deliver(central, second)).toBe('applied')
  })

  it('takes files in the order of their names, puts them aside, and takes nothing twice', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'feed-'))
    folders.push(folder)
    const projectNo = newProjectNo()
    const record = feedRecords.project(projectNo, unit, { name: '一' })
    writeFileSync(join(folder, '2026-11-02.json'), JSON.stringify([{ ...feedRecords.project(projectNo, unit, { sourceId: record.sourceId, version: 2, name: '二' }) }, 'wrong']))
    writeFileSync(join(folder, '2026-11-01.json'), `\uFEFF${JSON.stringify({ records: [record] })}`)
    writeFileSync(join(folder, '2026-11-03.json'), '{"records":')
    writeFileSync(join(folder, '2026-11-04.json.part'), '[')
    const adapter = fileDrop(folder)
    expect(await takeFeed(central.context, adapter)).toEqual({ applied: 1, corrected: 1, refused: 1, unreadable: 1 })
    expect(await project(projectNo)).toMatchObject({ name: '二' })
    expect(readdirSync(folder).sort()).toEqual(['2026-11-04.json.part', takenFolder, unreadableFolder])
    expect(readdirSync(join(folder, takenFolder)).sort()).toEqual(['2026-11-01.json', '2026-11-02.json'])
    expect(await takeFeed(central.context, adapter)).toEqual({})
    writeFileSync(join(folder, '2026-11-01.json'), JSON.stringify([record]))
    expect(await takeFeed(central.context, adapter)).toEqual({ outdated: 1 })
    expect(existsSync(join(folder, takenFolder, '2-2026-11-01.json'))).toBe(true)
  })

  it('reads a workbook with a sheet a kind, and nothing of one with a word that nobody knows', async () => {
    const projectNo = newProjectNo()
    const { creditCode } = unit
    const project = { name: '项目', rows: [['版本', '记录编号', '报建编号', '项目名称', '实施单位统一社会信用代码', '项目状态', '撤回'], [1, `wb-${projectNo}`, projectNo, ' 示例里修缮工程 ', creditCode, '竣工', null]] }
    const sheets = [
      project,
      { name: '参建单位', rows: [['记录编号', '版本', '报建编号', '统一社会信用代码', '单位名称', '单位类型'], ['wb-y', '1', projectNo, creditCode, '甲修缮有限公司', '施工单位'], [], ['wb-z', 1, projectNo, creditCode, '乙', '没有的类型']] },
      { name: '合同备案', rows: [['记录编号', '版本', '报建编号', '统一社会信用代码', '中标价(万元)', '开工日期'], ['wb-c', 1, projectNo, creditCode, 1280.5, new Date(Date.UTC(2026, 2, 15))]] },
      { name: '管理人员', rows: [['记录编号', '版本', '撤回', '报建编号', '统一社会信用代码', '姓名', '身份证号码', '项目岗位'], ['wb-m', 1, '', projectNo, creditCode, personName(71), idCardNoOf(71), '项目经理'], ['wb-n', 3, '是']] },
      { name: '班组成员', rows: [['记录编号', '版本', '报建编号', '统一社会信用代码', '姓名', '身份证号码', '班组'], ['wb-t', 1, projectNo, creditCode, personName(72), Number(idCardNoOf(72).slice(0, 17)), '木工班']] },
    ]
    const folder = mkdtempSync(join(tmpdir(), 'feed-'))
    folders.push(folder)
    const leave = async (file: string, content: typeof sheets) => writeFileSync(join(folder, file), await writeXlsx({ sheets: content }))
    await leave('a.xlsx', sheets)
    writeFileSync(join(folder, '~$a.xlsx'), 'of a program that has it open')
    await leave('b.xlsx', [{ name: '项目', rows: [['记录编号', '版本', '报建编号', '工程名称']] }])
    await leave('c.xlsx', [{ name: 'Sheet1', rows: [['记录编号']] }])
    await leave('d.xlsx', [{ name: '管理人员', rows: [['记录编号', '版本']] }])
    writeFileSync(join(folder, 'e.xlsx'), 'no workbook')
    expect(await takeFeed(central.context, fileDrop(folder))).toEqual({ applied: 4, withdrawn: 1, refused: 2, unreadable: 4 })
    expect(await central.db.selectFrom('project').select(['name', 'status']).where('project_no', '=', projectNo).execute()).toEqual([{ name: '示例里修缮工程', status: 'completed' }])
    expect(await central.db.selectFrom('contract_filing').select(['bid_price_wan', 'start_date', 'completion_date']).where('source_id', '=', 'wb-c').execute()).toEqual([{ bid_price_wan: '1280.5', start_date: '2026-03-15', completion_date: '' }])
    const refused = await central.db.selectFrom('approval_feed_log').select(['source_id', 'reason']).where('outcome', '=', 'refused').where('source_id', 'like', 'wb-%').orderBy('source_id').execute()
    // A number that a workbook keeps as a figure has lost its end.
    expect(refused).toEqual([{ source_id: 'wb-t', reason: 'body.idCardNo' }, { source_id: 'wb-z', reason: 'body.kind' }])
    const reasons = (await newestOutcomes(central.db, 'unreadable', 20)).map(({ reason }) => reason)
    expect(reasons).toEqual(expect.arrayContaining(['missing-column', 'not-a-workbook', 'unknown-column', 'unknown-sheet']))
    expect(readdirSync(folder).sort()).toEqual([takenFolder, unreadableFolder, '~$a.xlsx'].sort())
  })

  it('pulls over HTTP from where it was, also after an answer that was none, and follows no redirect', async () => {
    const projectNo = newProjectNo()
    const record = feedRecords.project(projectNo, unit)
    const pages: Readonly<Record<string, unknown>> = {
      '': { records: [record], cursor: 'a' },
      'a': { records: [{ ...record, version: 2 }, 'wrong'], cursor: 'b' },
      'b': { records: [], cursor: 'b' },
    }
    const asked: string[] = []
    let broken: 'status' | 'redirect' | 'text' | 'stands-still' | null = null
    const server = createServer((request, response) => {
      const cursor = new URL(request.url ?? '', 'http://feed.test').searchParams.get('cursor') ?? ''
      asked.push(`${request.headers.authorization} ${cursor}`)
      if (broken === 'status') return void response.writeHead(500).end()
      if (broken === 'redirect') return void response.writeHead(302, { location: '/elsewhere' }).end()
      response.end(broken === 'text' ? '<html>' : JSON.stringify(broken === 'stands-still' ? { records: [record], cursor } : pages[cursor]))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    try {
      const adapter = httpPull(`http://127.0.0.1:${(server.address() as AddressInfo).port}/records?of=us`, 'abc-123')
      expect(await takeFeed(central.context, adapter)).toEqual({ applied: 1, corrected: 1, refused: 1 })
      expect(asked).toEqual(['Bearer abc-123 ', 'Bearer abc-123 a', 'Bearer abc-123 b'])
      for (const way of ['status', 'redirect', 'text', 'stands-still'] as const) {
        broken = way
        await expect(takeFeed(central.context, adapter), way).rejects.toThrow()
      }
      broken = null
      expect(await takeFeed(central.context, adapter)).toEqual({})
      expect(asked.at(-1)).toBe('Bearer abc-123 b')
    } finally {
      server.closeAllConnections()
      server.close()
    }
  })

  it('keeps names and ID numbers sealed', async () => {
    const record = feedRecords.manager(newProjectNo(), unit, 4711)
    await deliver(central, record)
    const everything = await backend.everything(location)
    expect(everything.includes(idCardNoOf(4711))).toBe(false)
    const row = await central.db.selectFrom('filed_person').selectAll().where('source_id', '=', record.sourceId).executeTakeFirstOrThrow()
    expect(central.personal.open(row.name_sealed, { column: 'filed_person.name', rowId: row.id })).toBe(personName(4711))
    expect(central.personal.open(row.id_card_no_sealed, { column: 'filed_person.id_card_no', rowId: row.id })).toBe(idCardNoOf(4711))
    expect(JSON.stringify(row)).not.toContain(personName(4711))
  })
})
