import type Sqlite from 'better-sqlite3'
import { CompiledQuery, SqliteAdapter, SqliteDialect, SqliteDriver, type DatabaseConnection, type DialectAdapter, type Driver, type SqliteDatabase } from 'kysely'
import { keepingStatements } from './kept-statements.ts'

/** Kysely over the embedded file, whose transactions hold it from their beginning. */
export class CentralSqliteDialect extends SqliteDialect {
  readonly #file: Sqlite.Database
  readonly #statements: SqliteDatabase

  constructor(file: Sqlite.Database) {
    super({ database: file })
    this.#file = file
    this.#statements = keepingStatements(file)
  }

  override createDriver(): Driver {
    return new CentralSqliteDriver(this.#file, this.#statements)
  }

  override createAdapter(): DialectAdapter {
    return new CentralSqliteAdapter(this.#file, this.#statements)
  }
}

/** What a database of Kysely's has in common with its transactions. Here it also runs what is compiled already. */
export class CentralSqliteAdapter extends SqliteAdapter {
  readonly #file: Sqlite.Database
  readonly #statements: SqliteDatabase

  constructor(file: Sqlite.Database, statements: SqliteDatabase) {
    super()
    this.#file = file
    this.#statements = statements
  }

  /**
   * Runs a statement in this very moment. Kysely takes as long to hand out its one connection as SQLite takes to read a row.
   * @param inTransaction whether the caller is in the transaction that is open
   * @returns its rows; undefined where somebody else's transaction is open: its caller then has to wait in Kysely's queue
   */
  rowsNow(sql: string, parameters: readonly unknown[], inTransaction: boolean): unknown[] | undefined {
    if (this.#file.inTransaction !== inTransaction) return undefined
    const statement = this.#statements.prepare(sql)
    if (statement.reader) return statement.all(parameters)
    statement.run(parameters)
    return []
  }
}

const begin = CompiledQuery.raw('begin immediate')

class CentralSqliteDriver extends SqliteDriver {
  readonly #file: Sqlite.Database

  constructor(file: Sqlite.Database, statements: SqliteDatabase) {
    super({ database: statements })
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
