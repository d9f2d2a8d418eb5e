import { sql, type Kysely } from 'kysely'

// Frozen: a change is a new migration. Plain SQL that SQLite and PostgreSQL both read.
const statements = [
  // One a registration that has ended; its id is the registration's.
  `create table departure (
    id text primary key not null,
    organization_id text not null references organization (id),
    reason text not null,
    note_sealed text not null,
    left_on text not null,
    review_status text not null,
    left_at text not null
  )`,
  // The registration asked for may go while the request stays, so it is no reference.
  `create table transfer_request (
    id text primary key not null,
    organization_id text not null references organization (id),
    account_id text not null,
    registration_id text not null,
    holding_organization_id text not null references organization (id),
    id_card_no_hash text not null,
    id_card_no_sealed text not null,
    name_sealed text not null,
    state text not null check (state in ('waiting', 'released', 'refused', 'withdrawn', 'expired')),
    refusal_sealed text,
    created_at text not null,
    expires_at text not null,
    answered_at text
  )`,
  // A unit asks for a person once at a time.
  `create unique index transfer_request_waiting on transfer_request (organization_id, id_card_no_hash) where state = 'waiting'`,
  `create index transfer_request_asked on transfer_request (organization_id, created_at)`,
  `create index transfer_request_received on transfer_request (holding_organization_id, created_at)`,
  `create index transfer_request_registration on transfer_request (registration_id)`,
  // Names tried for a number by a unit, so that a number is no key to a person.
  `create table transfer_in_failure (
    organization_id text not null references organization (id),
    id_card_no_hash text not null,
    failures integer not null,
    last_failed_at text not null,
    primary key (organization_id, id_card_no_hash)
  )`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
