import { sql, type Kysely } from 'kysely'

// Frozen: a change is a new migration.
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`alter table record add column registered_at text`.execute(db)
  await sql`alter table record add column departure_json text`.execute(db)
  await sql`alter table record add column leaving_json text`.execute(db)
  // Those who left are some of many: the list leaves them out, or shows them alone.
  await sql`create index record_left on record (id) where employment_status = 'left'`.execute(db)
  // One more kind of operation: SQLite changes a check only by making the table anew.
  await sql`create table outbox_next (
    seq integer primary key autoincrement,
    op_id text not null unique,
    record_id text not null references record (id) on delete cascade,
    kind text not null check (kind in ('create', 'patch', 'withdraw', 'transfer-out')),
    patch_json text not null,
    departure_json text,
    base_version integer,
    created_at text not null,
    frozen_at text,
    attempts integer not null default 0,
    next_at text,
    problem_json text
  ) strict`.execute(db)
  await sql`insert into outbox_next (seq, op_id, record_id, kind, patch_json, base_version, created_at, frozen_at, attempts, next_at, problem_json)
    select seq, op_id, record_id, kind, patch_json, base_version, created_at, frozen_at, attempts, next_at, problem_json from outbox`.execute(db)
  await sql`drop table outbox`.execute(db)
  await sql`alter table outbox_next rename to outbox`.execute(db)
  await sql`create index outbox_record on outbox (record_id, seq)`.execute(db)
}
