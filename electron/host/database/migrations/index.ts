import type { Kysely } from 'kysely'
import * as m0001 from './0001-registrations.ts'

export interface NumberedMigration {
  readonly number: number
  readonly up: (db: Kysely<unknown>) => Promise<void>
}

/** In order, without gaps; see docs/how-to-add-migration.md. */
export const localMigrations: readonly NumberedMigration[] = [{ number: 1, up: m0001.up }]
