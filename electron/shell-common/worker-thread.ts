import { Worker } from 'node:worker_threads'
import type { Frame } from '../../shared/wire/transport.ts'
import type { WorkerThread } from '../host/ports.ts'

/** MB. A roster of 10,000 people needs a third of it; what needs more ends the thread and not the host. */
const resourceLimits = { maxOldGenerationSizeMb: 512, maxYoungGenerationSizeMb: 32 }

/** Starts a thread of this process over its entry file. A thread that fails or runs out of memory closes its transport. */
export function startThread(entry: string): WorkerThread {
  const worker = new Worker(entry, { resourceLimits })
  const closers: (() => void)[] = []
  let ended = false
  const end = () => {
    if (ended) return
    ended = true
    for (const closer of closers) closer()
  }
  worker.on('exit', end)
  worker.on('error', end)
  const kill = () => void worker.terminate()
  return {
    transport: {
      send: (frame: Frame) => worker.postMessage(frame),
      onFrame: (listener) => void worker.on('message', listener),
      onClose: (listener) => void closers.push(listener),
      close: kill,
    },
    kill,
  }
}
