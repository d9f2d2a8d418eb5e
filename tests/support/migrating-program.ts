import { sql } from 'kysely'
import { localMigrations } from '../../electron/host/database/migrations/index.ts'
import { openLocalDatabase } from '../../electron/host/database/open-local-database.ts'
import { unitKey } from './local-unit.ts'

/** A newer program that is killed in the middle of bringing the file to its schema. Started with the file. */
const [path] = process.argv.slice(2) as [string]
await openLocalDatabase(path, unitKey, {
  migrations: [
    ...localMigrations,
    {
      number: localMigrations.length + 1,
      up: async (db) => {
        await sql`alter table record add column employer text`.execute(db)
        // More than the cache holds: much of it has gone to the journal.
        await sql`pragma cache_size = 20`.execute(db)
        await sql`create table copy as select a.* from record a, record b`.execute(db)
        process.kill(process.pid, 'SIGKILL')
        await new Promise(() => undefined)
      },
    },
  ],
})
