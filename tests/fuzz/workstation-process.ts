import { mkdirSync } from 'node:fs'
import { flushCompileCache } from 'node:module'
// First: it changes what the host then imports.
import './cheap-passwords.ts'
import Database from 'better-sqlite3-multiple-ciphers'
import { openKeyFileSecrets } from '../../electron/browser/key-file-secrets.ts'
import { createHost, type Host } from '../../electron/host/index.ts'
import type { Log } from '../../electron/host/ports.ts'
import type { Transport } from '../../shared/wire/transport.ts'
import { countCommits } from './crash-points.ts'
import type { FromWorkstation, ToWorkstation } from './messages.ts'
import { dialogsCancelled, printingUnavailable, startFaceScan, startRosterReader } from '../support/shell-ports.ts'

/** A workstation's host in a process of its own; the page is whoever holds the other end of its channel. */
const dieAt = countCommits(Database.prototype)
const tell = (message: FromWorkstation) => void process.send?.(message)
const listeners: ((frame: unknown) => void)[] = []
let ahead = 0
let host: Host | undefined

const quiet = () => undefined
const log: Log = {
  info: quiet,
  warn: quiet,
  error: (message, error) => tell({ kind: 'fault', message: `${message}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}` }),
}

/** The fuzzer moves the clock by minutes and has no hands: the lock that falls after a quarter of an hour is not what it is about. */
const neverAway = 60 * 24 * 365

const page: Transport = {
  send: (frame) => tell({ kind: 'frame', frame }),
  onFrame: (listener) => void listeners.push(listener),
  onClose: quiet,
  close: quiet,
}

async function open({ data, resources, centralUrl }: Extract<ToWorkstation, { kind: 'open' }>): Promise<void> {
  mkdirSync(data, { recursive: true })
  host = await createHost({
    shell: 'browser', version: '0.0.0', log,
    clock: { now: () => new Date(Date.now() + ahead) },
    paths: { data, resources },
    config: { centralUrl, centralCa: null, allowPlainHttp: true, tokenDriver: null, lockAfterMinutes: neverAway },
    secrets: await openKeyFileSecrets(data),
    startKeyProcess: () => {
      throw new Error('no CA locks here')
    },
    dialogs: dialogsCancelled,
    startRosterReader,
    startFaceScan,
    printing: printingUnavailable,
  })
  host.attach(page)
  tell({ kind: 'opened' })
}

async function handle(message: ToWorkstation): Promise<void> {
  switch (message.kind) {
    case 'open':
      ahead = message.ahead
      return open(message)
    case 'ahead':
      ahead += message.milliseconds
      return
    case 'die':
      return dieAt(message.point)
    case 'frame':
      for (const listener of listeners) listener(message.frame)
      return
    case 'close':
      await host?.close()
      process.exit(0)
  }
}

process.on('message', (message) => {
  handle(message as ToWorkstation).catch((error: unknown) => tell({ kind: 'fault', message: String(error) }))
})
process.on('disconnect', () => process.exit(0))
// A process that is killed writes nothing at its end.
flushCompileCache()
tell({ kind: 'loaded' })
