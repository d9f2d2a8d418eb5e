import type { Frame } from '../../../shared/wire/transport.ts'
import { endWithParent } from './parent-watchdog.ts'
import { serveKeys } from './serve-keys.ts'

// Entry of the CA key process under Node: frames over the channel to the parent. It lives no longer than its parent.
process.on('disconnect', () => process.exit(0))
endWithParent()

serveKeys({
  send: (frame: Frame) => void process.send?.(frame),
  onFrame: (listener) => void process.on('message', listener),
  onClose: (listener) => void process.on('disconnect', listener),
  close: () => process.exit(1),
})
