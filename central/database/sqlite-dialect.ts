import type Sqlite from 'better-sqlite3'
import { CompiledQuery, SqliteDialect, SqliteDriver, type DatabaseConnection, type Driver } from 'kysely'
import { keepingStatements } from './kept-statements.ts'

/** Kysely over the embedded file, whose transactions hold it from their beginning. */
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

const begin = CompiledQuery.raw('begin immediate')

class CentralSqliteDriver extends SqliteDriver {
  readonly #file: Sqlite.Database

  constructor(file: Sqlite.Database) {
    super({ database: keepingStatements(file) })
    this.#file = file
  }

  /** One that begins by reading is refused its first write where an operator command has written meanwhile, and all that are committed with it. */
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(begin)
  }

  /** A full disk ends the transaction by itself; rolling back once more would fail and hide the reason. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#file.inTransaction) await super.rollbackTransaction(connection)
  }
}
