import { accessSync, constants, existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Demo } from './demo.ts'
import { startProcess, type Running } from './processes.ts'
import type { Shutdown } from './shutdown.ts'

/** Builds what has changed. @throws Error with the end of what the build says where it fails, EACCES where it may not write */
export async function buildPrograms(shutdown: Shutdown, data: string): Promise<void> {
  for (const folder of ['.', 'out', 'node_modules', data].filter((path) => existsSync(path))) accessSync(folder, constants.W_OK)
  // On stderr: the bench's stdout is its result.
  console.error('Building what has changed …')
  const build = shutdown.track(
    startProcess('the build', { command: process.execPath, args: ['build/bundle.ts', '--if-changed'], logFile: join(data, 'logs', 'build.log') }),
  )
  if ((await build.exited) !== 0) throw new Error(`The build failed.\n${build.lastWords()}`)
}

/** Starts the central service and waits until it serves. */
export async function startCentral(shutdown: Shutdown, demo: Demo, port: number, data: string): Promise<Running> {
  const central = shutdown.track(
    startProcess('the central service', {
      command: process.execPath,
      args: ['out/central/server.js'],
      // So that there is something to review; a service without this setting approves by itself.
      env: { ...demo.centralEnv, CENTRAL_PORT: String(port), CENTRAL_APPROVES_AUTOMATICALLY: '0' },
      logFile: join(data, 'logs', 'central.log'),
    }),
  )
  await central.firstLine
  return central
}

/**
 * Both shells take the same ones.
 * @param name of the folder in `data/workstation`: each shell keeps its local data under keys that the other cannot open
 */
export function workstationArguments(demo: Demo, data: string, name: string): string[] {
  return ['--data', join(data, 'workstation', name), '--central', demo.centralUrl, '--central-ca', demo.centralCaFile, '--token-driver', demo.tokenDriver]
}

/** Starts host and page server; `url` opens the page once. */
export async function startBrowserShell(shutdown: Shutdown, demo: Demo, data: string, name = 'browser', more: readonly string[] = []): Promise<{ shell: Running; url: string }> {
  const shell = shutdown.track(
    startProcess('the workstation', {
      command: process.execPath,
      args: ['out/browser/index.js', ...workstationArguments(demo, data, name), ...more],
      env: { ...demo.env },
      logFile: join(data, 'logs', `workstation-${name}.log`),
    }),
  )
  const { url } = JSON.parse(await shell.firstLine) as { url: string }
  return { shell, url }
}
