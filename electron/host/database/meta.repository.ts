import { keptQuery } from './kept-query.ts'
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
  /** Set in a file that was rebuilt, until the central service has told everything: what is not in it may only be missing. */
  | 'rebuilt-untold'
  | 'last-synced-at'
  | 'organization'
  /** When the unit's own data was last told. */
  | 'organization-at'
  /** The central service's switch "identity check before submit", as the last sign-in told it: 1 or 0. */
  | 'identity-check-required'
  /** What was last told of requests by and to other units. */
  | 'transfer-requests'
  | `place:${string}`
  /** Up to when an account has looked at what changed. */
  | `notices-seen:${string}`
  /** The columns that an account chose last for 导出. */
  | `export-columns:${string}`
  /** The central service has removed this registration; carried out once the pull is over. */
  | `removal:${string}`
  /** A number was looked at here or exported, and the central service has not been told yet. */
  | `reveal:${string}`

const read = keptQuery<{ key: string }, { value: string }>((db, value) => db.selectFrom('meta').select('value').where('key', '=', value('key')))

export async function readMeta(db: LocalDb, key: MetaKey): Promise<string | null> {
  const [row] = await read(db, { key })
  return row?.value ?? null
}

const write = keptQuery<{ key: string; value: string }, unknown>((db, value) =>
  db
    .insertInto('meta')
    .values({ key: value('key'), value: value('value') })
    .onConflict((conflict) => conflict.column('key').doUpdateSet((eb) => ({ value: eb.ref('excluded.value') }))),
)

export async function writeMeta(db: LocalDb, key: MetaKey, value: string): Promise<void> {
  await write(db, { key, value })
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

/** @param ids absent for all */
export async function forgetRemovals(db: LocalDb, ids?: readonly string[]): Promise<void> {
  if (ids) await deleteMeta(db, ids.map((id) => `removal:${id}` as const))
  else await db.deleteFrom('meta').where('key', '>', 'removal:').where('key', '<', 'removal;').execute()
}

/** The clerk's place is kept for each account of the unit. */
export async function readPlace(db: LocalDb, accountId: string): Promise<string | null> {
  return readMeta(db, `place:${accountId}`)
}

export async function writePlace(db: LocalDb, accountId: string, place: string): Promise<void> {
  await writeMeta(db, `place:${accountId}`, place)
}
