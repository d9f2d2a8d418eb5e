import { sql, type Kysely } from 'kysely'

// Frozen: a change is a new migration.
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table project (
    id text primary key not null,
    project_no text not null,
    name text not null,
    status text not null,
    closure text,
    manager_count integer not null,
    worker_count integer not null,
    epoch text not null
  ) strict`.execute(db)
}
