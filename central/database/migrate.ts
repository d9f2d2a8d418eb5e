import { sql, type Kysely, type Transaction } from 'kysely'
import { centralMigrations, type NumberedMigration } from './migrations/index.ts'
import { inTransaction } from './transaction.ts'

/** Of the advisory lock that keeps two processes from migrating one PostgreSQL database at once. */
const lockNumber = 7_220_026

/**
 * Brings the database to the newest schema, one transaction a migration: a kill in the middle leaves the schema before
 * it. Kysely's own migrator would not be transactional on SQLite.
 * @throws Error for a database from the future; it stays as it is
 */
export async function migrateCentral(db: Kysely<unknown>, kind: 'sqlite' | 'postgresql', migrations: readonly NumberedMigration[] = centralMigrations): Promise<void> {
  const newest = migrations.at(-1)?.number ?? 0
  for (;;) {
    const more = await inTransaction(db, async (trx) => {
      if (kind === 'postgresql') await sql`select pg_advisory_xact_lock(${lockNumber})`.execute(trx)
      const current = await readNumber(trx)
      if (current > newest) throw new Error(`数据库由更新版本的程序写入（${current} > ${newest}），请升级中心服务。数据未改动。`)
      const next = migrations.find(({ number }) => number > current)
      if (!next) return false
      await next.up(trx)
      await sql`update schema_number set number = ${next.number}`.execute(trx)
      return true
    })
    if (!more) return
  }
}

async function readNumber(trx: Transaction<unknown>): Promise<number> {
  await sql`create table if not exists schema_number (number integer not null)`.execute(trx)
  const { rows } = await sql<{ number: number }>`select number from schema_number`.execute(trx)
  if (rows[0]) return rows[0].number
  await sql`insert into schema_number (number) values (0)`.execute(trx)
  return 0
}
