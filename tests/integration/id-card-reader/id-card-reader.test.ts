import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { IdCardReader } from '../../../electron/host/id-card-reader/id-card-reader.ts'
import { createSimulatedReader } from '../../../electron/host/id-card-reader/simulated-reader.ts'
import { createIdCardReaderService } from '../../../electron/host/services/id-card-reader.service.ts'
import { personValues } from '../../support/people.ts'

const clock = { now: () => new Date('2026-11-25T02:00:00Z') }
const { idCardNo, sex, birthDate } = personValues(7)
const card = { name: '王芳', sex: sex === '1' ? '男' : '女', ethnicity: '汉', birthDate: birthDate.replaceAll('-', ''), address: '上海市徐汇区示例路1号', idCardNo, validUntil: '20400101' }

describe('an ID card on the reader', () => {
  let folder: string
  const lay = (content: unknown) => writeFileSync(join(folder, 'card.json'), typeof content === 'string' ? content : JSON.stringify(content))
  const read = () => createIdCardReaderService(createSimulatedReader(join(folder, 'card.json')), clock).read({})
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'id-card-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('is told with its number, name, 民族 by code, address and validity', async () => {
    lay(card)
    expect(await read()).toEqual({ idCardNo, name: '王芳', ethnicity: '01', address: '上海市徐汇区示例路1号', validUntil: '2040-01-01' })
  })

  it.each([['汉族', '01'], ['维吾尔', '05'], ['穿青人', '97'], ['不详', '']])('of %s has the code %s', async (ethnicity, code) => {
    lay({ ...card, ethnicity })
    expect((await read()).ethnicity).toBe(code)
  })

  it('is good on its last day, and for ever where it says 长期', async () => {
    for (const [validUntil, told] of [['20261125', '2026-11-25'], ['长期', '长期']]) {
      lay({ ...card, validUntil })
      expect((await read()).validUntil).toBe(told)
    }
  })

  it('that has run out is refused with the day', async () => {
    lay({ ...card, validUntil: '20261124' })
    await expect(read()).rejects.toMatchObject({ code: 'id-card-expired', details: { validUntil: '2026-11-24' } })
  })

  it('that contradicts itself is not believed: a misread digit must not make another person', async () => {
    for (const wrong of [{ idCardNo: idCardNo.replace(/.$/, (last) => (last === '1' ? '2' : '1')) }, { birthDate: '19700101' }, { sex: card.sex === '男' ? '女' : '男' }, { idCardNo: '' }]) {
      lay({ ...card, ...wrong })
      await expect(read()).rejects.toMatchObject({ code: 'id-card-unreadable' })
    }
  })

  it('is missed where none lies there, and unreadable where it is none', async () => {
    await expect(read()).rejects.toMatchObject({ code: 'id-card-none' })
    for (const wrong of ['', '{', '[]', { ...card, name: 1 }, { ...card, name: '长'.repeat(300) }]) {
      lay(wrong)
      await expect(read()).rejects.toMatchObject({ code: 'id-card-unreadable' })
    }
  })
})

describe('a workstation', () => {
  it('without a reader says so, and that the number can be typed', async () => {
    const service = createIdCardReaderService(undefined, clock)
    expect(service.state({})).toEqual({ reader: null })
    await expect(service.read({})).rejects.toMatchObject({ code: 'id-card-reader-missing' })
  })

  it('whose driver throws says that the reader does not answer', async () => {
    const broken: IdCardReader = { label: '读卡器', read: () => Promise.reject(new Error('driver')) }
    expect(createIdCardReaderService(broken, clock).state({})).toEqual({ reader: { label: '读卡器' } })
    await expect(createIdCardReaderService(broken, clock).read({})).rejects.toMatchObject({ code: 'id-card-reader-failed' })
  })
})
