import { sql, type Kysely } from 'kysely'

// Frozen: a change is a new migration. Plain SQL that SQLite and PostgreSQL both read.
const statements = [
  // Forms that workers have filled in on their phones. `seq` is 0 until the unit may see one. `set-aside`: another one of the same
  // person for the same project waits already, and this one takes its turn after it; its phone hears nothing of that.
  `create table self_registration (
    id text primary key not null,
    organization_id text not null references organization (id),
    project_id text not null references project (id),
    state text not null check (state in ('incomplete', 'waiting', 'set-aside', 'registered', 'returned')),
    seq bigint not null,
    id_card_no_hash text not null,
    values_sealed text not null,
    payload_hash text not null,
    token_hash text not null,
    notice_version text not null,
    consent_at text not null,
    consent_channel text not null,
    submitted_at text not null,
    settled_at text,
    settled_by text references account (id),
    reason_sealed text,
    registration_id text
  )`,
  `create unique index self_registration_waiting on self_registration (organization_id, project_id, id_card_no_hash) where state = 'waiting'`,
  `create index self_registration_changes on self_registration (organization_id, seq)`,
  `create index self_registration_project on self_registration (project_id, organization_id, state)`,
  `create index self_registration_person on self_registration (id_card_no_hash)`,
  `create index self_registration_age on self_registration (state, submitted_at)`,
  `create table self_registration_photo (
    self_registration_id text not null references self_registration (id),
    photo text not null check (photo in ('id-card', 'portrait')),
    content_id text not null references attachment_content (id),
    primary key (self_registration_id, photo)
  )`,
  `create index self_registration_photo_content on self_registration_photo (content_id)`,
  // Proofs of work that were used, until they would have run out anyhow.
  `create table used_work (challenge text primary key not null, expires_at text not null)`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
