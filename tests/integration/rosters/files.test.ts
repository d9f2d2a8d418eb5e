import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { writeXlsx } from 'hucre/xlsx'
import { checkRow } from '../../../electron/host/roster/check-row.ts'
import { readRoster } from '../../../electron/host/roster/read-roster.ts'
import { writeWorkbook } from '../../../electron/host/roster/workbook.ts'
import { writeTemplate } from '../../../electron/host/roster/write-template.ts'
import { deriveFromIdCardNo } from '../../../shared/domain/derive.ts'
import { AppError } from '../../../shared/errors/app-error.ts'
import { officeFile, type OfficeCell } from '../../support/office-files.ts'
import { idCardNoOf, personName, personValues } from '../../support/people.ts'
import { regionNames, rosterHeaders, rosterRow, zipOf } from '../../support/roster-files.ts'

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/rosters/${name}`, import.meta.url))
const check = (row: Parameters<typeof checkRow>[0]) => checkRow(row, { regions: regionNames, today: '2026-11-30', known: undefined, twins: [] })

async function refusal(bytes: Buffer): Promise<{ code: string; sentence: string }> {
  try {
    await readRoster(bytes)
  } catch (error) {
    if (error instanceof AppError) return { code: error.code, sentence: error.sentence }
    throw error
  }
  throw new Error('it was read')
}

/** A header and one right person, with cells of the person put in their place. */
function personFile(changes: Readonly<Record<string, OfficeCell | string | null>> = {}, more: Partial<Parameters<typeof officeFile>[0]> = {}): Buffer {
  const row = rosterRow(personValues(1)).map((text) => (text === '' ? null : text))
  return officeFile({ rows: [rosterHeaders, rosterHeaders.map((label, column) => changes[label] ?? row[column] ?? null)], ...more })
}
async function problemsOf(bytes: Buffer) {
  const { rows } = await readRoster(bytes)
  return check(rows[0] ?? { sheetRow: 0, texts: {}, flaws: {}, cells: [] }).problems
}

describe.each(['xlsx', 'xls'])('a roster saved by LibreOffice as .%s', (format) => {
  it('is read below its title: texts, real dates, and an ID number that became a number', async () => {
    const { rows, header } = await readRoster(fixture(`libreoffice.${format}`))
    expect(header.row).toBe(2)
    expect(rows.map(({ sheetRow, texts }) => [sheetRow, texts['name'], texts['birthDate']])).toEqual([
      [4, personName(0), '1960-01-01'], [5, personName(1), '1960.01.01'], [6, personName(2), '1960-01-01'], [7, personName(3), '1960-01-01'],
    ])
    const checked = rows.map(check)
    expect(checked.map(({ kind }) => kind)).toEqual(['create', 'create', 'create', 'error'])
    expect(checked.slice(0, 3).map(({ values }) => values)).toEqual([0, 1, 2].map((index) => personValues(index)))
    expect(checked[3]?.problems).toEqual({ idCardNo: '身份证号码单元格是数字格式，后几位已经丢失。请把单元格改为文本格式后重新填写，不能补零。' })
  })
})

describe('a cell', () => {
  it.each<[string, OfficeCell]>([
    ['a serial date, formatted', { n: '21916', style: 1 }],
    ['a serial date in Chinese format', { n: '21916', style: 3 }],
    ['a serial date without a format', { n: '21916' }],
    ['eight digits as a number', { n: '19600101' }],
    ['a text with dots', { s: '1960.1.1', style: 2 }],
    ['a text with 年月日', { s: '1960年1月1日' }],
  ])('with a date is read: %s', async (_what, cell) => {
    const { rows } = await readRoster(personFile({ 出生年月日: cell }))
    expect(check(rows[0]!)).toMatchObject({ kind: 'create', values: { birthDate: '1960-01-01' } })
  })

  it.each<[string, Record<string, OfficeCell | string>, Record<string, string>]>([
    ['an ID number as a number', { 身份证号码: { n: '3.1010119900307123E17' } }, { idCardNo: '身份证号码单元格是数字格式，后几位已经丢失。请把单元格改为文本格式后重新填写，不能补零。' }],
    ['a date that is none', { 出生年月日: '2020-02-30' }, { birthDate: '出生年月日不是有效的日期，请按“19900307”或“1990-03-07”填写。' }],
    ['a birth date that is another', { 出生年月日: '1961-01-01' }, { birthDate: '出生年月日与身份证号码不符，请核对。' }],
    ['a formula', { 姓名: { formula: 'VLOOKUP(A2,Sheet2!A:B,2,0)', s: '赵伟' } }, { name: '姓名单元格里是公式，不是填写的内容。请复制后“选择性粘贴”为数值，再导入。' }],
    ['a picture of WPS', { 姓名: { formula: '_xlfn.DISPIMG("ID_0A",1)', s: '=DISPIMG("ID_0A",1)' } }, { name: '姓名单元格里是图片，请填写文字。' }],
    ['what is not in the list', { 民族: '火星族' }, { ethnicity: '请从列表中选择民族。' }],
    ['a place that several bear', { 籍贯: '朝阳区' }, { nativePlace: '籍贯不是能确定的地区，请写全省、市、区，如“上海市徐汇区”。' }],
    ['a number with a digit wrong', { 身份证号码: '310104196001010027' }, { idCardNo: '身份证号码的校验位不对，有一位或几位输错了，请对照证件核对。' }],
  ])('that says %s gets the words of the form', async (_what, changes, problems) => {
    expect(await problemsOf(personFile(changes))).toMatchObject(problems)
  })

  it('with a phone number as a number keeps its digits, and other spellings of places and of lists are understood', async () => {
    const { rows } = await readRoster(personFile({ 联系电话: { n: '13800000001' }, 民族: '汉', 最高学历: '大学本科', 籍贯: '江苏省/苏州市/昆山市', 户口所在地: '310104', 现居住地址: '徐汇区' }))
    expect(check(rows[0]!)).toMatchObject({ kind: 'create', values: { mobile: '13800000001', ethnicity: '01', highestEducation: '06', nativePlace: '320583', hukouRegion: '310104', residenceRegion: '310104' } })
  })

  it('that is part of a merged one is not guessed', async () => {
    const person = rosterRow(personValues(1))
    const second = rosterRow(personValues(2)).map((text, column) => (rosterHeaders[column] === '职务' ? null : text || null))
    const bytes = officeFile({ rows: [rosterHeaders, person.map((text) => text || null), second], merges: ['E2:E3'] })
    const { rows } = await readRoster(bytes)
    expect(rosterHeaders[4]).toBe('职务')
    expect(rows.map(({ flaws }) => flaws)).toEqual([{}, { jobPosition: '职务单元格与其他单元格合并了，请取消合并并逐行填写。' }])
  })

  it('with a picture beside the person does not disturb: a sheet of WPS with pictures in cells is read', async () => {
    const picture = { formula: '_xlfn.DISPIMG("ID_0A",1)', s: '=DISPIMG("ID_0A",1)' }
    const person = rosterRow(personValues(1)).map((text) => text || null)
    const { rows, header } = await readRoster(officeFile({ rows: [[...rosterHeaders, '照片'], [...person, picture]], pictures: { ID_0A: Buffer.from('89504e470d0a1a0a', 'hex') } }))
    // Its column means something.
    expect(header.unknown).toEqual([])
    expect(check(rows[0]!).kind).toBe('create')
  })
})

describe('the header', () => {
  it('stands in any order, below a title, under other names; what means nothing here is told, what is missing too', async () => {
    const { rows, header } = await readRoster(officeFile({ rows: [['某某公司人员名册'], [], ['序号', '手机号码', '姓名 *', '公民身份号码', '血型'], [{ n: '1' }, '13800000001', '赵伟', idCardNoOf(1), 'A']] }))
    expect(header.unknown).toEqual(['血型'])
    expect(header.missing).toContain('职务')
    // The ID number tells it.
    expect(header.missing).not.toContain('出生年月日')
    expect(rows).toMatchObject([{ sheetRow: 4, texts: { mobile: '13800000001', name: '赵伟', idCardNo: idCardNoOf(1) }, flaws: {} }])
    expect(check(rows[0]!)).toMatchObject({ kind: 'error', problems: { jobPosition: '请填写职务。' }, values: deriveFromIdCardNo(idCardNoOf(1)) })
  })

  it.each<[string, Buffer, string]>([
    ['is not there', officeFile({ rows: [['甲', '乙'], ['1', '2']] }), 'roster-no-header'],
    ['has nobody below it', officeFile({ rows: [rosterHeaders] }), 'roster-no-rows'],
    ['names a column twice', officeFile({ rows: [['身份证号码', '姓名', '手机号', '联系电话'], [idCardNoOf(1), '赵伟']] }), 'roster-header-twice'],
  ])('that %s is told', async (_what, bytes, code) => {
    expect((await refusal(bytes)).code).toBe(code)
  })
})

describe('a file that is no roster is refused with what to do, before anything of it is used', () => {
  const xls = fixture('libreoffice.xls')
  /** The record behind the first one becomes the one that says: scrambled under a password. */
  const lockedXls = Buffer.from(xls)
  const bof = lockedXls.indexOf(Buffer.from([0x09, 0x08, 0x10, 0x00]))
  lockedXls.writeUInt16LE(0x2f, bof + 4 + lockedXls.readUInt16LE(bof + 2))
  const sheet = (rows: number) => `<worksheet><dimension ref="A1:T${rows}"/><sheetData>${'<row r="1"><c><v>1</v></c></row>'.repeat(rows)}</sheetData></worksheet>`
  const workbookOf = (sheetXml: string | Buffer, declared = {}) => zipOf({
    '[Content_Types].xml': '<Types/>', 'xl/workbook.xml': '<workbook><sheets><sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>',
    'xl/_rels/workbook.xml.rels': '<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>', 'xl/worksheets/sheet1.xml': sheetXml,
  }, declared)

  it.each<[string, Buffer | Promise<Buffer>, string, RegExp]>([
    ['empty', Buffer.alloc(0), 'roster-empty', /0字节/],
    ['a web page named .xls', Buffer.from('<html><table><tr><td>姓名</td></tr></table></html>'), 'roster-is-text', /网页（HTML）/],
    ['a table of XML', Buffer.from('<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>'), 'roster-is-text', /XML表格/],
    ['CSV named .xlsx', Buffer.from('姓名,身份证号码\r\n张三,1\r\n'), 'roster-is-text', /CSV/],
    ['CSV of GBK', Buffer.from('d0d5c3fb2cc9edb7ddd6a40d0ad5c5c8fd2c310d0a', 'hex'), 'roster-is-text', /CSV/],
    ['a picture', Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex'), 'roster-not-workbook', /不是Excel工作簿/],
    ['a ZIP of photographs', zipOf({ 'a.jpg': 'x' }), 'roster-not-workbook', /不是Excel工作簿/],
    ['a document of Word', zipOf({ '[Content_Types].xml': '<Types/>', 'word/document.xml': '<w/>' }), 'roster-not-workbook', /不是Excel工作簿/],
    ['an .xlsb', zipOf({ '[Content_Types].xml': '<Types/>', 'xl/workbook.bin': 'x' }), 'roster-other-format', /\.xlsb/],
    ['an .ods', zipOf({ mimetype: 'application/vnd.oasis.opendocument.spreadsheet', 'content.xml': '<x/>' }), 'roster-other-format', /OpenDocument/],
    ['an .xlsx under a password', writeXlsx({ sheets: [{ name: 'a', rows: [['1']] }], encryption: { password: 'geheim', spinCount: 1_000 } }).then(Buffer.from), 'roster-encrypted', /取消密码/],
    ['an .xls under a password', lockedXls, 'roster-encrypted', /取消密码/],
    ['cut off in the middle', personFile().subarray(0, 900), 'roster-damaged', /损坏或不完整/],
    ['an .xls cut off in the middle', xls.subarray(0, 3_000), 'roster-damaged', /损坏或不完整/],
    ['a million rows', workbookOf(sheet(1_000_000)), 'roster-too-many-rows', /一次最多导入20000行/],
    ['more people than at once', writeWorkbook([{ name: 'a', rows: [['身份证号码', '姓名'], ...Array.from({ length: 20_001 }, (_, index) => [String(index), '某人'])] }]).then(Buffer.from), 'roster-too-many-rows', /20000/],
    ['a bomb that says what it is', workbookOf(Buffer.alloc(500 << 20)), 'roster-expands', /解压后大得异常/],
    ['a bomb that lies about its size', workbookOf(Buffer.alloc(300 << 20), { 'xl/worksheets/sheet1.xml': 1_000 }), 'roster-expands', /解压后大得异常/],
    ['a bomb that says it is nothing', workbookOf(Buffer.alloc(300 << 20), { 'xl/worksheets/sheet1.xml': 0 }), 'roster-expands', /解压后大得异常/],
  ])('%s', async (_what, bytes, code, words) => {
    const found = await refusal(await bytes)
    expect(found.code).toBe(code)
    expect(found.sentence).toMatch(words)
  })

  it('a million rows in little time: it is not read to its end', async () => {
    const bytes = workbookOf(sheet(1_000_000))
    const started = performance.now()
    await refusal(bytes)
    expect(performance.now() - started).toBeLessThan(5_000)
  })
})

describe('the template', () => {
  it('is read as a roster without people, all of whose columns are known and whose example is passed over', async () => {
    const bytes = Buffer.from(await writeTemplate(regionNames))
    expect((await refusal(bytes)).code).toBe('roster-no-rows')
  })
})
