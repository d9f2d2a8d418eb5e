import { sql, type Kysely } from 'kysely'

// Frozen: a change is a new migration.
export async function up(db: Kysely<unknown>): Promise<void> {
  // 项目岗位 of a filed manager, kept when the filing is gone: 修缮工程工作经历 tells it for good.
  await sql`alter table binding add column post text not null default ''`.execute(db)
}
