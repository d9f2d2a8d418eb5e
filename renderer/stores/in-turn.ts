/** Calls that run one after another. */
export interface Turns {
  inTurn<T>(task: () => Promise<T>): Promise<T>
  /** Nobody is before a task that comes now: it begins at once. */
  readonly areIdle: boolean
}

export function createTurns(): Turns {
  let last: Promise<unknown> = Promise.resolve()
  let waiting = 0
  return {
    inTurn: (task) => {
      waiting++
      const run = last.then(task, task)
      const done = () => void waiting--
      last = run.then(done, done)
      return run
    },
    get areIdle() {
      return waiting === 0
    },
  }
}
