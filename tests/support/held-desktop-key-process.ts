import { fork } from 'node:child_process'
import { EventEmitter } from 'node:events'
import { fileURLToPath } from 'node:url'

/**
 * Electron's main process and under it the desktop's key process, whose main thread a library holds for good, for a test
 * that kills the first. It prints the second one's number once that is held.
 */
if (process.send) {
  Object.assign(process, { parentPort: new EventEmitter() })
  await import('../../electron/desktop/key-process.ts')
  process.send('held', () => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0))
} else {
  const child = fork(fileURLToPath(import.meta.url), [], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
  child.once('message', () => console.log(child.pid))
}
