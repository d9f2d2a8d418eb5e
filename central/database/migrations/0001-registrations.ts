import { sql, type Kysely } from 'kysely'

// Frozen: a change is a new migration. Plain SQL that SQLite and PostgreSQL both read.
const statements = [
  `create table meta (key text primary key not null, value text not null)`,
  `create table organization (
    id text primary key not null,
    version integer not null,
    seq bigint not null,
    changed_seq bigint not null,
    name text not null,
    kind text not null,
    credit_code text not null unique,
    address text not null,
    contact_name text not null,
    contact_phone_sealed text not null,
    recovery_public_key text not null,
    created_at text not null,
    updated_at text not null
  )`,
  `create table person (
    id text primary key not null,
    id_card_no_hash text not null unique,
    id_card_no_sealed text not null,
    created_at text not null
  )`,
  `create table registration (
    id text primary key not null,
    organization_id text not null references organization (id),
    person_id text not null references person (id),
    id_card_no_hash text not null,
    person_type text not null check (person_type in ('manager', 'worker')),
    status text not null check (status in ('pending', 'active', 'refused', 'left')),
    review_comment text,
    face_enrolled integer not null default 0,
    version integer not null,
    seq bigint not null,
    name text not null,
    pinyin text not null,
    initials text not null,
    mobile_sealed text not null,
    mobile_hash text not null,
    residence_detail_sealed text not null,
    values_sealed text not null,
    created_at text not null,
    updated_at text not null
  )`,
  // At most one live registration a person, in the whole system; a pending one counts.
  `create unique index registration_live on registration (id_card_no_hash) where status in ('pending', 'active')`,
  `create index registration_changes on registration (organization_id, seq)`,
  `create index registration_list on registration (organization_id, id)`,
  `create index registration_mobile on registration (organization_id, mobile_hash)`,
  `create index registration_person on registration (person_id)`,
  `create table removed_registration (
    organization_id text not null references organization (id),
    seq bigint not null,
    registration_id text not null,
    removed_at text not null,
    primary key (organization_id, seq)
  )`,
  `create table applied_write (
    organization_id text not null references organization (id),
    idempotency_key text not null,
    account_id text not null,
    payload_hash text not null,
    outcome_json text,
    applied_at text not null,
    primary key (organization_id, idempotency_key)
  )`,
  `create index applied_write_age on applied_write (applied_at)`,
  `create table audit_event (
    id text primary key not null,
    at text not null,
    kind text not null,
    organization_id text,
    account_id text,
    device_id text,
    details_json text not null
  )`,
  `create index audit_event_organization on audit_event (organization_id, at)`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
