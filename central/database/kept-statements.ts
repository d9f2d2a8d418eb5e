import type Sqlite from 'better-sqlite3'
import type { PostgresPool, PostgresPoolClient, PostgresQueryResult, SqliteDatabase, SqliteStatement } from 'kysely'
import type pg from 'pg'
import { isStaleStatement } from './constraint.ts'

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

/**
 * PostgreSQL reads and plans a statement each time it comes, unless it comes under a name that the connection knows. A pooler
 * between, if any, must keep named statements apart (PgBouncer does from 1.21 on).
 */
export function keepingStatementsOf(pool: pg.Pool): PostgresPool {
  const clients = new WeakMap<pg.PoolClient, PostgresPoolClient>()
  return {
    connect: async () => {
      const client = await pool.connect()
      const keeping = clients.get(client) ?? keepingClient(client)
      clients.set(client, keeping)
      return keeping
    },
    end: () => pool.end(),
    options: pool.options,
  }
}

function keepingClient(client: pg.PoolClient): PostgresPoolClient {
  const names = new Map<string, string>()
  let given = 0
  const nameOf = (sql: string) => {
    const known = names.get(sql)
    if (known !== undefined || names.size >= keptStatements) return known
    const name = `kept${++given}`
    names.set(sql, name)
    return name
  }
  const query = async <Row>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<Row>> => {
    const name = parameters.length > 0 ? nameOf(sql) : undefined
    const values = [...parameters]
    try {
      return (await client.query(name === undefined ? { text: sql, values } : { name, text: sql, values })) as unknown as PostgresQueryResult<Row>
    } catch (error) {
      if (!isStaleStatement(error)) throw error
      // Another process has brought the schema forward meanwhile. From now on each statement is read anew, under another name.
      names.clear()
      if (client.getTransactionStatus() !== 'I') throw error
      return (await client.query({ text: sql, values })) as unknown as PostgresQueryResult<Row>
    }
  }
  return { query: query as PostgresPoolClient['query'], release: (destroy?: boolean) => client.release(destroy) }
}
