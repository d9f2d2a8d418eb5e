import { mkdirSync, rmSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { describeDemo, prepareDemo, type Demo } from './start/demo.ts'
import { findElectron } from './start/electron-runtime.ts'
import { claimDirectory, isPortFree } from './start/ports.ts'
import type { Running } from './start/processes.ts'
import { buildPrograms, startBrowserShell, startCentral, workstationArguments } from './start/programs.ts'
import { createShutdown, runUntilDone } from './start/shutdown.ts'
import { hasDisplay, openChromium, openElectron } from './start/window.ts'

/** `npm start`: the whole product with demo data, from a fresh clone to an open window. */
const shutdown = createShutdown()
await runUntilDone(shutdown, start)

async function start(): Promise<void> {
  const options = readOptions()
  const { data, port } = options
  mkdirSync(data, { recursive: true, mode: 0o700 })
  const release = await claimDirectory(data)
  if (!release) throw new Error('Another "npm start" of this folder is running. Stop it first.')
  shutdown.onStop(release)
  if (!(await isPortFree(port))) throw new Error(`Port ${port} is taken. Run: npm start -- --port ${port + 1}`)
  if (options.fresh) for (const folder of ['demo', 'workstation', 'chromium-profile']) rmSync(join(data, folder), { recursive: true, force: true })

  await buildPrograms(shutdown, data)
  const demo = await prepareDemo(data, port)
  const central = await startCentral(shutdown, demo, port, data)
  console.log(describeDemo(demo))
  const workstation = await openWorkstation(demo, options)
  console.log('Ctrl-C stops everything.')
  await Promise.race([central, ...workstation].map(endOf))
}

/** @throws Error with the end of its log where it did not end well */
async function endOf(program: Running): Promise<void> {
  const code = await program.exited
  if (code !== 0) throw new Error(`${program.name} has ended with ${code === null ? 'a signal' : `code ${code}`}.\n${program.lastWords()}`)
}

interface Options {
  data: string
  port: number
  fresh: boolean
  window: boolean
  electron: boolean
}

function readOptions(): Options {
  const { values } = parseArgs({
    options: {
      'data': { type: 'string', default: 'data' },
      'port': { type: 'string', default: '8443' },
      'fresh': { type: 'boolean', default: false },
      'no-window': { type: 'boolean', default: false },
      'electron': { type: 'boolean', default: false },
    },
  })
  const port = Number(values.port)
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw new Error(`Not a port: ${values.port}`)
  return { data: resolve(values.data), port, fresh: values.fresh, window: !values['no-window'] && hasDisplay, electron: values.electron }
}

/**
 * In Electron where it can be had; else the same host and page in a Chromium window; else the address alone.
 * @returns the programs of which none may end without the others
 */
async function openWorkstation(demo: Demo, { data, window, electron }: Options): Promise<Running[]> {
  if (window) {
    const search = { outcomeFile: join(data, 'electron-outcome.json'), logFile: join(data, 'logs', 'electron-fetch.log'), tryAgain: electron }
    const found = await findElectron(shutdown, search)
    const opened = 'path' in found ? await tryElectron(found.path, demo, data) : found.reason
    if (typeof opened !== 'string') return [opened]
    console.log(`Electron: ${opened}. Opening a Chromium window instead.`)
  }
  const { shell, url } = await startBrowserShell(shutdown, demo, data)
  const keyFile = relative('.', join(data, 'workstation', 'browser', 'secret-store.key'))
  console.log(`Keys of local data lie in ${keyFile} (0600), not in the system's secret store.`)
  if (!window) {
    console.log(`Open once, in one browser: ${url}`)
    return [shell]
  }
  return [shell, shutdown.track(openChromium(url, data))]
}

const electronSettlesMs = 5_000

/** @returns the running program, or why it did not run */
async function tryElectron(path: string, demo: Demo, data: string): Promise<Running | string> {
  const electron = shutdown.track(openElectron(path, workstationArguments(demo, data, 'electron'), { ...demo.env }, data))
  const code = await Promise.race([electron.exited, delay(electronSettlesMs, 'settled' as const, { ref: false })])
  if (code === 'settled' || code === 0) return electron
  return `it ended with code ${code ?? 'none'} (${relative('.', join(data, 'logs', 'electron.log'))})`
}
