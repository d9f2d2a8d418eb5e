import type Sqlite from 'better-sqlite3'
import type { SqliteDatabase, SqliteStatement } from 'kysely'

/** Far more than this program has texts of statements; only lists of ids make ever new ones. */
const keptStatements = 200

/** Kysely prepares each statement anew each time it runs one, which takes longer than most of them run. */
export function keepingStatements(file: Sqlite.Database): SqliteDatabase {
  const kept = new Map<string, SqliteStatement>()
  return {
    close: () => file.close(),
    prepare: (sql) => {
      const known = kept.get(sql)
      if (known) return known
      const fresh = file.prepare(sql)
      if (kept.size >= keptStatements) kept.clear()
      kept.set(sql, fresh)
      return fresh
    },
  }
}
