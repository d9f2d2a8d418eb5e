import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { openCentralDatabase, type DatabaseLocation } from '../../../central/database/open.ts'
import type { Stage } from './central-stage.ts'

/** bare-service.ts on a database of its own, in which the units of the stage are. */
export async function startBare(location: DatabaseLocation, stage: Stage): Promise<{ url: string; stop(): Promise<void> }> {
  const { db, close } = await openCentralDatabase(location)
  for (const organization of await stage.database.db.selectFrom('organization').selectAll().execute()) await db.insertInto('organization').values(organization).execute()
  await close()
  const program = spawn(process.execPath, [fileURLToPath(new URL('bare-service.ts', import.meta.url)), JSON.stringify(location)], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(createInterface(program.stdout), 'line')) as [string]
  return {
    url: (JSON.parse(line) as { url: string }).url,
    stop: async () => {
      program.kill()
      await once(program, 'exit')
    },
  }
}
