import type { CentralDb } from '../../database/database.ts'

/**
 * What the list of projects asks of the bindings of people to them. The one place where the two meet: whoever builds the bindings puts
 * theirs here. Only bindings that have not ended count.
 */
export interface BoundPeople {
  /** 现场作业人员数量 of a unit, by project; one that is not named has none. */
  workersOf(db: CentralDb, organizationId: string, projectIds: readonly string[]): Promise<ReadonlyMap<string, number>>
  /** Everybody of a unit on a project: with one of them it stays in the list. */
  count(db: CentralDb, organizationId: string, projectId: string): Promise<number>
}

/** There are no bindings yet. */
export const nobodyBound: BoundPeople = { workersOf: async () => new Map(), count: async () => 0 }
