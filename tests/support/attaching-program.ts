import { createHash } from 'node:crypto'
import { writeSync } from 'node:fs'
import { addFile, contentOf } from './attachment-files.ts'
import { openWorkstation, type SyncUnit } from './sync-rig.ts'

/**
 * A workstation in a process of its own, until it is killed. With a registration's id it adds files to it and tells each once it was acknowledged, one JSON
 * a line; without one it signs in and uploads what waits. Started with folder, unit as JSON, the address, and the id.
 */
const [folder, unit, url, recordId] = process.argv.slice(2) as [string, string, string, string?]
const sizes = [900, 300_000, 1_300_000, 70_000, 256 << 10]
const station = await openWorkstation(folder, JSON.parse(unit) as SyncUnit, { url }, {})
if (recordId === undefined) {
  await station.connect()
  setInterval(() => undefined, 60_000)
} else {
  for (let count = 0; ; count++) {
    const content = contentOf('pdf', sizes[count % sizes.length] ?? 1)
    const { id } = await addFile(station.attachments, { recordId, content, name: `文件${count}.pdf` })
    writeSync(1, `${JSON.stringify({ id, sha256: createHash('sha256').update(content).digest('hex') })}\n`)
  }
}
