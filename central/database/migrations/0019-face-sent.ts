import { sql, type Kysely } from 'kysely'

// Frozen: a change is a new migration. Plain SQL that SQLite and PostgreSQL both read.
const statements = [
  // What came with a check and was kept then: who reviews is told what is gone by now from what never came.
  `alter table face_check add column kept_template integer not null default 0`,
  `alter table face_check add column kept_picture integer not null default 0`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
