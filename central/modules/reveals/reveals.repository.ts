import { sql, type Insertable, type Selectable } from 'kysely'
import type { CentralDb, RevealTable } from '../../database/database.ts'

/** @returns false where it was kept before */
export async function insertReveal(trx: CentralDb, row: Insertable<RevealTable>): Promise<boolean> {
  const inserted = await trx.insertInto('reveal').values(row).onConflict((conflict) => conflict.column('id').doNothing()).returning('id').executeTakeFirst()
  return inserted !== undefined
}

export interface RevealFilter {
  /** Instants; the second is the first that does not count any more. */
  readonly from: string | null
  readonly before: string | null
  readonly accountId: string | null
  /** Part of the name, in lower case. */
  readonly name: string | null
}

export type FoundReveal = Selectable<RevealTable> & { name: string | null; display_name: string; teller_name: string }

/** Newest first. */
export function findReveals(db: CentralDb, organizationId: string, filter: RevealFilter, after: { at: string; id: string } | null, limit: number): Promise<FoundReveal[]> {
  return db
    .selectFrom('reveal as v')
    .innerJoin('account as a', 'a.id', 'v.account_id')
    .innerJoin('account as t', 't.id', 'v.sent_by_account_id')
    .leftJoin('registration as r', (join) => join.onRef('r.id', '=', 'v.registration_id').onRef('r.organization_id', '=', 'v.organization_id'))
    .selectAll('v')
    .select(['r.name', 'a.display_name', 't.display_name as teller_name'])
    .where('v.organization_id', '=', organizationId)
    .$if(filter.from !== null, (query) => query.where('v.revealed_at', '>=', filter.from ?? ''))
    .$if(filter.before !== null, (query) => query.where('v.revealed_at', '<', filter.before ?? ''))
    .$if(filter.accountId !== null, (query) => query.where('v.account_id', '=', filter.accountId ?? ''))
    .$if(filter.name !== null, (query) => query.where(sql<boolean>`lower(r.name) like ${`%${(filter.name ?? '').replace(/[\\%_]/g, '\\$&')}%`} escape '\\'`))
    .$if(after !== null, (query) => query.where((eb) => eb.or([eb('v.revealed_at', '<', after?.at ?? ''), eb.and([eb('v.revealed_at', '=', after?.at ?? ''), eb('v.id', '<', after?.id ?? '')])])))
    .orderBy('v.revealed_at', 'desc')
    .orderBy('v.id', 'desc')
    .limit(limit)
    .execute()
}

/** Disabled ones included: they may have looked. */
export function accountsOf(db: CentralDb, organizationId: string): Promise<{ id: string; display_name: string }[]> {
  return db.selectFrom('account').select(['id', 'display_name']).where('organization_id', '=', organizationId).orderBy('username_key').execute()
}
