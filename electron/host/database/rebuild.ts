import { copyFileSync } from 'node:fs'
import { AppError } from '../../../shared/errors/app-error.ts'
import type { Clock, Log } from '../ports.ts'
import { backupsIn, setAside, stampOf } from './backups.ts'
import type { LocalDb } from './local-tables.ts'
import { indexName } from './names.ts'
import { allRecordIds, findRecords } from './record.repository.ts'
import { indexRecord } from './search.repository.ts'
import { openLocalDatabase, type LocalDatabase } from './open-local-database.ts'
import type { UnitPaths } from './unit-keys.ts'

export interface OpenedUnit {
  readonly local: LocalDatabase
  /** Set where the file was damaged: what stands in its place, and how many unsent texts could be read out of the wreck. */
  readonly rebuilt: { readonly from: 'backup' | 'nothing'; readonly salvagedDrafts: number; readonly salvagedOperations: number } | null
}

/**
 * Opens a unit's file. A damaged one is set aside, never deleted; the newest good backup takes its place, whatever
 * drafts and unsent writes can still be read are carried over, and the cursor is reset so that everything the central
 * service has comes back with the next pull.
 */
export async function openOrRebuild(paths: UnitPaths, key: Uint8Array, clock: Clock, log: Log): Promise<OpenedUnit> {
  try {
    return { local: await openLocalDatabase(paths.database, key), rebuilt: null }
  } catch (error) {
    if (!AppError.is(error, 'local-damaged')) throw error
    log.error('unit file damaged, set aside', error)
  }
  const wreck = setAside(paths.database, 'damaged', stampOf(clock.now()))
  const { local, from } = await openNewestGood(paths, key, log)
  const salvaged = await salvage(wreck, key, local, log)
  await local.db.deleteFrom('meta').where('key', '=', 'cursor').execute()
  return { local, rebuilt: { from, ...salvaged } }
}

async function openNewestGood(paths: UnitPaths, key: Uint8Array, log: Log): Promise<{ local: LocalDatabase; from: 'backup' | 'nothing' }> {
  for (const backup of backupsIn(paths.backups)) {
    try {
      copyFileSync(backup, paths.database)
      return { local: await openLocalDatabase(paths.database, key), from: 'backup' }
    } catch (error) {
      if (!AppError.is(error, 'local-damaged')) throw error
      log.error('backup damaged as well', error)
      setAside(paths.database, 'damaged', `${Date.now()}`)
    }
  }
  return { local: await openLocalDatabase(paths.database, key), from: 'nothing' }
}

/** Row by row, as a damaged page takes only its own rows with it. */
async function salvage(wreck: string, key: Uint8Array, into: LocalDatabase, log: Log): Promise<{ salvagedDrafts: number; salvagedOperations: number }> {
  let source: LocalDatabase
  try {
    source = await openLocalDatabase(wreck, key)
  } catch (error) {
    log.error('nothing can be read from the damaged file', error)
    return { salvagedDrafts: 0, salvagedOperations: 0 }
  }
  // Replacing a record must not take the drafts of the backup with it.
  into.file.pragma('foreign_keys = OFF')
  try {
    await carry(source, into.db, 'record')
    const salvaged = { salvagedDrafts: await carry(source, into.db, 'draft'), salvagedOperations: await carry(source, into.db, 'outbox') }
    await reindexAll(into.db)
    return salvaged
  } finally {
    into.file.pragma('foreign_keys = ON')
    await source.close()
  }
}

async function reindexAll(db: LocalDb): Promise<void> {
  const ids = await allRecordIds(db)
  for (const record of await findRecords(db, ids)) {
    const values = record.draft?.values ?? record.body
    if (values) await indexRecord(db, record.id, values, indexName(values.name), record.updated_at)
  }
}

async function carry(source: LocalDatabase, into: LocalDb, table: 'record' | 'draft' | 'outbox'): Promise<number> {
  const newest = readOr(0, () => source.file.prepare(`select max(rowid) from ${table}`).pluck().get() as number | null) ?? 0
  const byRow = readOr(undefined, () => source.file.prepare(`select * from ${table} where rowid = ?`))
  let carried = 0
  for (let rowid = 1; byRow && rowid <= newest; rowid++) {
    const row = readOr(undefined, () => byRow.get(rowid) as never)
    if (row === undefined) continue
    const { numInsertedOrUpdatedRows } = await into.replaceInto(table).values(row).executeTakeFirst()
    carried += Number(numInsertedOrUpdatedRows ?? 0n)
  }
  return carried
}

/** A row on a damaged page cannot be read; the next one may. */
function readOr<T>(otherwise: T, read: () => T): T {
  try {
    return read()
  } catch (error) {
    if (String((error as { code?: unknown }).code).startsWith('SQLITE_')) return otherwise
    throw error
  }
}
