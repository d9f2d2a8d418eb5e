import type { CentralDb } from '../../database/database.ts'

/** A binding to a project that has not ended. */
export interface LiveBinding {
  readonly filingNo: string
  readonly name: string
}

/**
 * What 离职迁出 asks of the bindings of a registration to projects. The one place where the two meet: whoever builds the bindings
 * puts theirs here, and nothing else of 离职迁出 changes.
 */
export interface LiveBindings {
  /** Those of the unit's own registration; shown before 离职迁出 is confirmed. */
  of(db: CentralDb, registrationId: string): Promise<readonly LiveBinding[]>
  /** Ends them all, in the transaction that ends the registration. @returns how many */
  end(trx: CentralDb, registrationId: string, at: string): Promise<number>
}

/** There are no bindings yet. */
export const noBindings: LiveBindings = { of: async () => [], end: async () => 0 }
