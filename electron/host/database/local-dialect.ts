import type Database from 'better-sqlite3-multiple-ciphers'
import { SqliteDialect, SqliteDriver, type DatabaseConnection, type Driver, type SqliteDatabase, type SqliteStatement } from 'kysely'

/** Kysely over one open connection. */
export class LocalDialect extends SqliteDialect {
  readonly #file: Database.Database

  constructor(file: Database.Database) {
    super({ database: file })
    this.#file = file
  }

  override createDriver(): Driver {
    return new LocalDriver(this.#file)
  }
}

class LocalDriver extends SqliteDriver {
  readonly #file: Database.Database

  constructor(file: Database.Database) {
    super({ database: keepingStatements(file) })
    this.#file = file
  }

  /** A full disk ends the transaction by itself; rolling back once more would fail and hide the reason. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#file.inTransaction) await super.rollbackTransaction(connection)
  }
}

/** Far more than this program has texts of statements; only lists of ids make ever new ones. */
const keptStatements = 200

/** Kysely prepares each statement anew each time it runs one: more than half of what a draft costs beside the disk. */
function keepingStatements(file: Database.Database): SqliteDatabase {
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
