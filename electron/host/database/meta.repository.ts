import type { LocalDb } from './local-tables.ts'

/** Small facts about the file as a whole. */
export type MetaKey =
  /** Which life of the central service's database the cursor belongs to. */
  | 'epoch'
  | 'cursor'
  /** What records told since everything had to be told anew are marked with; absent until that happened. */
  | 'life'
  /** Set while the central service tells everything from the beginning, after a restore on its side. */
  | 'telling-unfinished'
  | 'last-synced-at'
  | 'organization'
  /** When the unit's own data was last told. */
  | 'organization-at'
  | `place:${string}`
  /** The central service has removed this registration; carried out once the pull is over. */
  | `removal:${string}`

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

export async function rememberOrganization(db: LocalDb, organization: string, at: string): Promise<void> {
  await writeMeta(db, 'organization', organization)
  await writeMeta(db, 'organization-at', at)
}

/** Ids whose removal is noted and not carried out yet. */
export async function notedRemovals(db: LocalDb): Promise<string[]> {
  const rows = await db.selectFrom('meta').select('key').where('key', '>', 'removal:').where('key', '<', 'removal;').orderBy('key').execute()
  return rows.map(({ key }) => key.slice('removal:'.length))
}

/** @param id null for all */
export async function forgetRemovals(db: LocalDb, id: string | null = null): Promise<void> {
  const removals = db.deleteFrom('meta')
  await (id === null ? removals.where('key', '>', 'removal:').where('key', '<', 'removal;') : removals.where('key', '=', `removal:${id}`)).execute()
}

/** The clerk's place is kept for each account of the unit. */
export async function readPlace(db: LocalDb, accountId: string): Promise<string | null> {
  return readMeta(db, `place:${accountId}`)
}

export async function writePlace(db: LocalDb, accountId: string, place: string): Promise<void> {
  await writeMeta(db, `place:${accountId}`, place)
}
