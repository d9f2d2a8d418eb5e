import { sql, type Kysely } from 'kysely'

// Frozen: a change is a new migration. Plain SQL that SQLite and PostgreSQL both read.
const statements = [
  // Events from before this migration have neither: nobody knows any more what was in them when they were written.
  `alter table audit_event add column chain_position bigint`,
  `alter table audit_event add column chain_hash text`,
  `create index audit_event_chain on audit_event (organization_id, chain_position)`,
  // The end of each chain: one a unit, and '' for what belongs to none.
  `create table audit_chain (
    chain text primary key not null,
    position bigint not null,
    hash text not null,
    seal text not null
  )`,
]

export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db)
}
