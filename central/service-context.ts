import type { Kysely } from 'kysely'
import type { Principal } from './auth/auth-context.ts'
import type { Database } from './database/database.ts'
import type { PersonalData } from './personal-data/personal-data.ts'

/** What every service function stands on. */
export interface ServiceContext {
  readonly db: Kysely<Database>
  readonly clock: { now(): Date }
  readonly epoch: string
  readonly personal: PersonalData
  /**
   * Operator switch: what is handed in is approved by itself (审核通过, as the manual's screens show), and nobody is asked.
   * Absent: somebody with 登记审核 decides.
   */
  readonly approvesAutomatically?: boolean
  /** Operator switch: nobody is submitted to a project before an identity check has passed. Absent: so it is. */
  readonly identityCheckRequired?: boolean
}

export type Who = Pick<Principal, 'accountId' | 'organizationId' | 'deviceId'>
