import { sql, type Kysely } from 'kysely'
import { migrateCentral } from '../../central/database/migrate.ts'
import { centralMigrations } from '../../central/database/migrations/index.ts'
import { openCentralDatabase, type DatabaseLocation } from '../../central/database/open.ts'

/** A newer central service that is killed in the middle of bringing its database to its schema. Started with the location as JSON. */
const location = JSON.parse(process.argv[2] ?? '') as DatabaseLocation
const { db, kind } = await openCentralDatabase(location)
await migrateCentral(db as Kysely<unknown>, kind, [
  ...centralMigrations,
  {
    number: (centralMigrations.at(-1)?.number ?? 0) + 1,
    up: async (trx) => {
      await sql`alter table registration add column half text`.execute(trx)
      await sql`update registration set half = name`.execute(trx)
      process.kill(process.pid, 'SIGKILL')
      await new Promise(() => undefined)
    },
  },
])
