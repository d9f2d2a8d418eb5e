import type Database from 'better-sqlite3-multiple-ciphers'
import { sql, type Kysely } from 'kysely'
import { AppError } from '../../../shared/errors/app-error.ts'
import type { NumberedMigration } from './migrations/index.ts'

/**
 * Brings a file to the newest schema, one transaction a migration: a kill in the middle leaves the schema before it.
 * Kysely's own migrator would not be transactional on SQLite. The schema's number is `user_version`.
 * @throws AppError local-from-future where a newer program has written the file; the file stays as it is
 */
export async function migrateLocal(
  db: Kysely<unknown>,
  file: Database.Database,
  migrations: readonly NumberedMigration[],
): Promise<void> {
  const newest = migrations.at(-1)?.number ?? 0
  const current = file.pragma('user_version', { simple: true }) as number
  if (current > newest) throw new AppError('local-from-future')
  for (const { number, up } of migrations) {
    if (number <= current) continue
    await db.transaction().execute(async (trx) => {
      await up(trx)
      await sql`pragma user_version = ${sql.lit(number)}`.execute(trx)
    })
  }
}
