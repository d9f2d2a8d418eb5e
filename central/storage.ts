import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Kysely } from 'kysely'
import type { StorageConfig } from './config.ts'
import type { Database } from './database/database.ts'
import { openCentralDatabase, type CentralDatabase } from './database/open.ts'
import { createPersonalData, type PersonalData } from './personal-data/personal-data.ts'
import { readOrMakePersonalKeys } from './personal-data/personal-keys.ts'

export interface Storage {
  readonly database: CentralDatabase
  readonly personal: PersonalData
}

/**
 * Opens the database and the keys of its personal columns, both made where there are none.
 * @throws Error of one line where either cannot be had, or they do not belong together
 */
export async function openStorage({ location, keysFile }: StorageConfig): Promise<Storage> {
  mkdirSync(dirname(keysFile), { recursive: true, mode: 0o700 })
  if (location.kind === 'sqlite') mkdirSync(dirname(location.path), { recursive: true, mode: 0o700 })
  const personal = createPersonalData(readOrMakePersonalKeys(keysFile))
  const database = await openCentralDatabase(location)
  try {
    await assertSameKeys(database.db, personal, keysFile)
    return { database, personal }
  } catch (error) {
    await database.close()
    throw error
  }
}

/**
 * With other keys nothing personal would open, and worse: every hash would differ, so that a person could be registered
 * twice. A lost key file is made anew without anybody noticing, unless the database remembers which one it was.
 */
async function assertSameKeys(db: Kysely<Database>, personal: PersonalData, keysFile: string): Promise<void> {
  const value = personal.fingerprint
  await db.insertInto('meta').values({ key: 'personal-keys', value }).onConflict((conflict) => conflict.doNothing()).execute()
  const known = await db.selectFrom('meta').select('value').where('key', '=', 'personal-keys').executeTakeFirstOrThrow()
  if (known.value !== value) throw new Error(`CENTRAL_KEYS：${keysFile} 不是此数据库的密钥文件，请从备份恢复原来的密钥文件。数据未改动。`)
}
