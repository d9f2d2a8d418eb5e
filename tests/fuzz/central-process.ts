import { flushCompileCache } from 'node:module'
import Database from 'better-sqlite3'
// Only to have everything loaded by the time it is wanted.
import '../../central/app.ts'
import '../../central/config.ts'
import '../../central/storage.ts'
import '../../central/sweep.ts'
import { countCommits } from './crash-points.ts'
import type { FromCentral, ToCentral } from './messages.ts'

/** The central service's own program, begun on command and dying at a given commit. */
const dieAt = countCommits(Database.prototype)
const tell = (message: FromCentral) => void process.send?.(message)

// What it says to whoever started it: its address on stdout, and a line for each request and fault on stderr.
console.log = (line: string) => tell({ kind: 'opened', url: (JSON.parse(line) as { url: string }).url })
console.error = (line: string) => {
  if (!line.startsWith('{') || (JSON.parse(line) as { level: string }).level === 'error') tell({ kind: 'fault', message: line })
}

async function handle(message: ToCentral): Promise<void> {
  if (message.kind === 'die') return dieAt(message.point)
  Object.assign(process.env, message.env)
  await import('../../central/server.ts')
}

process.on('message', (message) => {
  handle(message as ToCentral).catch((error: unknown) => tell({ kind: 'fault', message: String(error) }))
})
process.on('disconnect', () => process.exit(0))
// A process that is killed writes nothing at its end.
flushCompileCache()
tell({ kind: 'loaded' })
