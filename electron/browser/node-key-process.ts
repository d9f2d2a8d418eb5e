import { fork } from 'node:child_process'
import type { Frame, Transport } from '../../shared/wire/transport.ts'
import type { KeyProcess } from '../host/ports.ts'

/** Starts the CA key process as a child of this one. What it prints is dropped: a vendor's driver may print anything. */
export function startNodeKeyProcess(entry: string): KeyProcess {
  const child = fork(entry, [], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
  const closers: (() => void)[] = []
  let ended = false
  const end = () => {
    if (ended) return
    ended = true
    for (const closer of closers) closer()
  }
  child.on('exit', end)
  child.on('error', end)
  child.on('disconnect', end)
  const transport: Transport = {
    // A frame that cannot be delivered belongs to a call that `end` settles.
    send: (frame: Frame) => void (child.connected && child.send(frame, () => undefined)),
    onFrame: (listener) => void child.on('message', listener),
    onClose: (listener) => void closers.push(listener),
    close: () => void child.kill('SIGTERM'),
  }
  return { transport, kill: () => void child.kill('SIGKILL') }
}
