import { randomUUID } from 'node:crypto'
import { closeSync, openSync } from 'node:fs'
import Sqlite from 'better-sqlite3'
import { Kysely, PostgresDialect } from 'kysely'
import pg from 'pg'
import { groupCommits } from './commit-group.ts'
import type { Database } from './database.ts'
import { keepingStatementsOf } from './kept-statements.ts'
import { migrateCentral } from './migrate.ts'
import { CentralSqliteDialect } from './sqlite-dialect.ts'

export type DatabaseLocation = { readonly kind: 'sqlite'; readonly path: string } | { readonly kind: 'postgresql'; readonly url: string }

export interface CentralDatabase {
  readonly db: Kysely<Database>
  readonly kind: DatabaseLocation['kind']
  /** Which life of the database this is; `newEpoch` begins another after a restore from backup. */
  readonly epoch: string
  close(): Promise<void>
}

/** @throws Error where a newer program has written the database, or it cannot be opened */
export async function openCentralDatabase(location: DatabaseLocation): Promise<CentralDatabase> {
  const db = location.kind === 'sqlite' ? openSqlite(location.path) : openPostgres(location.url)
  try {
    await migrateCentral(db as Kysely<unknown>, location.kind)
    return { db, kind: location.kind, epoch: await readEpoch(db), close: () => db.destroy() }
  } catch (error) {
    await db.destroy()
    throw error
  }
}

function openSqlite(path: string): Kysely<Database> {
  // Made for its owner alone; SQLite gives the files beside it the same mode.
  if (path !== ':memory:') closeSync(openSync(path, 'a', 0o600))
  const file = new Sqlite(path, { timeout: 5_000 })
  file.pragma('journal_mode = WAL')
  // better-sqlite3 is compiled to fall back to NORMAL in WAL mode, which loses acknowledged writes in a power cut.
  file.pragma('synchronous = FULL')
  if (file.pragma('synchronous', { simple: true }) !== 2) throw new Error('synchronous=FULL did not hold')
  // Hashes stand in no order: each write changes pages all over their indexes. Brought into the file a thousand pages at a time, as
  // SQLite would, nearly every write would write each of them twice. 32 MB of journal.
  file.pragma('wal_autocheckpoint = 8000')
  file.pragma('cache_size = -65536')
  // What a savepoint may have to bring back is needed no longer than its transaction.
  file.pragma('temp_store = MEMORY')
  file.pragma('foreign_keys = ON')
  file.pragma('cell_size_check = ON')
  const db = new Kysely<Database>({ dialect: new CentralSqliteDialect(file) })
  groupCommits(db, () => file.inTransaction)
  return db
}

function openPostgres(url: string): Kysely<Database> {
  // `seq` is a bigint; it stays below 2^53 for longer than this program will run.
  const int8: number = pg.types.builtins.INT8
  const types: pg.CustomTypesConfig = {
    getTypeParser: ((id: number, format?: 'text' | 'binary') =>
      id === int8 ? Number : (pg.types.getTypeParser(id, format ?? 'text') as unknown)) as typeof pg.types.getTypeParser,
  }
  // Nobody waits without end, neither for a connection nor for a row; a setting in the URL goes before these. Milliseconds.
  const patience = { connectionTimeoutMillis: 5_000, lock_timeout: 5_000, statement_timeout: 20_000, idle_in_transaction_session_timeout: 30_000 }
  const pool = new pg.Pool({ connectionString: url, max: 10, types, application_name: 'xiushan-central', ...patience })
  // A connection that breaks is replaced by the pool, and whoever waits for it is told. Without a listener of each, one that
  // breaks while it idles or while it is in use would end the process: the pool listens to neither for us.
  pool.on('error', () => undefined)
  pool.on('connect', (client) => void client.on('error', () => undefined))
  return new Kysely<Database>({ dialect: new PostgresDialect({ pool: keepingStatementsOf(pool) }) })
}

async function readEpoch(db: Kysely<Database>): Promise<string> {
  await db.insertInto('meta').values({ key: 'epoch', value: randomUUID() }).onConflict((conflict) => conflict.doNothing()).execute()
  const { value } = await db.selectFrom('meta').select('value').where('key', '=', 'epoch').executeTakeFirstOrThrow()
  return value
}

/** After a restore from backup: every workstation then fetches everything anew instead of trusting its cursor. */
export async function newEpoch(db: Kysely<Database>): Promise<string> {
  const value = randomUUID()
  await db.updateTable('meta').set({ value }).where('key', '=', 'epoch').execute()
  return value
}
