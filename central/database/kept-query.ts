import type { Compilable, CompiledQuery } from 'kysely'
import type { CentralDb } from './database.ts'
import { CentralSqliteAdapter } from './sqlite-dialect.ts'

/** Stands in a query for a value that each run brings. */
class Place {
  readonly name: string

  constructor(name: string) {
    this.name = name
  }
}

type Values = Readonly<Record<string, string | number | null>>

/** Every column of a table as values of a run. */
export type RowOf<Table> = { readonly [Column in keyof Table]: Table[Column] }

/**
 * A query that Kysely builds and compiles once for each database and that then runs with ever other values. Building one
 * takes longer than SQLite takes to run it, so what every request runs is kept; everything else is written as usual.
 * @param build the query, with `value(name)` wherever a run's value goes; it must not depend on anything else that changes
 * @returns runs it on a database or a transaction; in the embedded file at once, where no other transaction is open
 */
export function keptQuery<Run extends Values, Row>(
  build: (db: CentralDb, value: <Name extends keyof Run & string>(name: Name) => Run[Name]) => Compilable<Row>,
): (db: CentralDb, run: Run) => Promise<Row[]> {
  // A transaction has the adapter of its database, and SQLite another than PostgreSQL.
  const kept = new WeakMap<object, CompiledQuery<Row>>()
  return async (db, run) => {
    const { adapter } = db.getExecutor()
    // The only place where a stand-in passes for a value: it is gone before the query runs.
    const query = kept.get(adapter) ?? build(db, (name) => new Place(name) as never).compile()
    kept.set(adapter, query)
    const parameters = query.parameters.map((each) => (each instanceof Place ? run[each.name] : each))
    const rows = adapter instanceof CentralSqliteAdapter ? adapter.rowsNow(query.sql, parameters, db.isTransaction) : undefined
    return (rows as Row[] | undefined) ?? (await db.executeQuery<Row>({ ...query, parameters })).rows
  }
}
