import { sql, type Kysely } from 'kysely'

// Frozen: a change is a new migration.
export async function up(db: Kysely<unknown>): Promise<void> {
  // Refers to no record by a key: the central service may tell of an attachment before it tells of its registration.
  await sql`create table attachment (
    id text primary key not null,
    record_id text,
    type text not null,
    name text not null,
    media_type text not null,
    size integer not null,
    sha256 text not null,
    proof_date text,
    state text not null check (state in ('waiting', 'uploading', 'paused', 'uploaded', 'refused')),
    kept integer not null,
    sent integer not null default 0,
    attempts integer not null default 0,
    next_at text,
    problem_json text,
    added_at text not null,
    uploaded_at text,
    uploaded_by text,
    epoch text,
    removed_at text
  ) strict`.execute(db)
  await sql`create index attachment_record on attachment (record_id)`.execute(db)
  await sql`create index attachment_state on attachment (state)`.execute(db)
  await sql`create trigger record_gone after delete on record
    begin delete from attachment where record_id = old.id; end`.execute(db)
  // By whatever way a row goes, its file is still to be taken away.
  await sql`create table attachment_leftover (id text primary key not null) strict`.execute(db)
  await sql`create trigger attachment_gone after delete on attachment
    begin insert or ignore into attachment_leftover (id) values (old.id); end`.execute(db)
}
