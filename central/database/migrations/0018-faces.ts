import { sql, type Kysely } from 'kysely'

// Frozen: a change is a new migration. Plain SQL that SQLite and PostgreSQL both read.
const statements = [
  // The operator's switch; nothing of a face is taken before it is turned on.
  `alter table project add column faces_may_be_sent integer not null default 0`,
  // How an identity check by the face was made. Nothing of the face stands here: it stays when consent is withdrawn (个人信息保护法 art. 15).
  `create table face_check (
    id text primary key not null references identity_check (id) on delete cascade,
    outcome text not null check (outcome in ('matched', 'decided-by-clerk')),
    decision_reason_sealed text,
    model_id text not null,
    crop_version integer not null,
    consent_version text not null,
    consent_at text not null,
    consent_channel text not null check (consent_channel in ('screen', 'read-aloud')),
    guardian integer not null,
    sent_by_account_id text not null references account (id),
    device_id text not null,
    received_at text not null
  )`,
  // What the unit's workstations are told of a registration's face.
  `create table registration_face (
    id text primary key not null references registration (id) on delete cascade,
    organization_id text not null references organization (id),
    seq bigint not null,
    consent_withdrawn_at text,
    withdrawal_reason_sealed text
  )`,
  `create index registration_face_changes on registration_face (organization_id, seq)`,
  // The face itself, of who has agreed to that: one a registration, and no longer than the binding it was sent for.
  `create table face_data (
    id text primary key not null references registration (id) on delete cascade,
    check_id text not null references face_check (id) on delete cascade,
    binding_id text not null references binding (id) on delete cascade,
    template_sealed text,
    picture_sealed text,
    consent_version text not null,
    consent_at text not null,
    received_at text not null
  )`,
  `create index face_data_binding on face_data (binding_id)`,
  `create index face_data_check on face_data (check_id)`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
