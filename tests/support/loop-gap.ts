import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

export interface Gaps {
  /** The longest time in which this thread's event loop did nothing, in ms. */
  readonly ours: number
  /** The same of an idle thread beside it in the same moment: what the machine, busy with other things, does to anybody. */
  readonly idle: number
}

export async function longestGapsDuring(task: () => Promise<unknown>): Promise<Gaps> {
  const beside = new Worker(
    `const watch = (${watchLoop.toString()})()
     require('node:worker_threads').parentPort.on('message', () => require('node:worker_threads').parentPort.postMessage(watch.longest()))
     require('node:worker_threads').parentPort.postMessage('watches')`,
    { eval: true },
  )
  try {
    await once(beside, 'message')
    const here = watchLoop()
    await task()
    const ours = here.longest()
    beside.postMessage('longest?')
    const [idle] = (await once(beside, 'message')) as [number]
    return { ours, idle }
  } finally {
    await beside.terminate()
  }
}

/** Also runs in the worker, as text: it may name nothing of this module. */
function watchLoop(): { longest(): number } {
  let last = performance.now()
  let longest = 0
  const beat = () => {
    const now = performance.now()
    longest = Math.max(longest, now - last)
    last = now
  }
  const timer = setInterval(beat, 5)
  return {
    longest: () => {
      clearInterval(timer)
      beat()
      return longest
    },
  }
}
