import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { startProcess } from './processes.ts'
import type { Shutdown } from './shutdown.ts'

interface Outcome {
  version: string
  found: boolean
  reason: string
}

export interface ElectronSearch {
  /** Keeps how the fetch went. */
  outcomeFile: string
  logFile: string
  tryAgain: boolean
  packageFolder?: string
  withinMs?: number
}

/**
 * Electron's program, fetched by its npm package where it is not there yet. That is tried once and its outcome kept,
 * because a network that refuses it takes half a minute to say so.
 * @returns its path, or why it cannot be had
 */
export async function findElectron(
  shutdown: Pick<Shutdown, 'track'>,
  { outcomeFile, logFile, tryAgain, packageFolder = 'node_modules/electron', withinMs = 30_000 }: ElectronSearch,
): Promise<{ path: string } | { reason: string }> {
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8')) as { version: string }
  const installed = installedPath(packageFolder)
  if (installed) return { path: installed }
  const known = readOutcome(outcomeFile, version)
  if (known && !tryAgain) return { reason: `${known.reason}; "npm start -- --electron" tries again` }

  console.log(`Fetching Electron (once, at most ${withinMs / 1000} s) …`)
  const fetching = shutdown.track(startProcess('the fetch of Electron', { command: process.execPath, args: [join(packageFolder, 'install.js')], logFile }))
  const code = await Promise.race([fetching.exited, delay(withinMs, 'late' as const, { ref: false })])
  if (code === 'late') fetching.kill()
  const path = code === 0 ? installedPath(packageFolder) : undefined
  const reason = path ? '' : code === 'late' ? `its runtime did not arrive within ${withinMs / 1000} s` : 'its runtime could not be fetched'
  mkdirSync(dirname(outcomeFile), { recursive: true })
  writeFileSync(outcomeFile, `${JSON.stringify({ version, found: path !== undefined, reason } satisfies Outcome)}\n`)
  return path ? { path } : { reason }
}

/** Where Electron's package says its program is, once it has been fetched. */
function installedPath(packageFolder: string): string | undefined {
  const pathFile = join(packageFolder, 'path.txt')
  if (!existsSync(pathFile)) return undefined
  const path = join(packageFolder, 'dist', readFileSync(pathFile, 'utf8'))
  return existsSync(path) ? path : undefined
}

function readOutcome(file: string, version: string): Outcome | undefined {
  if (!existsSync(file)) return undefined
  const outcome = JSON.parse(readFileSync(file, 'utf8')) as Outcome
  return outcome.version === version && !outcome.found ? outcome : undefined
}
