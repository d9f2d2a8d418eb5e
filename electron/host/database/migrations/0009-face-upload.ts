import { sql, type Kysely } from 'kysely'

// Frozen: a change is a new migration.
const statements = [
  // The operator's switch of a project, as the central service tells it.
  sql`alter table project add column faces_may_be_sent integer not null default 0`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await statement.execute(db)
}
