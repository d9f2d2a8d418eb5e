import type { CentralDb } from '../../database/database.ts'

/**
 * Which units' registrations the reviewers of an implementing unit see and decide on (审核范围). Only the operator says so:
 * nobody sees more people than the ones they answer for (PIPL arts. 6, 51).
 */
export async function isInReviewScope(db: CentralDb, reviewerOrganizationId: string, organizationId: string): Promise<boolean> {
  const found = await db
    .selectFrom('review_scope')
    .select('organization_id')
    .where('reviewer_organization_id', '=', reviewerOrganizationId)
    .where('organization_id', '=', organizationId)
    .executeTakeFirst()
  return found !== undefined
}

export function organizationsInScope(db: CentralDb, reviewerOrganizationId: string): Promise<{ id: string; name: string }[]> {
  return db
    .selectFrom('review_scope as s')
    .innerJoin('organization as o', 'o.id', 's.organization_id')
    .select(['o.id', 'o.name'])
    .where('s.reviewer_organization_id', '=', reviewerOrganizationId)
    .orderBy('o.name')
    .orderBy('o.id')
    .execute()
}

export async function addToReviewScope(db: CentralDb, reviewerOrganizationId: string, organizationId: string, at: string): Promise<void> {
  await db
    .insertInto('review_scope')
    .values({ reviewer_organization_id: reviewerOrganizationId, organization_id: organizationId, created_at: at })
    .onConflict((conflict) => conflict.doNothing())
    .execute()
}

export async function takeFromReviewScope(db: CentralDb, reviewerOrganizationId: string, organizationId: string): Promise<void> {
  await db.deleteFrom('review_scope').where('reviewer_organization_id', '=', reviewerOrganizationId).where('organization_id', '=', organizationId).execute()
}
