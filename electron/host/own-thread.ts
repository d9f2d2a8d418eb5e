import { parentPort } from 'node:worker_threads'
import type { Frame, Transport } from '../../shared/wire/transport.ts'

/** In a thread of the host: the way to whoever started it. @throws Error anywhere else */
export function ownThread(): Transport {
  if (!parentPort) throw new Error('this is a thread of the host')
  const port = parentPort
  return {
    send: (frame: Frame) => port.postMessage(frame),
    onFrame: (listener) => void port.on('message', listener),
    onClose: (listener) => void port.on('close', listener),
    close: () => port.close(),
  }
}
