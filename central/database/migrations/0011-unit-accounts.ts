import { sql, type Kysely } from 'kysely'

// Frozen: a change is a new migration. Plain SQL that SQLite and PostgreSQL both read.
const statements = [
  // Two administrators may change one account at once.
  `alter table account add column version integer not null default 1`,
  `alter table account add column last_sign_in_at text`,
  `alter table bound_certificate add column holder text`,
  `alter table bound_certificate add column last_used_at text`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
