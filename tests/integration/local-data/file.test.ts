import Database from 'better-sqlite3-multiple-ciphers'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { sql } from 'kysely'
import { openLocalDatabase } from '../../../electron/host/database/open-local-database.ts'
import { localMigrations, type NumberedMigration } from '../../../electron/host/database/migrations/index.ts'
import { fillWithPeople, openTestUnit, randomKey, temporaryDirectory, unitKey } from '../../support/local-unit.ts'
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

it('notices every one of 200 flipped bytes when the file is opened', async () => {
  const local = await openLocalDatabase(path, unitKey)
  fillWithPeople(local, 300)
  await local.close()
  const whole = readFileSync(path)
  const silent: number[] = []
  for (let flip = 0; flip < 200; flip++) {
    const at = Math.floor((flip + Math.random()) * (whole.length / 200))
    const bytes = Buffer.from(whole)
    bytes[at] = (bytes[at] ?? 0) ^ (1 << (flip % 8))
    writeFileSync(path, bytes)
    const opened = await openLocalDatabase(path, unitKey).catch((error: unknown) => error)
    if ((opened as { code?: unknown }).code !== 'local-damaged') silent.push(at)
  }
  expect(silent).toEqual([])
})

it('notices a file that was cut off', async () => {
  const local = await openLocalDatabase(path, unitKey)
  fillWithPeople(local, 50)
  await local.close()
  writeFileSync(path, readFileSync(path).subarray(0, -1_000))
  await expect(openLocalDatabase(path, unitKey)).rejects.toMatchObject({ code: 'local-damaged' })
})

it('opens with no other key, and stays as it is', async () => {
  await (await openLocalDatabase(path, unitKey)).close()
  const before = readFileSync(path)
  await expect(openLocalDatabase(path, randomKey())).rejects.toMatchObject({ code: 'local-damaged' })
  expect(readFileSync(path).equals(before)).toBe(true)
  await (await openLocalDatabase(path, unitKey)).close()
})

it('refuses a file from a newer program, and leaves it as it is', async () => {
  const local = await openLocalDatabase(path, unitKey)
  local.file.pragma(`user_version = ${localMigrations.length + 1}`)
  await local.close()
  const before = readFileSync(path)
  await expect(openLocalDatabase(path, unitKey)).rejects.toMatchObject({ code: 'local-from-future' })
  expect(readFileSync(path).equals(before)).toBe(true)
})

it('says that the disk is full, keeps what was saved, and saves again once there is room', async () => {
  const unit = await openTestUnit(directory.path)
  const { file } = unit.local
  const form = await unit.registrations.begin({ idCardNo: personValues(1).idCardNo })
  const pages = file.pragma('page_count', { simple: true }) as number
  file.pragma(`max_page_count = ${pages}`)
  const long = { ...personValues(1), residenceDetail: '长'.repeat(500), name: '名'.repeat(500), jobPosition: '职'.repeat(500), formerName: '曾'.repeat(500), professionalTitle: '称'.repeat(500) }
  await expect(unit.registrations.keepDraft({ id: form.id, values: long, revision: form.revision })).rejects.toMatchObject({ code: 'local-full', retriable: true })
  expect(await unit.registrations.open({ id: form.id })).toEqual(form)
  file.pragma('max_page_count = 1000000')
  await unit.registrations.keepDraft({ id: form.id, values: long, revision: form.revision })
  await unit.close()
})

it('says that the file cannot be written', async () => {
  const unit = await openTestUnit(directory.path)
  unit.local.file.pragma('query_only = on')
  await expect(unit.registrations.begin({ idCardNo: personValues(1).idCardNo })).rejects.toMatchObject({ code: 'local-read-only' })
  await unit.close()
})

it('says that the file cannot be opened', async () => {
  mkdirSync(path)
  await expect(openLocalDatabase(path, unitKey)).rejects.toMatchObject({ code: 'local-read-only' })
})

it('says that another program holds the file', async () => {
  const unit = await openTestUnit(directory.path)
  const other = new Database(path)
  other.pragma("cipher='sqlcipher'")
  other.pragma('legacy=4')
  other.pragma(`key="x'${unitKey.toString('hex')}'"`)
  other.exec('begin immediate')
  await expect(unit.registrations.begin({ idCardNo: personValues(1).idCardNo })).rejects.toMatchObject({ code: 'local-busy', retriable: true })
  other.exec('rollback')
  await unit.registrations.begin({ idCardNo: personValues(1).idCardNo })
  other.close()
  await unit.close()
})

it('comes out of a migration that fails half-way with the schema before it, and the next try succeeds', async () => {
  await (await openLocalDatabase(path, unitKey)).close()
  const next = localMigrations.length + 1
  const second = (fails: boolean): NumberedMigration => ({
    number: next,
    up: async (db) => {
      await sql`alter table record add column employer text`.execute(db)
      if (fails) throw new Error('power cut')
      await sql`create table attachment (id text primary key not null) strict`.execute(db)
    },
  })
  await expect(openLocalDatabase(path, unitKey, { migrations: [...localMigrations, second(true)] })).rejects.toThrow('power cut')
  await (await openLocalDatabase(path, unitKey)).close()
  const { file, close } = await openLocalDatabase(path, unitKey, { migrations: [...localMigrations, second(false)] })
  expect(file.pragma('user_version', { simple: true })).toBe(next)
  expect((file.pragma('table_info(record)') as { name: string }[]).map(({ name }) => name)).toContain('employer')
  await close()
})
