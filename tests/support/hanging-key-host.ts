import { writeFileSync } from 'node:fs'
import { setTimeout as after } from 'node:timers/promises'
import { startKeys, until } from './key-service-rig.ts'

/** A host whose key process hangs in its library, for a test that kills it. Takes the module and a file that makes it hang. */
const [modulePath, faultFile] = process.argv.slice(2)
if (!modulePath || !faultFile) throw new Error('usage: hanging-key-host MODULE FAULT_FILE')

const { service } = startKeys(modulePath, { pollEvery: 3_600_000, deadlines: { load: 3_600_000, login: 3_600_000, sign: 3_600_000, other: 3_600_000 } })
await until('a look at the keys', () => service.state().phase === 'ready')
await service.refresh()
writeFileSync(faultFile, '')
const answer = await Promise.race([service.refresh().then(() => 'answered'), after(500, 'hangs')])
console.log(answer)
