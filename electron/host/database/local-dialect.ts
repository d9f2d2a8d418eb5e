import type Database from 'better-sqlite3-multiple-ciphers'
import { SqliteDialect, SqliteDriver, type DatabaseConnection, type Driver, type SqliteDialectConfig } from 'kysely'

/** Kysely over one open connection. */
export class LocalDialect extends SqliteDialect {
  readonly #file: Database.Database

  constructor(file: Database.Database) {
    super({ database: file })
    this.#file = file
  }

  override createDriver(): Driver {
    return new LocalDriver({ database: this.#file }, this.#file)
  }
}

class LocalDriver extends SqliteDriver {
  readonly #file: Database.Database

  constructor(config: SqliteDialectConfig, file: Database.Database) {
    super(config)
    this.#file = file
  }

  /** A full disk ends the transaction by itself; rolling back once more would fail and hide the reason. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#file.inTransaction) await super.rollbackTransaction(connection)
  }
}
