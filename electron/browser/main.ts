import { mkdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { AppError } from '../../shared/errors/app-error.ts'
import { createSimulatedReader } from '../host/id-card-reader/simulated-reader.ts'
import { readDisplaySettings } from '../host/display-settings.ts'
import { createHost } from '../host/index.ts'
import { openKeyFileSecrets } from './key-file-secrets.ts'
import { chromiumPdf } from './chromium-pdf.ts'
import { faceThresholdsIn } from './face-thresholds.ts'
import { lockAfterIn } from './lock-after.ts'
import { dressPage } from '../shell-common/dress-page.ts'
import { createFileLog } from '../shell-common/file-log.ts'
import { startThread } from '../shell-common/worker-thread.ts'
import { startLoopbackServer } from './loopback-server.ts'
import { startNodeKeyProcess } from './node-key-process.ts'
import { createPageDialogs } from './page-dialogs.ts'
import { claimSingleInstance } from './single-instance.ts'

/**
 * The browser shell: the same host and page as the desktop program, for a Chromium window where Electron cannot be had.
 * For demonstration, tests and measurements; never packaged.
 */
const options = parseArgs({
  options: {
    'data': { type: 'string' },
    'central': { type: 'string' },
    'central-ca': { type: 'string' },
    'allow-plain-http': { type: 'boolean', default: false },
    'token-driver': { type: 'string' },
    'lock-after': { type: 'string' },
    'face-thresholds': { type: 'string' },
    'face-attack-model': { type: 'string' },
    'id-card-file': { type: 'string' },
    'port': { type: 'string', default: '0' },
    'page': { type: 'string' },
    'resources': { type: 'string' },
  },
}).values

async function main(): Promise<void> {
  if (!options.data || !options.central) throw new Error('usage: --data DIR --central URL [--central-ca FILE] [--token-driver FILE] [--lock-after MINUTES] [--face-thresholds FILE] [--face-attack-model DIR] [--id-card-file FILE] [--port N]')
  const data = resolve(options.data)
  mkdirSync(data, { recursive: true, mode: 0o700 })
  const release = await claimSingleInstance(data)
  const log = createFileLog(join(data, 'workstation.log'))
  const dialogs = createPageDialogs()
  const host = await createHost({
    shell: 'browser',
    version: readVersion(),
    paths: { data, resources: resolve(options.resources ?? join(import.meta.dirname, '../../resources')) },
    config: {
      centralUrl: options.central,
      centralCa: options['central-ca'] ? readFileSync(options['central-ca'], 'utf8') : null,
      allowPlainHttp: options['allow-plain-http'],
      tokenDriver: options['token-driver'] ? resolve(options['token-driver']) : null,
      ...(options['lock-after'] === undefined ? {} : { lockAfterMinutes: lockAfterIn(options['lock-after']) }),
      ...(options['face-thresholds'] === undefined ? {} : { faceThresholds: faceThresholdsIn(readFileSync(options['face-thresholds'], 'utf8')) }),
    },
    secrets: await openKeyFileSecrets(data),
    startKeyProcess: () => startNodeKeyProcess(join(import.meta.dirname, 'key-process.js')),
    startRosterReader: () => startThread(join(import.meta.dirname, 'roster-reader.js')),
    startFaceScan: () => startThread(join(import.meta.dirname, 'face-scan.js')),
    dialogs: {
      // A page must not bring what is then loaded as a program.
      openFile: () => Promise.reject(new AppError('dialog-unavailable')),
      openDocuments: dialogs.openDocuments,
      saveFile: dialogs.saveFile,
    },
    printing: { toPdf: (html) => chromiumPdf(html) },
    ...(options['id-card-file'] ? { idCardReader: createSimulatedReader(resolve(options['id-card-file'])) } : {}),
    clock: { now: () => new Date() },
    log,
  })
  const attackModel = options['face-attack-model'] ? resolve(options['face-attack-model']) : null
  const server = await startLoopbackServer({
    pageRoot: resolve(options.page ?? join(import.meta.dirname, '../renderer')),
    port: Number(options.port),
    attackModel,
    dress: (html) => dressPage(html, readDisplaySettings(data), { attackModel: attackModel !== null }),
    dialogs: dialogs.serve,
    onConnection: (transport) => {
      dialogs.attach(transport)
      host.attach(transport)
    },
  })
  // Read by whoever started us.
  console.log(JSON.stringify({ url: server.launchUrl, origin: server.origin }))

  let stopping = false
  const stop = async () => {
    if (stopping) return
    stopping = true
    await server.close()
    await host.close()
    dialogs.close()
    release()
    process.exit(0)
  }
  process.on('SIGTERM', () => void stop())
  process.on('SIGINT', () => void stop())
}

function readVersion(): string {
  const text = readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')
  return (JSON.parse(text) as { version: string }).version
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error))
  process.exit(1)
})
