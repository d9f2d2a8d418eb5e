import { sql, type Kysely } from 'kysely'

// Frozen: a change is a new migration. Plain SQL that SQLite and PostgreSQL both read.
const statements = [
  // 登记审核, beside the role that the account has in its own unit.
  `alter table account add column reviews_registrations integer not null default 0`,
  // Whose registrations the reviewers of a unit see and decide on.
  `create table review_scope (
    reviewer_organization_id text not null references organization (id),
    organization_id text not null references organization (id),
    created_at text not null,
    primary key (reviewer_organization_id, organization_id)
  )`,
  `create table registration_review (
    id text primary key not null,
    registration_id text not null references registration (id) on delete cascade,
    version integer not null,
    decision text not null check (decision in ('approved', 'refused')),
    reason text not null,
    reviewer_organization_id text references organization (id),
    account_id text references account (id),
    at text not null
  )`,
  `create index registration_review_history on registration_review (registration_id, at)`,
  `create index registration_review_decided on registration_review (reviewer_organization_id, at, id)`,
  // What waits, longest waiting first.
  `create index registration_pending on registration (updated_at, id) where status = 'pending'`,
  // A masked number that somebody looked at: never the number. The registration may be only on a workstation, or gone.
  `create table reveal (
    id text primary key not null,
    organization_id text not null references organization (id),
    registration_id text not null,
    field text not null check (field in ('idCardNo', 'mobile')),
    reason text not null,
    words_sealed text not null,
    account_id text not null references account (id),
    sent_by_account_id text not null references account (id),
    device_id text not null,
    revealed_at text not null,
    received_at text not null
  )`,
  `create index reveal_log on reveal (organization_id, revealed_at, id)`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
