import { sql, type Kysely } from 'kysely'

// Frozen: a change is a new migration. Plain SQL that SQLite and PostgreSQL both read.
const statements = [
  // Bytes, once a unit however many attachments they are. Without a hash they are not all here yet.
  `create table attachment_content (
    id text primary key not null,
    organization_id text not null references organization (id),
    content_hash text,
    media_type text not null,
    size bigint not null,
    key_sealed text not null,
    created_at text not null
  )`,
  `create unique index attachment_content_hash on attachment_content (organization_id, content_hash)`,
  // Each a sealed file of its own, one after the other. The key lets one of two that come at once win.
  `create table attachment_part (
    content_id text not null references attachment_content (id),
    from_byte bigint not null,
    size bigint not null,
    sealed_size bigint not null,
    file text not null,
    primary key (content_id, from_byte)
  )`,
  `create table attachment (
    id text primary key not null,
    organization_id text not null references organization (id),
    registration_id text references registration (id),
    type text not null,
    proof_date text,
    content_id text not null references attachment_content (id),
    details_sealed text not null,
    account_id text not null references account (id),
    uploaded_at text not null
  )`,
  `create index attachment_registration on attachment (registration_id)`,
  `create index attachment_organization on attachment (organization_id, registration_id)`,
  `create index attachment_content_use on attachment (content_id)`,
  // Has the id of the attachment that it is to become.
  `create table attachment_upload (
    id text primary key not null,
    organization_id text not null references organization (id),
    registration_id text,
    type text not null,
    proof_date text,
    content_id text not null unique references attachment_content (id),
    details_sealed text not null,
    touched_at text not null
  )`,
  `create index attachment_upload_age on attachment_upload (touched_at)`,
  // What the feed of changes tells: whose attachments changed last at which number. '' is the unit itself.
  `create table attachment_change (
    organization_id text not null references organization (id),
    owner_id text not null,
    seq bigint not null,
    primary key (organization_id, owner_id)
  )`,
  `create index attachment_change_seq on attachment_change (organization_id, seq)`,
  // Bytes whose last use is gone; their files go next.
  `create table attachment_waste (content_id text primary key not null, since text not null)`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
