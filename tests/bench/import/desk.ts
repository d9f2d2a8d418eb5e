import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { startThread } from '../../../electron/shell-common/worker-thread.ts'
import { openTestUnit } from '../../support/local-unit.ts'
import { rosterDesk } from '../../support/rosters.ts'

/** The reader as it ships. */
const reader = fileURLToPath(new URL('../../../out/browser/roster-reader.js', import.meta.url))

/** A unit's new, empty file with 导入名册 over it. */
export async function openDesk(directory: string) {
  const folder = join(directory, randomUUID())
  mkdirSync(folder)
  const unit = await openTestUnit(folder)
  const desk = rosterDesk(unit, () => startThread(reader))
  return {
    unit,
    desk,
    close: async () => {
      await desk.service.close()
      await unit.close()
    },
  }
}
