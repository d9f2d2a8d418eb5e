import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text as readText } from 'node:stream/consumers'
import { sql, type Kysely } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { migrateCentral } from '../../../central/database/migrate.ts'
import { centralMigrations } from '../../../central/database/migrations/index.ts'
import { openCentralDatabase } from '../../../central/database/open.ts'
import { backends, startBackend, type Backend } from '../../support/central-backends.ts'

/** SHA-256 of each migration as it was first run anywhere. A changed line here means: write a new migration instead. */
const frozen: Readonly<Record<string, string>> = {
  '0001-registrations.ts': '5011f9aa0a143d1b36dc6cff928a2dcdff6383f3f6d18c38bb0a78ad2b358fea',
  '0002-sign-in.ts': '974f271516b360891c595028a9caa22817a9c77e08b14df5482e86ac8b178d05',
  '0003-certificate-standing.ts': '0c79ee9430e9b60e83f37961718a40f05340c5b333c10b7148f1c57ab4bbae6d',
  '0004-audit-chain.ts': '26d48ee730e206af8302cc683cc6fb6eaf1b01b7e01e819a69fa1b453b2d7f4f',
  '0005-password-by-operator.ts': '1cb9fac9e399ac8a49eabd2c18365b1e086a7ea449b2e28b509cff4801ce1dcd',
  '0006-session-ended.ts': '283d609c06b8571a533b962ace7f4e9f775f8edbbf67e4a5dfa67b116df3e9e7',
  '0007-attachments.ts': '5664c5ddcd6661262d4fdcc2fba3875d778e474fa0737e643b6a46c4e143482e',
  '0008-transfers.ts': 'b91af0aa4767c412e4048562ac8fd9548a2806c34897c70b6efa2d9fc5ffeb24',
  '0009-reviews-and-reveals.ts': '6a2b4234b9617f19c2531836e5aafc6e9b940feab9ca274c76567566db9c457a',
  '0010-exported-numbers.ts': '2fdc9ad9c067f80cca2c993a6d3458f35e328acaaee49084490bf2056953da38',
  '0011-unit-accounts.ts': '49831fd5e57a6c05839e42fef3ad0ddb97dbf4130b0dc04af87eb4cdfbcacfa4',
  '0012-projects.ts': '61204e09f1862f65cf37484476e8d10cb1f3310f0cc321a5f4a3a77d4ec21853',
  '0013-bindings.ts': '2d5dad02385d925a6f5a4d3e48d6108bdbc14f639295b77461b98f9de403153a',
  '0014-poster-codes.ts': '5aa9bbfb2fc9ecf2ee7495f825ecc18edab578c20f677ec0b683acc71b265098',
  '0015-binding-post.ts': 'c1df2c9fdcd2cb95962fb3243cdfbebf0ef27169731d4d64be5a5754bff57614',
  '0016-identity-checks.ts': '60df2626b9e38136f7e67f5b158f3398e4eae509691b93147ca40ddbac6c774b',
  '0017-self-registrations.ts': '21f77ff8239d97e0ec6ae3cd127d6f7ed2f9c9860c7862e25b3d4249b0b0f4e8',
  '0018-faces.ts': '8b285352ce8bea5162114a5ee1e7708c83e8167ac4fe8f45039d2b13bb940c57',
  '0019-face-sent.ts': '30b7157e9a6210ad475322aa95d1d34678508809c7c8972374effbd79b48898f',
  '0020-face-sign-in.ts': '8cbefbe82e375f49357a94ef85bce23364658a8943fc720179b4970540b05601',
}

const folder = 'central/database/migrations'
const files = readdirSync(folder).filter((file) => file !== 'index.ts').sort()

const newest = centralMigrations.at(-1)?.number ?? 0

describe('the migrations of the central service', () => {
  it('are frozen', () => {
    const hashes = files.map((file) => [file, createHash('sha256').update(readFileSync(join(folder, file))).digest('hex')])
    expect(Object.fromEntries(hashes)).toEqual(frozen)
  })

  it('are numbered without a gap, file by file', () => {
    expect(centralMigrations.map(({ number }) => number)).toEqual(files.map((_file, index) => index + 1))
    expect(files.map((file) => Number(file.slice(0, 4)))).toEqual(files.map((_file, index) => index + 1))
  })
})

describe.each(backends)('a database on %s', (name) => {
  let backend: Backend
  beforeAll(async () => {
    backend = await startBackend(name)
  })
  afterAll(() => backend?.stop())

  const kind = name === 'SQLite' ? 'sqlite' : 'postgresql'
  const numberOf = async (db: Kysely<unknown>) => (await sql<{ number: number }>`select number from schema_number`.execute(db)).rows.map(({ number }) => number)

  it('of a newer program is refused, and stays as it is', async () => {
    const location = await backend.newLocation()
    const { close } = await openCentralDatabase(location)
    await close()
    await backend.run(location, 'update schema_number set number = 999')
    await expect(openCentralDatabase(location)).rejects.toThrow('请升级中心服务')
    await backend.run(location, `update schema_number set number = ${newest} where number = 999`)
    const again = await openCentralDatabase(location)
    expect(await numberOf(again.db as Kysely<unknown>)).toEqual([newest])
    await again.close()
  })

  it('is brought up to date once where several processes start together', async () => {
    const location = await backend.newLocation()
    const folder = mkdtempSync(join(tmpdir(), 'central-starts-'))
    const place = location.kind === 'sqlite' ? { CENTRAL_DATA: folder } : { CENTRAL_DATA: folder, DATABASE_URL: location.url }
    const ends = await Promise.all(
      [1, 2, 3].map(async () => {
        const child = spawn(process.execPath, ['central/operator/cli.ts', 'new-epoch'], { env: { ...process.env, ...place }, stdio: ['ignore', 'ignore', 'pipe'] })
        const [said, [code]] = await Promise.all([readText(child.stderr), once(child, 'exit') as Promise<[number]>])
        return { code, said }
      }),
    )
    expect(ends).toEqual([1, 2, 3].map(() => ({ code: 0, said: '' })))
    const { db, close } = await openCentralDatabase(location.kind === 'sqlite' ? { kind: 'sqlite', path: join(folder, 'central.db') } : location)
    expect(await numberOf(db as Kysely<unknown>)).toEqual([newest])
    await close()
    rmSync(folder, { recursive: true })
  })

  it('is as before where a migration breaks off in the middle', async () => {
    const { db, close } = await openCentralDatabase(await backend.newLocation())
    const breaking = {
      number: newest + 1,
      up: async (trx: Kysely<unknown>) => {
        await sql`create table half (id text)`.execute(trx)
        throw new Error('power cut')
      },
    }
    await expect(migrateCentral(db as Kysely<unknown>, kind, [...centralMigrations, breaking])).rejects.toThrow('power cut')
    expect(await numberOf(db as Kysely<unknown>)).toEqual([newest])
    await expect(sql`select * from half`.execute(db)).rejects.toThrow()
    await close()
  })
})

it('the SQLite files of the central service are their owner’s alone', async () => {
  const backend = await startBackend('SQLite')
  const location = await backend.newLocation()
  if (location.kind !== 'sqlite') throw new TypeError('SQLite')
  const { close } = await openCentralDatabase(location)
  for (const file of [location.path, `${location.path}-wal`]) expect(statSync(file).mode & 0o077).toBe(0)
  await close()
  await backend.stop()
})
