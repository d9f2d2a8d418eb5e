import { sql, type Kysely } from 'kysely'

// Frozen: a change is a new migration.
const statements = [
  // A binding as the central service tells it, or, while `version` is null, as it was made here.
  sql`create table binding (
    id text primary key not null,
    project_id text not null,
    person_type text not null check (person_type in ('manager', 'worker')),
    record_id text,
    filed_name text,
    filed_id_card_no text,
    post text not null,
    status text not null check (status in ('unsubmitted', 'pending', 'approved', 'refused', 'ended')),
    ending text,
    review_comment text,
    team_id text,
    identity_check text,
    version integer,
    created_at text not null,
    submitted_at text,
    decided_at text,
    ended_at text,
    refusal_json text,
    epoch text
  ) strict`,
  sql`create index binding_project on binding (project_id, person_type)`,
  sql`create index binding_record on binding (record_id)`,
  sql`create index binding_filed_number on binding (filed_id_card_no)`,
  sql`create table team (
    id text primary key not null,
    project_id text not null,
    name text not null,
    leader_binding_id text,
    version integer,
    refusal_json text,
    epoch text
  ) strict`,
  // Writes of bindings and teams on their way; a lane is one of them.
  sql`create table project_outbox (
    seq integer primary key autoincrement,
    op_id text not null unique,
    lane text not null,
    kind text not null,
    body_json text not null,
    base_version integer,
    created_at text not null,
    frozen_at text,
    attempts integer not null default 0,
    next_at text,
    problem_json text
  ) strict`,
  sql`create index project_outbox_lane on project_outbox (lane, seq)`,
  // Taken off the list it stays for 修缮工程工作经历.
  sql`alter table project add column archived integer not null default 0`,
  sql`alter table project add column contract_json text`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await statement.execute(db)
}
