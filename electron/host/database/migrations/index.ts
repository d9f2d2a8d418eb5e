import type { Kysely } from 'kysely'
import * as m0001 from './0001-registrations.ts'
import * as m0002 from './0002-syllables.ts'
import * as m0003 from './0003-attachments.ts'
import * as m0004 from './0004-roster-imports.ts'
import * as m0005 from './0005-transfers.ts'
import * as m0006 from './0006-projects.ts'
import * as m0007 from './0007-person-type.ts'
import * as m0008 from './0008-bindings.ts'
import * as m0009 from './0009-face-upload.ts'
import * as m0010 from './0010-face-checks.ts'

export interface NumberedMigration {
  readonly number: number
  readonly up: (db: Kysely<unknown>) => Promise<void>
}

/** In order, without gaps; see docs/how-to-add-migration.md. */
export const localMigrations: readonly NumberedMigration[] = [
  { number: 1, up: m0001.up },
  { number: 2, up: m0002.up },
  { number: 3, up: m0003.up },
  { number: 4, up: m0004.up },
  { number: 5, up: m0005.up },
  { number: 6, up: m0006.up },
  { number: 7, up: m0007.up },
  { number: 8, up: m0008.up },
  { number: 9, up: m0009.up },
  { number: 10, up: m0010.up },
]
