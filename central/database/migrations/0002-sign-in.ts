import { sql, type Kysely } from 'kysely'

// Frozen: a change is a new migration. Plain SQL that SQLite and PostgreSQL both read.
const statements = [
  `create table account (
    id text primary key not null,
    organization_id text not null references organization (id),
    username text not null,
    username_key text not null unique,
    display_name text not null,
    role text not null check (role in ('clerk', 'unit-admin')),
    password_hash text not null,
    disabled_at text,
    created_at text not null
  )`,
  `create index account_organization on account (organization_id)`,
  `create table certificate_binding (
    id text primary key not null,
    issuer text not null,
    company_code text not null,
    organization_id text not null references organization (id),
    created_at text not null,
    unique (issuer, company_code)
  )`,
  `create table certificate_binding_account (
    binding_id text not null references certificate_binding (id) on delete cascade,
    account_id text not null references account (id) on delete cascade,
    primary key (binding_id, account_id)
  )`,
  `create table bound_certificate (
    binding_id text not null references certificate_binding (id) on delete cascade,
    fingerprint text not null,
    not_after text not null,
    first_seen_at text not null,
    primary key (binding_id, fingerprint)
  )`,
  `create table account_proof (
    device_id text not null,
    binding_id text not null references certificate_binding (id) on delete cascade,
    account_id text not null references account (id) on delete cascade,
    proven_at text not null,
    primary key (device_id, binding_id, account_id)
  )`,
  `create table ca_challenge (
    cid text primary key not null,
    nonce text not null,
    device_id text not null,
    connection_hash text not null,
    expires_at text not null
  )`,
  `create index ca_challenge_expiry on ca_challenge (expires_at)`,
  `create index ca_challenge_device on ca_challenge (device_id, expires_at)`,
  `create table account_ticket (
    ticket_hash text primary key not null,
    binding_id text not null references certificate_binding (id) on delete cascade,
    fingerprint text not null,
    certificate_not_after text not null,
    device_id text not null,
    expires_at text not null
  )`,
  `create table session (
    id text primary key not null,
    token_hash text not null unique,
    account_id text not null references account (id) on delete cascade,
    organization_id text not null references organization (id),
    device_id text not null,
    way text not null check (way in ('ca-key', 'password')),
    fingerprint text,
    created_at text not null,
    last_used_at text not null,
    expires_at text not null,
    suspended_at text,
    unique (account_id, device_id)
  )`,
  `create index session_expiry on session (expires_at)`,
  `create index session_certificate on session (fingerprint)`,
  `create table sign_in_failure (
    subject text primary key not null,
    failures integer not null,
    last_failed_at text not null
  )`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
