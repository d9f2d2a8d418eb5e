import { parentPort } from 'node:worker_threads'
import type { Frame, Transport } from '../../../shared/wire/transport.ts'
import { serveRosters } from './serve-rosters.ts'

// Entry of the thread that reads and writes rosters. It lives no longer than the thread that started it.
if (!parentPort) throw new Error('this is a thread of the host')
const port = parentPort
const transport: Transport = {
  send: (frame: Frame) => port.postMessage(frame),
  onFrame: (listener) => void port.on('message', listener),
  onClose: (listener) => void port.on('close', listener),
  close: () => port.close(),
}
serveRosters(transport)
