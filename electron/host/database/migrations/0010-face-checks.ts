import { sql, type Kysely } from 'kysely'

// Frozen: a change is a new migration.
const statements = [
  // Of a registration's face what the central service tells, or why the last write of it was refused. Nothing of the face itself.
  sql`create table face_check (
    record_id text primary key not null,
    checked_at text,
    consent_withdrawn_at text,
    kept_template integer not null default 0,
    kept_picture integer not null default 0,
    refusal_json text,
    epoch text
  ) strict`,
  // Passed here, and perhaps on its way still.
  sql`alter table record add column face_checked integer not null default 0`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await statement.execute(db)
}
