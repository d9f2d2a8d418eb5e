import { sql, type Kysely } from 'kysely'

// Frozen: a change is a new migration. Plain SQL that SQLite and PostgreSQL both read.
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table account add column face_sign_in text not null default 'off' check (face_sign_in in ('off', 'required', 'password-allowed'))`.execute(db)
}
