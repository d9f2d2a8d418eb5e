import type { Kysely } from 'kysely'
import * as m0001 from './0001-registrations.ts'
import * as m0002 from './0002-sign-in.ts'
import * as m0003 from './0003-certificate-standing.ts'
import * as m0004 from './0004-audit-chain.ts'
import * as m0005 from './0005-password-by-operator.ts'
import * as m0006 from './0006-session-ended.ts'
import * as m0007 from './0007-attachments.ts'
import * as m0008 from './0008-transfers.ts'
import * as m0009 from './0009-reviews-and-reveals.ts'
import * as m0010 from './0010-exported-numbers.ts'
import * as m0011 from './0011-unit-accounts.ts'
import * as m0012 from './0012-projects.ts'
import * as m0013 from './0013-bindings.ts'
import * as m0014 from './0014-poster-codes.ts'
import * as m0015 from './0015-binding-post.ts'
import * as m0016 from './0016-identity-checks.ts'
import * as m0017 from './0017-self-registrations.ts'
import * as m0018 from './0018-faces.ts'
import * as m0019 from './0019-face-sent.ts'
import * as m0020 from './0020-face-sign-in.ts'

export interface NumberedMigration {
  readonly number: number
  readonly up: (db: Kysely<unknown>) => Promise<void>
}

/** In order, without gaps; see docs/how-to-add-migration.md. */
export const centralMigrations: readonly NumberedMigration[] = [
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
  { number: 11, up: m0011.up },
  { number: 12, up: m0012.up },
  { number: 13, up: m0013.up },
  { number: 14, up: m0014.up },
  { number: 15, up: m0015.up },
  { number: 16, up: m0016.up },
  { number: 17, up: m0017.up },
  { number: 18, up: m0018.up },
  { number: 19, up: m0019.up },
  { number: 20, up: m0020.up },
]
