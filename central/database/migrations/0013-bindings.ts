import { sql, type Kysely } from 'kysely'

// Frozen: a change is a new migration. Plain SQL that SQLite and PostgreSQL both read.
const statements = [
  // 绑定申请. A filed manager's bears the id of the filing and has no registration until the person is registered in the unit.
  `create table binding (
    id text primary key not null,
    project_id text not null references project (id),
    organization_id text not null references organization (id),
    person_type text not null check (person_type in ('manager', 'worker')),
    filed_person_id text unique references filed_person (id),
    registration_id text references registration (id) on delete set null,
    id_card_no_hash text not null,
    status text not null check (status in ('unsubmitted', 'pending', 'approved', 'refused', 'ended')),
    ending text check (ending in ('left-project', 'removed', 'project-completed', 'transferred-out', 'filing-withdrawn')),
    review_comment text,
    team_id text,
    version bigint not null,
    seq bigint not null,
    created_at text not null,
    updated_at text not null,
    submitted_at text,
    decided_at text,
    ended_at text,
    check ((status = 'ended') = (ending is not null))
  )`,
  // Nobody is on a project twice.
  `create unique index binding_live_person on binding (project_id, id_card_no_hash) where status <> 'ended'`,
  `create index binding_changes on binding (organization_id, seq)`,
  `create index binding_project on binding (project_id, status, submitted_at, id)`,
  // Whether anything happened on a project.
  `create index binding_project_changes on binding (project_id, updated_at)`,
  `create index binding_registration on binding (registration_id) where registration_id is not null`,
  `create index binding_number on binding (id_card_no_hash)`,
  // What an 实施单位 reviews.
  `create index project_implementer on project (implementer_credit_code)`,
  // Who did what when.
  `create table binding_event (
    id text primary key not null,
    binding_id text not null references binding (id),
    at text not null,
    action text not null,
    status text not null,
    comment text not null,
    organization_id text references organization (id),
    account_id text references account (id)
  )`,
  `create index binding_event_history on binding_event (binding_id, at)`,
  // 班组 of a unit on a project.
  `create table team (
    id text primary key not null,
    project_id text not null references project (id),
    organization_id text not null references organization (id),
    name text not null,
    leader_binding_id text,
    version bigint not null,
    seq bigint not null,
    removed_at text,
    created_at text not null,
    updated_at text not null
  )`,
  `create unique index team_name on team (project_id, organization_id, name) where removed_at is null`,
  `create index team_changes on team (organization_id, seq)`,
  // 人脸识别, or 非人脸核验 by two managers: the second confirms what the first has seen.
  `create table identity_check (
    id text primary key not null,
    registration_id text not null references registration (id) on delete cascade,
    method text not null check (method in ('face', 'non-face')),
    result text not null check (result in ('awaiting-second', 'passed', 'refused')),
    score double precision,
    account_id text references account (id),
    at text not null,
    second_account_id text references account (id),
    second_at text,
    check (second_account_id is null or second_account_id <> account_id)
  )`,
  `create index identity_check_registration on identity_check (registration_id, at)`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
