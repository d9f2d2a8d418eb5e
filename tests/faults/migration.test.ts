import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sql } from 'kysely'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { migrateCentral } from '../../central/database/migrate.ts'
import { centralMigrations } from '../../central/database/migrations/index.ts'
import { openCentralDatabase, type DatabaseLocation } from '../../central/database/open.ts'
import { localMigrations, type NumberedMigration } from '../../electron/host/database/migrations/index.ts'
import { openLocalDatabase } from '../../electron/host/database/open-local-database.ts'
import { openOrRebuild } from '../../electron/host/database/rebuild.ts'
import { backends, startBackend, type Backend } from '../support/central-backends.ts'
import { newKey, startCentral } from '../support/central-service.ts'
import { fillWithPeople, serviceOver, temporaryDirectory, testClock, testLog, unitKey } from '../support/local-unit.ts'
import { personValues } from '../support/people.ts'

const program = (name: string) => fileURLToPath(new URL(`../support/${name}.ts`, import.meta.url))

/** Runs a program that kills itself. */
async function dies(name: string, ...args: string[]): Promise<void> {
  const [, signal] = (await once(spawn(process.execPath, [program(name), ...args], { stdio: ['ignore', 'ignore', 'inherit'] }), 'close')) as [number | null, string | null]
  expect(signal).toBe('SIGKILL')
}

describe('the file of a unit', () => {
  let directory: ReturnType<typeof temporaryDirectory>
  let path: string
  beforeEach(() => {
    directory = temporaryDirectory()
    path = join(directory.path, 'unit.db')
  })
  afterEach(() => directory.remove())
  const hash = () => createHash('sha256').update(readFileSync(path)).digest('hex')

  it('that a newer program has written is refused and stays bit for bit, with nothing beside it', async () => {
    const local = await openLocalDatabase(path, unitKey)
    fillWithPeople(local, 20)
    local.file.pragma(`user_version = ${localMigrations.length + 1}`)
    await local.close()
    const [before, beside] = [hash(), readdirSync(directory.path)]
    await expect(openLocalDatabase(path, unitKey)).rejects.toMatchObject({ code: 'local-from-future', sentence: '本机数据由更新版本的工作站写入，请升级工作站后再打开。数据未改动。' })
    const paths = { database: path, envelope: join(directory.path, 'unit.key.json'), backups: join(directory.path, 'backups') }
    mkdirSync(paths.backups)
    await expect(openOrRebuild(paths, unitKey, testClock(), testLog()), 'nor is it taken for damaged').rejects.toMatchObject({ code: 'local-from-future' })
    expect(hash()).toBe(before)
    expect(readdirSync(directory.path).filter((name) => name !== 'backups')).toEqual(beside)
    expect(readdirSync(paths.backups)).toEqual([])
  })

  it('comes out of a migration that fails half-way with the schema before it, and the next try succeeds', async () => {
    await (await openLocalDatabase(path, unitKey)).close()
    const next = localMigrations.length + 1
    const second = (fails: boolean): NumberedMigration => ({
      number: next,
      up: async (db) => {
        await sql`alter table record add column employer text`.execute(db)
        if (fails) throw new Error('power cut')
        await sql`create table employer (id text primary key not null) strict`.execute(db)
      },
    })
    await expect(openLocalDatabase(path, unitKey, { migrations: [...localMigrations, second(true)] })).rejects.toThrow('power cut')
    await (await openLocalDatabase(path, unitKey)).close()
    const { file, close } = await openLocalDatabase(path, unitKey, { migrations: [...localMigrations, second(false)] })
    expect(file.pragma('user_version', { simple: true })).toBe(next)
    expect((file.pragma('table_info(record)') as { name: string }[]).map(({ name }) => name)).toContain('employer')
    await close()
  })

  it('has, after a kill in the middle of a migration, the schema before it with everything in it, and the next try succeeds', async () => {
    const before = await openLocalDatabase(path, unitKey)
    fillWithPeople(before, 60)
    await before.close()
    await dies('migrating-program', path)
    const local = await openLocalDatabase(path, unitKey)
    expect(local.file.pragma('user_version', { simple: true })).toBe(localMigrations.length)
    expect((local.file.pragma('table_info(record)') as { name: string }[]).map(({ name }) => name)).not.toContain('employer')
    expect((await serviceOver(local).registrations.list({ query: '', page: 1, pageSize: 10 })).total).toBe(60)
    await local.close()
    const number = localMigrations.length + 1
    const newer = await openLocalDatabase(path, unitKey, { migrations: [...localMigrations, { number, up: async (db) => void (await db.schema.alterTable('record').addColumn('employer', 'text').execute()) }] })
    expect(newer.file.pragma('user_version', { simple: true })).toBe(number)
    await newer.close()
  })
})

const newest = centralMigrations.at(-1)?.number ?? 0

describe.each(backends)('the database of the central service on %s', (name) => {
  let backend: Backend
  let location: DatabaseLocation
  beforeAll(async () => void (backend = await startBackend(name)))
  afterAll(() => backend?.stop())
  beforeEach(async () => {
    location = await backend.newLocation()
    // With somebody in it.
    const central = await startCentral(location)
    const clerk = await central.newClerk()
    expect((await clerk.call('createRegistration', { body: { id: newKey(), personType: 'manager', values: personValues(1) } })).status).toBe(201)
    await central.close()
  })
  const people = async () => {
    const { db, close } = await openCentralDatabase(location)
    const found = await db.selectFrom('registration').select('name').execute()
    await close()
    return found
  }

  it('that a newer program has written is refused and stays as it is', async () => {
    await backend.run(location, `update schema_number set number = ${newest + 1}`)
    const before = await backend.snapshot(location)
    await expect(openCentralDatabase(location)).rejects.toThrow('请升级中心服务。数据未改动。')
    expect(await backend.snapshot(location)).toBe(before)
    await backend.run(location, `update schema_number set number = ${newest}`)
    expect(await people()).toHaveLength(1)
  })

  it('has, after a kill in the middle of a migration, the schema before it with everything in it, and the next try succeeds', async () => {
    await dies('migrating-central', JSON.stringify(location))
    expect(await people()).toHaveLength(1)
    const { db, kind, close } = await openCentralDatabase(location)
    await expect(sql`select half from registration`.execute(db)).rejects.toThrow()
    const next = { number: newest + 1, up: async (trx: Parameters<NumberedMigration['up']>[0]) => void (await sql`alter table registration add column half text`.execute(trx)) }
    await migrateCentral(db as never, kind, [...centralMigrations, next])
    expect((await sql`select half from registration`.execute(db)).rows).toHaveLength(1)
    await close()
  })
})
