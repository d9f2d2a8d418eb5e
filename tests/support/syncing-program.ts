import { writeSync } from 'node:fs'
import { openWorkstation, type SyncUnit } from './sync-rig.ts'

/** A workstation in a process of its own that signs in and sends what waits in its file. Started with folder, unit as JSON and the address; tells how it came out. */
const [folder, unit, url] = process.argv.slice(2) as [string, string, string]
const station = await openWorkstation(folder, JSON.parse(unit) as SyncUnit, { url }, {})
writeSync(1, `${JSON.stringify(await station.connect())}\n`)
await station.close()
