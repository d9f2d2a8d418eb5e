import type Sqlite from 'better-sqlite3'
import { SqliteDialect, SqliteDriver, type DatabaseConnection, type Driver } from 'kysely'
import { keepingStatements } from './kept-statements.ts'

/** Kysely over the embedded file. */
export class CentralSqliteDialect extends SqliteDialect {
  readonly #file: Sqlite.Database

  constructor(file: Sqlite.Database) {
    super({ database: keepingStatements(file) })
    this.#file = file
  }

  override createDriver(): Driver {
    return new CentralSqliteDriver(this.#file)
  }
}

class CentralSqliteDriver extends SqliteDriver {
  readonly #file: Sqlite.Database

  constructor(file: Sqlite.Database) {
    super({ database: keepingStatements(file) })
    this.#file = file
  }

  /** A full disk ends the transaction by itself; rolling back once more would fail and hide the reason. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#file.inTransaction) await super.rollbackTransaction(connection)
  }
}
