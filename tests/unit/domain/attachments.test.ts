import { describe, expect, it } from 'vitest'
import type {
  attachmentKindTable} from '../../../shared/domain/attachments.ts';
import { attachmentProblem, attachmentTypesOf, fileNameFor, kindOfContent, nameFitsKind, socialInsuranceDaysLeft, type AttachmentToCheck,
} from '../../../shared/domain/attachments.ts'

const bytes = (text: string) => Uint8Array.from(text, (character) => character.charCodeAt(0))

describe('what a file is', () => {
  it.each<[string, string, ReturnType<typeof kindOfContent>]>([
    ['a JPEG', '\u00ff\u00d8\u00ff\u00e0\u0000\u0010JFIF\u0000', 'jpeg'],
    ['a PNG', '\u0089PNG\r\n\u001a\n\u0000\u0000\u0000\rIHDR', 'png'],
    ['a WebP', 'RIFF\u0010\u0000\u0000\u0000WEBPVP8 ', 'webp'],
    ['a PDF', '%PDF-1.7\n%âãÏÓ\n', 'pdf'],
    ['a ZIP, so also a Word or Excel file', 'PK\u0003\u0004\u0014\u0000\u0000\u0000\u0000\u0000', null],
    ['an old Office file', '\u00d0\u00cf\u0011\u00e0\u00a1\u00b1\u001a\u00e1', null],
    ['a program', 'MZ\u0090\u0000\u0003\u0000\u0000\u0000', null],
    ['a HEIC', '\u0000\u0000\u0000\u0018ftypheic\u0000\u0000', null],
    ['a web page', '<!DOCTYPE html><html>', null],
    ['a sound in the same wrapping as a WebP', 'RIFF\u0010\u0000\u0000\u0000WAVEfmt ', null],
    ['a PNG whose first piece is another', '\u0089PNG\r\n\u001a\n\u0000\u0000\u0000\rIDAT', null],
    ['a PDF behind something else', 'GIF89a%PDF-1.7\n', null],
    ['half of a JPEG’s beginning', '\u00ff\u00d8', null],
    ['nothing', '', null],
  ])('%s is known by its first bytes', (_what, text, kind) => {
    expect(kindOfContent(bytes(text))).toBe(kind)
  })
})

describe('a name', () => {
  it('fits what the file is, in letters of either size', () => {
    expect(['a.jpg', 'a.JPEG', '张三.b.Jpg'].every((name) => nameFitsKind(name, 'jpeg'))).toBe(true)
    expect(['a.png', 'jpg', 'a.jpg.pdf', 'a.'].some((name) => nameFitsKind(name, 'jpeg'))).toBe(false)
  })

  it.each<[string, keyof typeof attachmentKindTable, string]>([
    ['证件.jpg', 'jpeg', '证件.jpg'], ['证件.JPEG', 'jpeg', '证件.JPEG'], ['IMG_1.heic', 'jpeg', 'IMG_1.jpg'], ['图.png', 'jpeg', '图.jpg'], ['扫描', 'pdf', '扫描.pdf'],
    ['v1.2 合同', 'pdf', 'v1.2 合同.pdf'], ['C:\\用户\\a.pdf', 'pdf', 'a.pdf'], ['../../etc/x.png', 'png', 'x.png'], ['a\u202egpj.png', 'png', 'agpj.png'], ['', 'png', '附件.png'], ['.jpg', 'jpeg', '附件.jpg'],
  ])('%s of a %s becomes %s', (name, kind, right) => {
    expect(fileNameFor(name, kind)).toBe(right)
    expect(nameFitsKind(right, kind)).toBe(true)
  })

  it('is cut where it is long, between characters, and keeps its ending', () => {
    expect(fileNameFor(`${'𠮷'.repeat(300)}.pdf`, 'pdf')).toBe(`${'𠮷'.repeat(60)}.pdf`)
  })
})

describe('上传类型', () => {
  it('of a person and of the unit are other ones, and 其他 is of both', () => {
    expect(attachmentTypesOf('organization')).toEqual(['21', '22', '99'])
    expect(attachmentTypesOf('registration')).toEqual(['01', '02', '03', '11', '12', '13', '14', '15', '99'])
  })
})

describe('a 社保缴费证明', () => {
  it.each([['2026-11-29', 60], ['2026-11-28', 59], ['2026-09-30', 0], ['2026-09-29', -1], ['2026-11-30', 61], ['2025-11-29', -305]])('of %s has %i days left on 2026-11-29', (proofDate, days) => {
    expect(socialInsuranceDaysLeft(proofDate, '2026-11-29')).toBe(days)
  })

  it('counts calendar days over a leap day and the turn of a year', () => {
    expect(socialInsuranceDaysLeft('2028-02-28', '2028-03-01')).toBe(58)
    expect(socialInsuranceDaysLeft('2026-12-31', '2027-01-01')).toBe(59)
  })
})

describe('a file that is to be uploaded', () => {
  // Half past midnight in Shanghai on the 29th.
  const now = new Date('2026-11-28T16:30:00Z')
  const right: AttachmentToCheck = { type: '99', fileName: '合同.pdf', size: 1_000, kind: 'pdf', proofDate: null }
  const codeOf = (change: Partial<AttachmentToCheck>) => attachmentProblem({ ...right, ...change }, now)

  it('may be', () => {
    expect([codeOf({}), codeOf({ size: 100 << 20 }), codeOf({ type: '03', kind: 'jpeg', fileName: 'a.jpg' }), codeOf({ type: '11', proofDate: '2026-09-30' })]).toEqual([null, null, null, null])
  })

  it.each<[string, Partial<AttachmentToCheck>, unknown]>([
    ['is empty', { size: 0, kind: null }, { code: 'attachment-empty', details: {} }],
    ['is nothing that is allowed', { kind: null }, { code: 'attachment-kind-refused', details: {} }],
    ['is a large image', { kind: 'jpeg', fileName: 'a.jpg', size: (20 << 20) + 1 }, { code: 'attachment-too-large', details: { max: 20 } }],
    ['is a larger PDF', { size: (100 << 20) + 1 }, { code: 'attachment-too-large', details: { max: 100 } }],
    ['is larger than anything may be', { kind: null, size: 500 << 20 }, { code: 'attachment-too-large', details: { max: 100 } }],
    ['is no picture where one is wanted', { type: '01' }, { code: 'attachment-photo-wanted', details: {} }],
    ['is called something else', { fileName: '合同.jpg' }, { code: 'attachment-name-wrong', details: {} }],
    ['proves nothing without its date', { type: '11' }, { code: 'proof-date-missing', details: {} }],
    ['is dated tomorrow', { type: '11', proofDate: '2026-11-30' }, { code: 'proof-date-future', details: {} }],
    ['is too old by a day', { type: '11', proofDate: '2026-09-29' }, { code: 'proof-too-old', details: { days: 60 } }],
  ])('is refused where it %s', (_what, change, problem) => {
    expect(codeOf(change)).toEqual(problem)
  })
})
