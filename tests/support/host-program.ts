import { mkdirSync, writeSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
// First: it changes what the host then imports.
import '../fuzz/cheap-passwords.ts'
import { openKeyFileSecrets } from '../../electron/browser/key-file-secrets.ts'
import { createHost } from '../../electron/host/index.ts'
import { createTransportPair, type Frame } from '../../shared/wire/transport.ts'
import { dialogsCancelled, printingUnavailable, startFaceScan, startRosterReader } from './shell-ports.ts'

/** The whole host in a process of its own; the page is whoever writes calls to stdin and reads replies on stdout, one JSON a line. Started with the data folder and the central service's address. */
const [data, centralUrl] = process.argv.slice(2) as [string, string]
const quiet = () => undefined
mkdirSync(data, { recursive: true })
const host = await createHost({
  shell: 'browser', version: '0.0.0', clock: { now: () => new Date() }, log: { info: quiet, warn: quiet, error: quiet },
  paths: { data, resources: fileURLToPath(new URL('../../resources', import.meta.url)) },
  config: { centralUrl, centralCa: null, allowPlainHttp: true, tokenDriver: null },
  secrets: await openKeyFileSecrets(data),
  startKeyProcess: () => {
    throw new Error('no CA locks here')
  },
  dialogs: dialogsCancelled,
  startRosterReader,
  startFaceScan,
  printing: printingUnavailable,
})
const [ours, theirs] = createTransportPair()
ours.onFrame((frame) => void writeSync(1, `${JSON.stringify(frame)}\n`))
host.attach(theirs)
writeSync(1, `${JSON.stringify({ kind: 'opened' })}\n`)
for await (const line of createInterface({ input: process.stdin })) ours.send(JSON.parse(line) as Frame)
await host.close()
