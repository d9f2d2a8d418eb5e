import Database from 'better-sqlite3-multiple-ciphers'
import { Kysely } from 'kysely'
import { AppError } from '../../../shared/errors/app-error.ts'
import { committedFrames } from './journal-check.ts'
import { LocalDialect } from './local-dialect.ts'
import type { LocalTables } from './local-tables.ts'
import { localFailure } from './local-failure.ts'
import { migrateLocal } from './migrate.ts'
import { localMigrations, type NumberedMigration } from './migrations/index.ts'
import { findBrokenPages } from './sealed-pages.ts'

export interface OpenFile<Tables = LocalTables> {
  readonly db: Kysely<Tables>
  /**
   * The connection under `db`, for the few statements whose speed counts: prepared once, run at once. It must not begin
   * a transaction of its own, and reads in the middle of `db`'s.
   */
  readonly file: Database.Database
}

export interface EncryptedDatabase<Tables> extends OpenFile<Tables> {
  readonly path: string
  close(): Promise<void>
}
export type LocalDatabase = EncryptedDatabase<LocalTables>

export interface OpenOptions<Tables = LocalTables> {
  readonly migrations?: readonly NumberedMigration[]
  /** Called on a file of an older schema before its first migration, with the number it has. */
  readonly beforeMigration?: (source: OpenFile<Tables>, schema: number) => Promise<void>
  /** Called whenever a statement of `db` meets damage; the statement fails as well. */
  readonly damaged?: () => void
}

/** A unit's file with its registrations. @throws AppError as openEncrypted */
export const openLocalDatabase = (path: string, key: Uint8Array, options: OpenOptions = {}): Promise<LocalDatabase> => openEncrypted(path, key, { migrations: localMigrations, ...options })

/**
 * Opens an encrypted file of a unit, making it where there is none: with openForReading the only place that opens one.
 * sqlcipher-4 format with a raw key; every page's seal is checked before the file is handed out.
 * @param key 32 bytes
 * @throws AppError local-damaged (also a wrong key: the file cannot tell the two apart, see unit-keys.ts),
 *   local-from-future, local-read-only, local-busy, local-full
 */
export async function openEncrypted<Tables>(path: string, key: Uint8Array, options: OpenOptions<Tables> & { readonly migrations: readonly NumberedMigration[] }): Promise<EncryptedDatabase<Tables>> {
  const { migrations, beforeMigration, damaged } = options
  try {
    const committed = committedFrames(path)
    const file = openFile(path, key)
    const failed = (error: unknown) => void (localFailure(error)?.code === 'local-damaged' && damaged?.())
    const db = new Kysely<Tables>({
      dialect: new LocalDialect(file, failed),
      ...(damaged && { log: (event) => void (event.level === 'error' && failed(event.error)) }),
    })
    try {
      if (framesIn(file) < committed) throw new AppError('local-damaged')
      // What a power cut left in the journal goes into the file first: a page torn in the file is whole in the journal.
      checkpoint(file)
      if ((await findBrokenPages(path, key)).length > 0) throw new AppError('local-damaged')
      const schema = file.pragma('user_version', { simple: true }) as number
      if (schema > 0 && schema < (migrations.at(-1)?.number ?? 0)) await beforeMigration?.({ db, file }, schema)
      await migrateLocal(db as Kysely<unknown>, file, migrations)
      return { db, file, path, close: () => closeInTurn(db) }
    } catch (error) {
      await db.destroy()
      // Kysely closes only what it has used. A file left open could not be renamed on Windows, and so not be set aside.
      if (file.open) file.close()
      throw error
    }
  } catch (error) {
    throw localFailure(error) ?? error
  }
}

/** After whatever was asked of the file before: a save under way is not cut off. */
async function closeInTurn<Tables>(db: Kysely<Tables>): Promise<void> {
  await db.connection().execute(() => Promise.resolve())
  await db.destroy()
}

/** Opens a file to look at it only: nothing in it changes, its schema is not brought forward. The caller closes it. */
export function openForReading(path: string, key: Uint8Array): Database.Database {
  const file = new Database(path, { readonly: true, timeout: 3_000 })
  try {
    unlock(file, key)
    return file
  } catch (error) {
    file.close()
    throw localFailure(error) ?? error
  }
}

/** Brings the whole journal into the file. @throws AppError local-busy where another program reads it */
export function checkpoint(file: Database.Database): void {
  const [result] = file.pragma('wal_checkpoint(TRUNCATE)') as { busy: number }[]
  if (result?.busy !== 0) throw new AppError('local-busy')
}

/** Frames of the journal that SQLite takes for whole. */
function framesIn(file: Database.Database): number {
  const [result] = file.pragma('wal_checkpoint(PASSIVE)') as { log: number }[]
  return result?.log ?? 0
}

function openFile(path: string, key: Uint8Array): Database.Database {
  const file = new Database(path, { timeout: 3_000 })
  try {
    unlock(file, key)
    file.pragma('journal_mode = WAL')
    // better-sqlite3 is compiled to fall back to NORMAL in WAL mode, which loses acknowledged saves in a power cut.
    file.pragma('synchronous = FULL')
    if (file.pragma('synchronous', { simple: true }) !== 2) throw new Error('synchronous=FULL did not hold')
    file.pragma('foreign_keys = ON')
    file.pragma('cache_size = -65536')
    // 16 MB of journal. On its way into the file each page is opened and sealed once more: the fewer ways, the better.
    file.pragma('wal_autocheckpoint = 4000')
    // Temporary tables and sorts are not encrypted: none of them reaches the disk.
    file.pragma('temp_store = MEMORY')
    return file
  } catch (error) {
    file.close()
    throw error
  }
}

function unlock(file: Database.Database, key: Uint8Array): void {
  if (key.length !== 32) throw new RangeError('a database key has 32 bytes')
  file.pragma("cipher='sqlcipher'")
  file.pragma('legacy=4')
  file.pragma(`key="x'${Buffer.from(key).toString('hex')}'"`)
  file.pragma('cell_size_check = ON')
  // Reads the first page: a wrong key or a damaged file shows here and not in the middle of work.
  file.prepare('select count(*) from sqlite_master').get()
}
