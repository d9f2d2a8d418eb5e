import { sql, type Kysely } from 'kysely'

// Frozen: a change is a new migration.
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create table record (
    id text primary key not null,
    version integer,
    base_json text,
    body_json text,
    id_card_no text not null,
    state text not null check (state in ('local-only', 'queued', 'uploaded', 'returned', 'conflict')),
    review_status text not null,
    employment_status text not null,
    face_enrolled integer not null default 0,
    return_code text,
    return_comment text,
    remote_json text,
    remote_version integer,
    remote_removed integer not null default 0,
    epoch text,
    local_rev integer not null,
    updated_at text not null
  ) strict`.execute(db)
  await sql`create index record_id_card_no on record (id_card_no)`.execute(db)
  await sql`create index record_state on record (state)`.execute(db)
  await sql`create table draft (
    record_id text primary key not null references record (id) on delete cascade,
    values_json text not null,
    kept_at text not null
  ) strict`.execute(db)
  await sql`create table search (
    record_id text primary key not null references record (id) on delete cascade,
    updated_at text not null,
    haystack text not null
  ) strict`.execute(db)
  // Holds all a search reads, in the order the list shows.
  await sql`create index search_newest on search (updated_at desc, record_id, haystack)`.execute(db)
  await sql`create table outbox (
    seq integer primary key autoincrement,
    op_id text not null unique,
    record_id text not null references record (id) on delete cascade,
    kind text not null check (kind in ('create', 'patch', 'withdraw')),
    patch_json text not null,
    base_version integer,
    created_at text not null,
    frozen_at text,
    attempts integer not null default 0,
    next_at text,
    problem_json text
  ) strict`.execute(db)
  await sql`create index outbox_record on outbox (record_id, seq)`.execute(db)
  await sql`create table history (
    id integer primary key,
    record_id text not null references record (id) on delete cascade,
    at text not null,
    what text not null,
    changes_json text not null
  ) strict`.execute(db)
  await sql`create index history_record on history (record_id, id)`.execute(db)
  await sql`create table meta (key text primary key not null, value text not null) strict`.execute(db)
}
