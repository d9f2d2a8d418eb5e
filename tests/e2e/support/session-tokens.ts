import { createHash } from 'node:crypto'
import Sqlite from 'better-sqlite3'

/** Hashes of the tokens of every session there was. A token itself is written down nowhere, so it is known again by its hash. */
const hashes = new Set<string>()
let database: Sqlite.Database | undefined

/** From now on each session that the central service opens is noted, also those that are over when somebody looks. */
export function noteSessions(path: string): void {
  database = new Sqlite(path, { timeout: 10_000 })
  database.exec('create table if not exists noted_session (token_hash text primary key)')
  for (const event of ['insert', 'update']) {
    database.exec(`create trigger if not exists note_session_${event} after ${event} on session begin insert or ignore into noted_session values (new.token_hash); end`)
  }
}

export function stopNotingSessions(): void {
  database?.close()
  database = undefined
}

/** Tokens have 43 letters of base64url. Nothing is found where no session was noted: a stage on PostgreSQL notes none. */
export function sessionTokensIn(text: string): string[] {
  if (!database) return []
  for (const { token_hash } of database.prepare<[], { token_hash: string }>('select token_hash from noted_session').all()) hashes.add(token_hash)
  return [...text.matchAll(/[\w-]{43,}/g)].flatMap(([run]) =>
    Array.from({ length: run.length - 42 }, (_, at) => run.slice(at, at + 43)).filter((letters) => hashes.has(createHash('sha256').update(letters).digest('hex'))).map(() => 'the token of a session'))
}

export const notedSessions = (): number => hashes.size
