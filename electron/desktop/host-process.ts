import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { MessagePortMain } from 'electron'
import * as v from 'valibot'
import { createClient } from '../../shared/wire/client.ts'
import { createHost, type Host } from '../host/index.ts'
import type { HostPorts, KeyProcess } from '../host/ports.ts'
import { recoverUnits } from '../host/recovery.ts'
import { createFileLog } from '../shell-common/file-log.ts'
import { startThread } from '../shell-common/worker-thread.ts'
import { hostMessage, mainContract, type HostSettings } from './main-contract.ts'
import { createLateTransport, createPortTransport } from './port-transport.ts'

/** Entry of the host process: the same host as in the browser shell, with what Electron's main process lends it. */
const keyPorts = new Map<number, (port: MessagePortMain) => void>()
let host: Promise<Host> | undefined

process.parentPort.on('message', ({ data, ports: [port] }) => {
  const message = v.parse(hostMessage, data)
  if (message.kind === 'start' && port) host = startHost(createPorts(message.settings, port), message.settings.recoveryKeyFile)
  if (message.kind === 'page' && port) void host?.then((ready) => ready.attach(createPortTransport(port)))
  if (message.kind === 'key-port' && port) keyPorts.get(message.id)?.(port)
  if (message.kind === 'stop') void host?.then((ready) => ready.close()).finally(() => process.exit(0))
})

/** With a recovery key it first makes local data open again. Whatever comes of it, the workstation starts: the log has the outcome. */
async function startHost(ports: HostPorts, recoveryKeyFile: string | null): Promise<Host> {
  if (recoveryKeyFile !== null) {
    try {
      const outcomes = await recoverUnits({ data: ports.paths.data, secrets: ports.secrets, log: ports.log }, readFileSync(recoveryKeyFile, 'utf8'))
      ports.log.warn('recovery of local data', { outcomes })
    } catch (error) {
      ports.log.error('recovery of local data failed', error)
    }
  }
  return createHost(ports)
}

function createPorts(settings: HostSettings, controlPort: MessagePortMain): HostPorts {
  const main = createClient(mainContract, createPortTransport(controlPort))
  const log = createFileLog(join(settings.data, 'workstation.log'))
  let lastKeyProcess = 0

  function startKeyProcess(): KeyProcess {
    const id = ++lastKeyProcess
    const { transport, connect, end } = createLateTransport()
    keyPorts.set(id, connect)
    const unsubscribe = main.on('keyProcess', 'exited', (exited) => {
      if (exited.id === id) end()
    })
    transport.onClose(() => {
      keyPorts.delete(id)
      unsubscribe()
    })
    const kill = () => void main.call.keyProcess.kill({ id }).catch(end)
    main.call.keyProcess.start({ id }).catch(end)
    return { transport, kill }
  }

  return {
    shell: 'electron',
    version: settings.version,
    paths: { data: settings.data, resources: settings.resources },
    config: {
      centralUrl: settings.centralUrl,
      centralCa: settings.centralCa,
      allowPlainHttp: settings.allowPlainHttp,
      tokenDriver: settings.tokenDriver,
      lockAfterMinutes: settings.lockAfterMinutes,
      faceThresholds: settings.faceThresholds,
    },
    secrets: {
      backend: 'safeStorage',
      seal: async (plain) => fromBase64((await main.call.secrets.seal({ plain: toBase64(plain) })).sealed),
      unseal: async (sealed) => fromBase64((await main.call.secrets.unseal({ sealed: toBase64(sealed) })).plain),
    },
    startKeyProcess,
    startRosterReader: () => startThread(join(import.meta.dirname, 'roster-reader.js')),
    startFaceScan: () => startThread(join(import.meta.dirname, 'face-scan.js')),
    dialogs: {
      openFile: async (options) => (await main.call.dialogs.openFile(options)).path,
      openDocuments: async (options) => (await main.call.dialogs.openDocuments(options)).paths,
      saveFile: async (options, write) => {
        const { path } = await main.call.dialogs.saveFile(options)
        if (path === null) return null
        await write(path)
        return basename(path)
      },
    },
    printing: { toPdf: async (html) => fromBase64((await main.call.printing.toPdf({ html })).pdf) },
    showColours: (colours) => void main.call.window.showColours({ colours }).catch((error: unknown) => log.error('the window keeps its colours', error)),
    clock: { now: () => new Date() },
    log,
  }
}

const toBase64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64')
const fromBase64 = (text: string) => new Uint8Array(Buffer.from(text, 'base64'))
