import { sql, type Kysely } from 'kysely'

// Frozen: a change is a new migration.
export async function up(db: Kysely<unknown>): Promise<void> {
  // Only managers could be registered so far.
  await sql`alter table record add column person_type text not null default 'manager' check (person_type in ('manager', 'worker'))`.execute(db)
  // A list is of one kind, and asks for those of the other.
  await sql`create index record_worker on record (id) where person_type = 'worker'`.execute(db)
}
