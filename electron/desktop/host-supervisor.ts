import { join } from 'node:path'
import { MessageChannelMain, utilityProcess, type MessagePortMain, type UtilityProcess } from 'electron'
import { createDispatcher } from '../../shared/wire/dispatcher.ts'
import { dialogServices } from './dialogs.ts'
import { mainContract, type HostMessage, type HostSettings } from './main-contract.ts'
import { createPortTransport } from './port-transport.ts'
import { printingServices } from './print-pdf.ts'
import { secretServices } from './secrets.ts'
import { windowServices } from './window.ts'

export interface HostSupervisor {
  /** Gives a page its port. Main forwards the port and never sees what passes through it. */
  connectPage(port: MessagePortMain): void
  /** Lets the host close its files; ends it after 3 s whatever it does. */
  stop(): Promise<void>
}

const stopWithinMs = 3_000
const restartAfterMs = 1_000

/** Runs the host in a process of its own and starts it again when it ends unasked. */
export function superviseHost(settings: HostSettings, report: (error: unknown) => void): HostSupervisor {
  let stopping = false
  let host = startHost(settings, report)
  const watch = () =>
    host.process.once('exit', (code) => {
      if (stopping) return
      report(new Error(`the host process ended with code ${code}`))
      setTimeout(() => {
        if (stopping) return
        host = startHost(settings, report)
        watch()
      }, restartAfterMs)
    })
  watch()
  return {
    connectPage: (port) => post(host.process, { kind: 'page' }, [port]),
    stop: async () => {
      stopping = true
      const exited = new Promise<void>((resolve) => host.process.once('exit', () => resolve()))
      post(host.process, { kind: 'stop' })
      const late = setTimeout(() => host.process.kill(), stopWithinMs)
      await exited
      clearTimeout(late)
      host.killKeyProcesses()
    },
  }
}

function startHost(settings: HostSettings, report: (error: unknown) => void) {
  const child = utilityProcess.fork(join(import.meta.dirname, 'host-process.js'), [], { serviceName: 'workstation-host' })
  const keyProcesses = new Map<number, UtilityProcess>()
  const services = {
    secrets: secretServices,
    dialogs: dialogServices,
    printing: printingServices,
    window: windowServices,
    keyProcess: {
      start: ({ id }: { id: number }) => {
        keyProcesses.set(id, startKeyProcess(id))
        return {}
      },
      kill: ({ id }: { id: number }) => {
        keyProcesses.get(id)?.kill()
        return {}
      },
    },
  }
  const dispatcher = createDispatcher(mainContract, services, report)

  function startKeyProcess(id: number): UtilityProcess {
    // A vendor's driver may print anything: nobody reads it.
    const process = utilityProcess.fork(join(import.meta.dirname, 'key-process.js'), [], { serviceName: 'ca-key', stdio: 'ignore' })
    const { port1, port2 } = new MessageChannelMain()
    process.postMessage(null, [port1])
    post(child, { kind: 'key-port', id }, [port2])
    process.once('exit', () => {
      keyProcesses.delete(id)
      dispatcher.emit('keyProcess', 'exited', { id })
    })
    return process
  }

  const killKeyProcesses = () => {
    for (const process of keyProcesses.values()) process.kill()
  }
  child.once('exit', killKeyProcesses)
  const { port1, port2 } = new MessageChannelMain()
  dispatcher.attach(createPortTransport(port1))
  post(child, { kind: 'start', settings }, [port2])
  return { process: child, killKeyProcesses }
}

function post(child: UtilityProcess, message: HostMessage, ports: MessagePortMain[] = []): void {
  child.postMessage(message, ports)
}
