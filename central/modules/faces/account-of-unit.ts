import type { CentralDb } from '../../database/database.ts'
import type { Who } from '../../service-context.ts'

/** Whom a queued write names as the one who did it. Of no other unit's clerk can this one say anything: then it was the one whose session tells it. */
export async function accountOfUnit(db: CentralDb, who: Who, told: string): Promise<string> {
  const account = await db.selectFrom('account').select('id').where('id', '=', told).where('organization_id', '=', who.organizationId).executeTakeFirst()
  return account?.id ?? who.accountId
}
