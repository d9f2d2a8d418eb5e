import type { Compilable, CompiledQuery } from 'kysely'
import { LocalAdapter } from './local-dialect.ts'
import type { LocalDb } from './local-tables.ts'

/** Stands in a query for a value that each run brings. */
class Place {
  readonly name: string

  constructor(name: string) {
    this.name = name
  }
}

type Values = Readonly<Record<string, string | number | null>>

/**
 * A query that Kysely builds and compiles once and that then runs with ever other values. Building one takes longer than
 * SQLite takes to run it, so what runs at every key a clerk types is kept; everything else is written as usual.
 * @param build the query, with `value(name)` wherever a run's value goes; it must not depend on anything else that changes
 * @returns runs it on a database or a transaction; at once, where no other transaction is open
 */
export function keptQuery<Run extends Values, Row>(
  build: (db: LocalDb, value: <Name extends keyof Run & string>(name: Name) => Run[Name]) => Compilable<Row>,
): (db: LocalDb, run: Run) => Promise<Row[]> {
  let kept: CompiledQuery<Row> | undefined
  return async (db, run) => {
    // The only place where a stand-in passes for a value: it is gone before the query runs.
    kept ??= build(db, (name) => new Place(name) as never).compile()
    const parameters = kept.parameters.map((each) => (each instanceof Place ? run[each.name] : each))
    const { adapter } = db.getExecutor()
    const rows = adapter instanceof LocalAdapter ? adapter.rowsNow(kept.sql, parameters, db.isTransaction) : undefined
    return (rows as Row[] | undefined) ?? (await db.executeQuery<Row>({ ...kept, parameters })).rows
  }
}
