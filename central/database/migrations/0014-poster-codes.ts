import { sql, type Kysely } from 'kysely'

// Frozen: a change is a new migration. Plain SQL that SQLite and PostgreSQL both read.
const statements = [
  `create table poster_code (
    code text primary key not null,
    organization_id text not null references organization (id),
    project_id text not null references project (id),
    issued_at text not null,
    issued_by text not null,
    expires_at text not null,
    revoked_at text,
    revoked_by text,
    stopped integer not null default 0
  )`,
  `create unique index poster_code_live on poster_code (organization_id, project_id) where revoked_at is null`,
  `create index poster_code_project on poster_code (organization_id, project_id, issued_at)`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
