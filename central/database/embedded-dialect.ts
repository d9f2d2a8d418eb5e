import type Sqlite from 'better-sqlite3'
import { CompiledQuery, SqliteDialect, SqliteDriver, type DatabaseConnection, type Driver } from 'kysely'
import { keepingStatements } from './kept-statements.ts'

/** Kysely over the embedded file, with transactions that hold it from their beginning. */
export class EmbeddedDialect extends SqliteDialect {
  readonly #file: Sqlite.Database

  constructor(file: Sqlite.Database) {
    super({ database: keepingStatements(file) })
    this.#file = file
  }

  override createDriver(): Driver {
    return new EmbeddedDriver(this.#file)
  }
}

const begin = CompiledQuery.raw('begin immediate')

class EmbeddedDriver extends SqliteDriver {
  readonly #file: Sqlite.Database

  constructor(file: Sqlite.Database) {
    super({ database: keepingStatements(file) })
    this.#file = file
  }

  /** One that begins by reading is refused its first write where an operator command has written meanwhile, and a group of them with it. */
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(begin)
  }

  /** After some failures, such as a full disk, SQLite has done it already, and would only complain. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#file.inTransaction) await super.rollbackTransaction(connection)
  }
}
