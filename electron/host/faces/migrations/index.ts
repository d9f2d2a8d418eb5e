import type { NumberedMigration } from '../../database/migrations/index.ts'
import * as m0001 from './0001-faces.ts'

/** Of the face file; as those of the unit's file, docs/how-to-add-migration.md. */
export const faceMigrations: readonly NumberedMigration[] = [{ number: 1, up: m0001.up }]
