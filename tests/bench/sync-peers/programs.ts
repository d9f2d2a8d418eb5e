import { fork, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Answer, Ask } from './messages.ts'

interface Program {
  /** ms of processor time since it began, of all its threads. */
  cpu(): number
  stop(): Promise<void>
}

export interface ClientProgram extends Program {
  ask(ask: Ask): Promise<number[]>
}

export interface ServerProgram extends Program {
  readonly url: string
}

const inFolder = (file: string) => fileURLToPath(new URL(file, import.meta.url))

export async function startClient(file: string): Promise<ClientProgram> {
  const child = fork(inFolder(file), [], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const exited = once(child, 'exit').then(() => ({ kind: 'failed', message: `${file} ended` }) as const)
  const answer = async (): Promise<number[]> => {
    const reply = await Promise.race([new Promise<Answer>((resolve) => child.once('message', (message) => resolve(message as Answer))), exited])
    if (reply.kind === 'failed') throw new Error(reply.message)
    return reply.kind === 'done' ? reply.took : []
  }
  await answer()
  return {
    ...programOf(child),
    ask: (ask) => {
      const answered = answer()
      child.send(ask)
      return answered
    },
  }
}

/** @param args of Node; the program prints `{"url": …}` once it listens */
export async function startServer(args: readonly string[], env: Readonly<Record<string, string>>): Promise<ServerProgram> {
  const child = spawn(process.execPath, [...args], { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'ignore'] })
  const [line] = (await Promise.race([once(createInterface(child.stdout), 'line'), once(child, 'exit')])) as [unknown]
  if (typeof line !== 'string') throw new Error(`${args.join(' ')} did not start`)
  return { ...programOf(child), url: (JSON.parse(line) as { url: string }).url }
}

function programOf(child: ChildProcess): Program {
  return {
    cpu: () => cpuOf(child.pid ?? 0),
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return
      const exited = once(child, 'exit')
      if (child.connected) child.disconnect()
      else child.kill('SIGTERM')
      await exited
    },
  }
}

/** Linux counts hundredths of a second. */
const tick = 10

function cpuOf(pid: number): number {
  // The name in the second field may hold blanks and brackets itself.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) * tick
}
