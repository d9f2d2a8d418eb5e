import { afterAll, beforeAll, expect, it } from 'vitest'
import { matchPhotos } from '../../../electron/host/services/attachments/match-photos.ts'
import { insertAttachment } from '../../../electron/host/database/attachment.repository.ts'
import { maskIdCardNo } from '../../../shared/domain/masks.ts'
import { fillWithPeople, openTestUnit, recordId, temporaryDirectory, type TestUnit } from '../../support/local-unit.ts'
import { idCardNoOf, personName, personValues } from '../../support/people.ts'

let directory: ReturnType<typeof temporaryDirectory>
let unit: TestUnit
const people = 50
beforeAll(async () => {
  directory = temporaryDirectory()
  unit = await openTestUnit(directory.path)
  fillWithPeople(unit.local, people)
})
afterAll(async () => {
  await unit.close()
  directory.remove()
})

const lastFour = (index: number) => idCardNoOf(index).slice(-4)
const matched = (index: number, type: string, has = false) => ({ outcome: 'matched', recordId: recordId(index), name: personName(index), maskedIdCardNo: maskIdCardNo(idCardNoOf(index)), type, has })
const match = async (...names: string[]) => matchPhotos(unit.local.db, names)

it('Photos find their people by ID number, or by name and last four, and nobody is guessed', async () => {
  expect(await match(`${idCardNoOf(3)}.jpg`, `${personName(4)}_${lastFour(4)}_国徽面.jpg`, `${personName(5)}.jpg`, `某人${lastFour(3)}.jpg`, '310101199001011237.jpg', `${personName(6)}${lastFour(6)}身份证.jpg`)).toEqual([
    matched(3, '03'), matched(4, '02'), { outcome: 'unnamed' }, { outcome: 'unknown' }, { outcome: 'unknown' }, { outcome: 'side-unknown' },
  ])
})

it('Two people of one name and the same last four are told, and told apart by the whole number', async () => {
  const other = people + 1
  const number = `31010419700101${lastFour(8)}`
  fillWithPeople(unit.local, 1, other)
  const json = JSON.stringify(personValues(other, { name: personName(8), idCardNo: number }))
  unit.local.file.prepare('update record set id_card_no = ?, body_json = ? where id = ?').run(number, json, recordId(other))
  expect(await match(`${personName(8)}${lastFour(8)}.jpg`, `${idCardNoOf(8)}.jpg`)).toEqual([{ outcome: 'ambiguous', count: 2 }, matched(8, '03')])
})

it('Whoever has left gets no photo; whoever has that photo is told', async () => {
  unit.local.file.prepare("update record set employment_status = 'left' where id = ?").run(recordId(10))
  await insertAttachment(unit.local.db, {
    id: recordId(900), record_id: recordId(11), type: '03', name: '正面照.jpg', media_type: 'image/jpeg', size: 1, sha256: '00', proof_date: null, state: 'waiting', kept: 1, added_at: unit.clock.now().toISOString(),
  })
  expect(await match(`${personName(10)}${lastFour(10)}.jpg`, `${idCardNoOf(11)}.jpg`, `${idCardNoOf(11)}国徽面.jpg`)).toEqual([{ outcome: 'left' }, matched(11, '03', true), matched(11, '02')])
})
