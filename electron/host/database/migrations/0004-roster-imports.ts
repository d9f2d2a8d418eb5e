import { sql, type Kysely } from 'kysely'

// Frozen: a change is a new migration.
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table roster_import (
    id text primary key not null,
    source text not null,
    mode text not null check (mode in ('submit', 'save')),
    at text not null,
    total integer not null,
    created integer not null default 0,
    updated integer not null default 0,
    passed_over integer not null default 0,
    state text not null check (state in ('unfinished', 'finished', 'rolled-back'))
  ) strict`.execute(db)
  await sql`create table roster_import_group (
    import_id text not null,
    seq integer not null,
    rows integer not null,
    plan_json text,
    outcome_json text,
    primary key (import_id, seq)
  ) strict`.execute(db)
}
