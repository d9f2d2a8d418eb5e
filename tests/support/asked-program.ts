import { writeSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import Database from 'better-sqlite3-multiple-ciphers'
import { backUp } from '../../electron/host/database/backups.ts'
import { openTestUnit, unitKey } from './local-unit.ts'
import { personValues } from './people.ts'

/**
 * A workstation's host in a process of its own, under whatever limits it was started with: for each number on stdin it
 * registers that person and tells on stdout what came of it, one JSON a line; for the word `backup` it makes one. Started with the directory and, to feel
 * file permissions where the tests run as root, the user id to become once everything is loaded.
 */
const [directory, uid] = process.argv.slice(2) as [string, string?]
new Database(':memory:').close()
if (uid !== undefined && process.getuid?.() === 0) {
  process.setgid?.(Number(uid))
  process.setuid?.(Number(uid))
}
const tell = (line: object) => writeSync(1, `${JSON.stringify(line)}\n`)
const problemOf = (error: unknown) => ({ code: (error as { code?: unknown }).code ?? String(error), sentence: (error as { sentence?: unknown }).sentence })

const unit = await openTestUnit(directory).catch((error: unknown) => void tell({ opened: false, ...problemOf(error) }))
if (unit) {
  tell({ opened: true })
  for await (const line of createInterface({ input: process.stdin })) {
    try {
      if (line === 'backup') {
        await backUp(unit.local, join(directory, 'backups'), unitKey, new Date().toISOString().replaceAll(':', '-'))
        tell({ backedUp: true })
        continue
      }
      const values = personValues(Number(line))
      const { id } = await unit.registrations.begin({ idCardNo: values.idCardNo })
      await unit.registrations.submit({ id, values, revision: 1 })
      tell({ saved: Number(line), id })
    } catch (error) {
      tell({ ...(line === 'backup' ? { backedUp: false } : { refused: Number(line) }), ...problemOf(error) })
    }
  }
  await unit.close()
}
