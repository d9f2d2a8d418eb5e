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
}

export type Who = Pick<Principal, 'accountId' | 'organizationId' | 'deviceId'>
