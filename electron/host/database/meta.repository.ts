import type { LocalDb } from './local-tables.ts'

/** Small facts about the file as a whole. */
export type MetaKey =
  /** Which life of the central service's database the cursor belongs to. */
  | 'epoch'
  | 'cursor'
  /** Set while the central service tells everything from the beginning, after a restore on its side. */
  | 'telling-unfinished'
  | 'last-synced-at'
  | 'organization'
  | `place:${string}`

export async function readMeta(db: LocalDb, key: MetaKey): Promise<string | null> {
  const row = await db.selectFrom('meta').select('value').where('key', '=', key).executeTakeFirst()
  return row?.value ?? null
}

export async function writeMeta(db: LocalDb, key: MetaKey, value: string): Promise<void> {
  await db.insertInto('meta').values({ key, value }).onConflict((conflict) => conflict.column('key').doUpdateSet({ value })).execute()
}

export async function deleteMeta(db: LocalDb, keys: readonly MetaKey[]): Promise<void> {
  await db.deleteFrom('meta').where('key', 'in', keys).execute()
}

/** The clerk's place is kept for each account of the unit. */
export async function readPlace(db: LocalDb, accountId: string): Promise<string | null> {
  return readMeta(db, `place:${accountId}`)
}

export async function writePlace(db: LocalDb, accountId: string, place: string): Promise<void> {
  await writeMeta(db, `place:${accountId}`, place)
}
