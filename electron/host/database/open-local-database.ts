import Database from 'better-sqlite3-multiple-ciphers'
import { Kysely, SqliteDialect } from 'kysely'
import { AppError } from '../../../shared/errors/app-error.ts'
import type { LocalTables } from './local-tables.ts'
import { localFailure } from './local-failure.ts'
import { migrateLocal } from './migrate.ts'

export interface LocalDatabase {
  readonly db: Kysely<LocalTables>
  /** The connection under `db`, for the few statements whose speed counts. Never holds a transaction of its own. */
  readonly file: Database.Database
  close(): Promise<void>
}

/**
 * Opens a unit's encrypted file, making it where there is none: the only place that opens one.
 * sqlcipher-4 format with a raw key: every page is authenticated, so a flipped byte is noticed and never read as data.
 * @param key 32 bytes
 * @throws AppError local-damaged (also a wrong key: the two cannot be told apart), local-from-future, local-read-only,
 *   local-busy, local-full
 */
export async function openLocalDatabase(path: string, key: Uint8Array): Promise<LocalDatabase> {
  if (key.length !== 32) throw new RangeError('a database key has 32 bytes')
  try {
    const file = openFile(path, key)
    const db = new Kysely<LocalTables>({ dialect: new SqliteDialect({ database: file }) })
    const local = { db, file, close: () => db.destroy() }
    try {
      await migrateLocal(db as Kysely<unknown>, file)
    } catch (error) {
      await local.close()
      throw error
    }
    return local
  } catch (error) {
    throw localFailure(error) ?? error
  }
}

function openFile(path: string, key: Uint8Array): Database.Database {
  const file = new Database(path, { timeout: 3_000 })
  try {
    file.pragma("cipher='sqlcipher'")
    file.pragma('legacy=4')
    file.pragma(`key="x'${Buffer.from(key).toString('hex')}'"`)
    file.pragma('journal_mode = WAL')
    // better-sqlite3 is compiled to fall back to NORMAL in WAL mode, which loses acknowledged saves in a power cut.
    file.pragma('synchronous = FULL')
    if (file.pragma('synchronous', { simple: true }) !== 2) throw new Error('synchronous=FULL did not hold')
    file.pragma('foreign_keys = ON')
    file.pragma('cell_size_check = ON')
    file.pragma('cache_size = -65536')
    // Reads the first page: a wrong key or a damaged file shows here and not in the middle of work.
    file.prepare('select count(*) from sqlite_master').get()
    return file
  } catch (error) {
    file.close()
    throw error
  }
}

/** `quick_check` of an open file. @throws AppError local-damaged */
export function assertSound(file: Database.Database): void {
  const result = file.pragma('quick_check', { simple: true })
  if (result !== 'ok') throw new AppError('local-damaged')
}
