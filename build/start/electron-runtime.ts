import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

interface Outcome {
  version: string
  found: boolean
  reason: string
}

const fetchWithinMs = 30_000
const folder = 'node_modules/electron'

/**
 * Electron's program, fetched by its npm package where it is not there yet. That is tried once and its outcome kept in
 * `outcomeFile`, because a network that refuses it takes half a minute to say so.
 * @returns its path, or why it cannot be had
 */
export function findElectron(outcomeFile: string, tryAgain: boolean): { path: string } | { reason: string } {
  const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { version: string }
  const installed = installedPath()
  if (installed) return { path: installed }
  const known = readOutcome(outcomeFile, version)
  if (known && !tryAgain) return { reason: `${known.reason}; "npm start -- --electron" tries again` }

  console.log('Fetching Electron (once, at most 30 s) …')
  const install = spawnSync(process.execPath, [join(folder, 'install.js')], { encoding: 'utf8', timeout: fetchWithinMs, killSignal: 'SIGKILL' })
  const path = install.status === 0 ? installedPath() : undefined
  const reason = path ? '' : install.signal ? 'its runtime did not arrive within 30 s' : 'its runtime could not be fetched'
  mkdirSync(dirname(outcomeFile), { recursive: true })
  writeFileSync(outcomeFile, `${JSON.stringify({ version, found: path !== undefined, reason } satisfies Outcome)}\n`)
  return path ? { path } : { reason }
}

/** Where Electron's package says its program is, once it has been fetched. */
function installedPath(): string | undefined {
  const pathFile = join(folder, 'path.txt')
  if (!existsSync(pathFile)) return undefined
  const path = join(folder, 'dist', readFileSync(pathFile, 'utf8'))
  return existsSync(path) ? path : undefined
}

function readOutcome(file: string, version: string): Outcome | undefined {
  if (!existsSync(file)) return undefined
  const outcome = JSON.parse(readFileSync(file, 'utf8')) as Outcome
  return outcome.version === version && !outcome.found ? outcome : undefined
}
