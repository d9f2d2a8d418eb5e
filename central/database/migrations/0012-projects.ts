import { sql, type Kysely } from 'kysely'

// Frozen: a change is a new migration. Plain SQL that SQLite and PostgreSQL both read.
const statements = [
  // What the approval system tells. Everything about a project names it by its number and a unit by its code: records come in any
  // order, and a unit may begin to use this system after its projects were filed.
  `create table project (
    id text primary key not null,
    source_id text not null unique,
    project_no text not null,
    name text not null,
    status text not null check (status in ('active', 'completed')),
    implementer_credit_code text not null,
    withdrawn_at text,
    created_at text not null,
    updated_at text not null
  )`,
  `create unique index project_number on project (project_no) where withdrawn_at is null`,
  `create table project_party (
    source_id text primary key not null,
    project_no text not null,
    credit_code text not null,
    name text not null,
    kind text not null,
    withdrawn_at text
  )`,
  `create index project_party_project on project_party (project_no, credit_code)`,
  `create table contract_filing (
    source_id text primary key not null,
    project_no text not null,
    credit_code text not null,
    bid_price_wan text not null,
    area text not null,
    start_date text not null,
    completion_date text not null,
    withdrawn_at text
  )`,
  `create index contract_filing_project on contract_filing (project_no, credit_code)`,
  `create table filed_person (
    id text primary key not null,
    source_id text not null unique,
    project_no text not null,
    credit_code text not null,
    kind text not null check (kind in ('manager', 'team-member')),
    post text not null,
    team text not null,
    id_card_no_hash text not null,
    id_card_no_sealed text not null,
    name_sealed text not null,
    withdrawn_at text
  )`,
  `create index filed_person_project on filed_person (project_no, credit_code)`,
  `create index filed_person_number on filed_person (id_card_no_hash)`,
  // Up to which version each record of it has been heard.
  `create table approval_feed_record (
    source_id text primary key not null,
    kind text not null,
    version bigint not null,
    content_hash text not null,
    applied_at text not null
  )`,
  `create table approval_feed_log (
    id text primary key not null,
    at text not null,
    source text not null,
    source_id text,
    kind text,
    version bigint,
    outcome text not null,
    reason text
  )`,
  `create index approval_feed_log_at on approval_feed_log (at)`,
  `create table approval_feed_cursor (source text primary key not null, cursor text not null, at text not null)`,
  // A unit's list 项目人员绑定.
  `create table linked_project (
    organization_id text not null references organization (id),
    project_id text not null references project (id),
    seq bigint not null,
    linked_at text not null,
    archived_at text,
    primary key (organization_id, project_id)
  )`,
  `create index linked_project_changes on linked_project (organization_id, seq)`,
  `create index linked_project_project on linked_project (project_id)`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
