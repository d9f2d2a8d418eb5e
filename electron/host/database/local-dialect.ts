import type Database from 'better-sqlite3-multiple-ciphers'
import { SqliteAdapter, SqliteDialect, SqliteDriver, type DialectAdapter, type Driver, type SqliteDatabase, type SqliteStatement } from 'kysely'

/** Kysely over one open connection. */
export class LocalDialect extends SqliteDialect {
  readonly #file: Database.Database
  readonly #statements: SqliteDatabase
  readonly #failed: (error: unknown) => void

  /** @param failed called with each failure of a statement that does not pass through Kysely, which logs the others */
  constructor(file: Database.Database, failed: (error: unknown) => void = () => undefined) {
    super({ database: file })
    this.#file = file
    this.#statements = keepingStatements(file)
    this.#failed = failed
  }

  override createDriver(): Driver {
    return new LocalDriver(this.#file, this.#statements, this.#failed)
  }

  override createAdapter(): DialectAdapter {
    return new LocalAdapter(this.#file, this.#statements, this.#failed)
  }
}

/** What a database of Kysely's has in common with its transactions. Here it also runs what is compiled already. */
export class LocalAdapter extends SqliteAdapter {
  readonly #file: Database.Database
  readonly #statements: SqliteDatabase
  readonly #failed: (error: unknown) => void

  constructor(file: Database.Database, statements: SqliteDatabase, failed: (error: unknown) => void) {
    super()
    this.#file = file
    this.#statements = statements
    this.#failed = failed
  }

  /**
   * Runs a statement in this very moment. Kysely takes as long to hand out its one connection as SQLite takes to read a record.
   * @param inTransaction whether the caller is in the transaction that is open
   * @returns its rows; undefined where somebody else's transaction is open: its caller then has to wait in Kysely's queue
   */
  rowsNow(sql: string, parameters: readonly unknown[], inTransaction: boolean): unknown[] | undefined {
    if (this.#file.inTransaction !== inTransaction) return undefined
    try {
      const statement = this.#statements.prepare(sql)
      if (statement.reader) return statement.all(parameters)
      statement.run(parameters)
      return []
    } catch (error) {
      this.#failed(error)
      throw error
    }
  }
}

class LocalDriver extends SqliteDriver {
  readonly #file: Database.Database
  readonly #statements: SqliteDatabase
  readonly #failed: (error: unknown) => void

  constructor(file: Database.Database, statements: SqliteDatabase, failed: (error: unknown) => void) {
    super({ database: statements })
    this.#file = file
    this.#statements = statements
    this.#failed = failed
  }

  override async beginTransaction(): Promise<void> {
    this.#run('begin')
  }

  override async commitTransaction(): Promise<void> {
    this.#run('commit')
  }

  /** A full disk ends the transaction by itself; rolling back once more would fail and hide the reason. */
  override async rollbackTransaction(): Promise<void> {
    if (this.#file.inTransaction) this.#run('rollback')
  }

  #run(sql: string): void {
    try {
      this.#statements.prepare(sql).run([])
    } catch (error) {
      this.#failed(error)
      throw error
    }
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
