import { fork, type ChildProcess, type Serializable } from 'node:child_process'
import { once } from 'node:events'

/** One of our processes, and that it has ended. */
export interface Child<In, Out> {
  send(message: In): void
  onMessage(listener: (message: Out) => void): void
  /** Settles with the next message of this kind. @throws where it ends before */
  next<K extends Out extends { kind: infer Kind } ? Kind : never>(kind: K): Promise<Extract<Out, { kind: K }>>
  /** kill -9 */
  kill(): void
  readonly exited: Promise<void>
  readonly ended: () => boolean
}

/** Keeps one process loaded and waiting, so that a restart costs no time of its own. */
export interface Nursery<In, Out> {
  take(): Promise<Child<In, Out>>
  close(): Promise<void>
}

export function createNursery<In, Out extends { kind: string }>(program: string, compiled: string): Nursery<In, Out> {
  let spare = begin()
  const all = new Set([spare])

  function begin() {
    const child = startChild<In, Out>(program, compiled)
    const loaded = child.next('loaded' as never)
    loaded.catch(() => undefined)
    return { child, loaded }
  }

  return {
    take: async () => {
      const taken = spare
      spare = begin()
      all.add(spare)
      await taken.loaded
      return taken.child
    },
    close: async () => {
      for (const { child } of all) child.kill()
      await Promise.all([...all].map(({ child }) => child.exited))
    },
  }
}

function startChild<In, Out extends { kind: string }>(program: string, compiled: string): Child<In, Out> {
  const child: ChildProcess = fork(program, [], {
    execArgv: [],
    env: { ...process.env, NODE_COMPILE_CACHE: compiled },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  let ended = false
  const exited = once(child, 'exit').then(() => void (ended = true))
  return {
    exited,
    ended: () => ended,
    // What cannot be delivered is of a process that has just died; whoever waits for the answer hears of that.
    send: (message) => void (child.connected && child.send(message as Serializable, () => undefined)),
    onMessage: (listener) => void child.on('message', (message) => listener(message as Out)),
    kill: () => void child.kill('SIGKILL'),
    next: (kind) =>
      new Promise((resolve, reject) => {
        const listen = (message: unknown) => {
          if ((message as Out).kind !== kind) return
          child.off('message', listen)
          resolve(message as never)
        }
        child.on('message', listen)
        void exited.then(() => reject(new Error(`${program} ended`)))
      }),
  }
}
