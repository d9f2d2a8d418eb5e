import { sql, type Kysely } from 'kysely'

// Frozen: a change is a new migration.
const statements = [
  sql`create table consent (
    id text primary key not null,
    registration_id text not null,
    text_version text not null,
    channel text not null,
    keep_picture integer not null,
    send integer not null,
    guardian_json text,
    at text not null,
    by_id text not null,
    by_name text not null,
    withdrawn_at text
  ) strict`,
  sql`create index consent_registration on consent (registration_id, at)`,
  sql`create table template (
    registration_id text primary key not null,
    consent_id text not null references consent (id),
    id_card_no_hash text not null,
    descriptor blob not null,
    model_id text not null,
    crop_version integer not null,
    quality_json text not null,
    liveness_json text not null,
    picture blob,
    op_id text not null,
    at text not null,
    by_id text not null,
    by_name text not null
  ) strict`,
  sql`create index template_number on template (id_card_no_hash)`,
  sql`create table event (
    id integer primary key autoincrement,
    registration_id text not null,
    at text not null,
    by_id text not null,
    by_name text not null,
    what text not null,
    reason text not null,
    similarity real,
    code text
  ) strict`,
  sql`create index event_registration on event (registration_id, id)`,
  sql`create trigger event_stays before update on event begin select raise(abort, 'what happened stays'); end`,
  sql`create trigger event_is_kept before delete on event begin select raise(abort, 'what happened stays'); end`,
  // Writes that the unit's own file does not know of yet.
  sql`create table journal (
    op_id text primary key not null,
    registration_id text not null,
    kind text not null,
    body_json text not null,
    at text not null
  ) strict`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await statement.execute(db)
}
