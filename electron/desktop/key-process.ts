import { serveKeys } from '../host/ca-key/serve-keys.ts'
import { createPortTransport } from './port-transport.ts'

/** Entry of the CA key process under Electron: main sends it one port, to the host process. */
process.parentPort.once('message', ({ ports: [port] }) => {
  if (port) serveKeys(createPortTransport(port))
})
