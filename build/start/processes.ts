import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'

export interface Running {
  readonly name: string
  /** Resolves with the exit code, or null where a signal ended it. */
  readonly exited: Promise<number | null>
  /** The first line it prints on stdout. @throws Error with the end of its log where it ends before */
  readonly firstLine: Promise<string>
  /** The end of what it has said on stderr, for who has to say why it failed. */
  lastWords(): string
  /** Asks it to end and waits; after 5 s ends it and all it started. */
  stop(): Promise<void>
  /** Ends it and all it started, at once. */
  kill(): void
}

export interface ProcessOptions {
  command: string
  args: string[]
  env?: Record<string, string>
  /** Takes what it prints on stderr, anew each time. Absent: all it prints is shown, and there is no first line to wait for. */
  logFile?: string
  /** Its stdout is shown on our stderr: ours belongs to a result. */
  printsOnStderr?: boolean
}

const stopWithinMs = 5_000

/**
 * Starts a program in a process group of its own: a Ctrl-C in the terminal then reaches only us, and we end things in
 * order; and whatever the program starts ends with it.
 */
export function startProcess(name: string, { command, args, env, logFile, printsOnStderr = false }: ProcessOptions): Running {
  const child = spawnInGroup(command, args, { ...process.env, ...env }, logFile, printsOnStderr ? 2 : 'inherit')
  const exited = new Promise<number | null>((resolve) => {
    child.once('exit', (code) => resolve(code))
    child.once('error', () => resolve(127))
  })
  const firstLine = readFirstLine(child, exited).catch((error: unknown) => {
    throw new Error(`${name} did not start.\n${tail(logFile)}`, { cause: error })
  })
  // Who does not ask for the line learns of the end by `exited`.
  firstLine.catch(() => undefined)
  const signal = (which: NodeJS.Signals) => signalGroup(child, which)
  return {
    name,
    exited,
    firstLine,
    lastWords: () => tail(logFile),
    kill: () => signal('SIGKILL'),
    stop: async () => {
      signal('SIGTERM')
      await Promise.race([exited, delay(stopWithinMs, undefined, { ref: false })])
      // Also where the program itself has ended: what it started may not have.
      signal('SIGKILL')
      await exited
    },
  }
}

function spawnInGroup(command: string, args: string[], env: NodeJS.ProcessEnv, logFile: string | undefined, shown: 'inherit' | 2): ChildProcess {
  const detached = process.platform !== 'win32'
  if (logFile === undefined) return spawn(command, args, { env, detached, stdio: ['ignore', shown, 'inherit'] })
  mkdirSync(dirname(logFile), { recursive: true })
  const log = openSync(logFile, 'w', 0o600)
  try {
    return spawn(command, args, { env, detached, stdio: ['ignore', 'pipe', log] })
  } finally {
    closeSync(log)
  }
}

async function readFirstLine(child: ChildProcess, exited: Promise<number | null>): Promise<string> {
  const { stdout } = child
  if (!stdout) throw new Error('no stdout')
  const ended = exited.then((code) => Promise.reject(new Error(`ended with code ${code}`)))
  ended.catch(() => undefined)
  let text = ''
  stdout.setEncoding('utf8')
  while (!text.includes('\n')) {
    const [chunk] = (await Promise.race([once(stdout, 'data'), ended])) as [string]
    text += chunk
  }
  // Left unread, a full pipe would stop the program.
  stdout.resume()
  return text.slice(0, text.indexOf('\n'))
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    process.kill(process.platform === 'win32' ? child.pid : -child.pid, signal)
  } catch (error) {
    // Nothing of the group is left.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

function tail(logFile: string | undefined): string {
  if (logFile === undefined) return ''
  return `${readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-15).join('\n')}\n(${logFile})`
}
