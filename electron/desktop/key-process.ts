import { endWithParent } from '../host/ca-key/parent-watchdog.ts'
import { serveKeys } from '../host/ca-key/serve-keys.ts'
import { createPortTransport } from './port-transport.ts'

// On Windows Chromium ends no utility process whose main thread does not return: neither a job object nor the closed channel does.
endWithParent()

/** Entry of the CA key process under Electron: main sends it one port, to the host process. */
process.parentPort.once('message', ({ ports: [port] }) => {
  if (port) serveKeys(createPortTransport(port))
})
