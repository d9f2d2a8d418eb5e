import { Worker } from 'node:worker_threads'

/**
 * Ends this process when its parent is gone, even while a vendor's library holds the main thread: that thread never
 * hears of the closed channel then, and the process would keep the key from every program started after it.
 */
export function endWithParent(): void {
  // As text: a file of its own would have to be an entry of its own in every shell that packs this one.
  const watchdog = new Worker(`(${watchParent.toString()})()`, { eval: true, workerData: process.ppid })
  watchdog.unref()
}

/** Runs in the worker, cut off from this module: it may name nothing but what it fetches itself. */
function watchParent(): void {
  const { workerData: parent } = process.getBuiltinModule('node:worker_threads') as { workerData: number }
  const isGone = (): boolean => {
    // Linux hands orphans to another parent; on Windows the number stays and the process behind it goes.
    if (process.ppid !== parent) return true
    try {
      process.kill(parent, 0)
      return false
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'ESRCH'
    }
  }
  setInterval(() => {
    if (isGone()) process.kill(process.pid, 'SIGKILL')
  }, 500)
}
