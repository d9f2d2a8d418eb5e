import type { CentralDb } from '../../database/database.ts'

/** What the list of projects asks of the bindings of people to them. Only bindings that have not ended count. */
export interface BoundPeople {
  /** 现场作业人员数量 of a unit, by project; one that is not named has none. */
  workersOf(db: CentralDb, organizationId: string, projectIds: readonly string[]): Promise<ReadonlyMap<string, number>>
  /** Everybody of a unit on a project: with one of them it stays in the list. */
  count(db: CentralDb, organizationId: string, projectId: string): Promise<number>
}

export const boundPeople: BoundPeople = {
  workersOf: async (db, organizationId, projectIds) => {
    const rows = await db
      .selectFrom('binding')
      .select(['project_id', (eb) => eb.fn.countAll<number | string>().as('people')])
      .where('organization_id', '=', organizationId)
      .where('project_id', 'in', projectIds)
      .where('person_type', '=', 'worker')
      .where('status', '<>', 'ended')
      .groupBy('project_id')
      .execute()
    return new Map(rows.map(({ project_id, people }) => [project_id, Number(people)]))
  },
  count: async (db, organizationId, projectId) => {
    const { people } = await db
      .selectFrom('binding')
      .select((eb) => eb.fn.countAll<number | string>().as('people'))
      .where('organization_id', '=', organizationId)
      .where('project_id', '=', projectId)
      // Whom the unit has filed stands there by itself: bound is who was submitted and not returned.
      .where((eb) => eb.or([eb('status', 'in', ['pending', 'approved']), eb.and([eb('status', '<>', 'ended'), eb('filed_person_id', 'is', null)])]))
      .executeTakeFirstOrThrow()
    return Number(people)
  },
}
