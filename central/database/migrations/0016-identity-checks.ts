import { sql, type Kysely } from 'kysely'

// Frozen: a change is a new migration. Plain SQL that SQLite and PostgreSQL both read.
const statements = [
  // Of whom, and by which pictures; a picture may be gone by now.
  `alter table identity_check add column id_card_no_hash text`,
  `alter table identity_check add column document_id text`,
  `alter table identity_check add column portrait_id text`,
  // One at a time waits for a second person.
  `create unique index identity_check_waiting on identity_check (registration_id) where result = 'awaiting-second'`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
