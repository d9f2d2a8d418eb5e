import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openLocalDatabase } from '../../../electron/host/database/open-local-database.ts'
import { openTestUnit, temporaryDirectory, unitKey } from '../../support/local-unit.ts'
import { personValues } from '../../support/people.ts'

let directory: ReturnType<typeof temporaryDirectory>
let path: string
beforeEach(() => {
  directory = temporaryDirectory()
  path = join(directory.path, 'unit.db')
})
afterEach(() => directory.remove())

it('waits for the disk at every commit', async () => {
  const { file, close } = await openLocalDatabase(path, unitKey)
  expect(file.pragma('journal_mode', { simple: true })).toBe('wal')
  expect(file.pragma('synchronous', { simple: true }), 'FULL').toBe(2)
  expect(file.pragma('foreign_keys', { simple: true })).toBe(1)
  await close()
})

it('leaves nothing readable on the disk: not in the file, not in its journal', async () => {
  const unit = await openTestUnit(directory.path)
  const values = personValues(1, { name: '欧阳标记', residenceDetail: '标记路壹号', mobile: '13912345678' })
  const form = await unit.registrations.begin({ idCardNo: values.idCardNo })
  await unit.registrations.keepDraft({ id: form.id, values, revision: form.revision })
  const markers = ['SQLite format 3', '欧阳标记', 'ouyang', '标记路', '13912345678', values.idCardNo, 'values_json', form.id]
  const bytesOnDisk = () => Buffer.concat(readdirSync(directory.path).map((name) => readFileSync(join(directory.path, name))))
  expect(existsSync(`${path}-wal`)).toBe(true)
  expect(markers.filter((marker) => bytesOnDisk().includes(marker))).toEqual([])
  await unit.close()
  expect(markers.filter((marker) => bytesOnDisk().includes(marker))).toEqual([])
})
