import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { openTestUnit } from './local-unit.ts'

const program = fileURLToPath(new URL('asked-program.ts', import.meta.url))

/** Whom the tests become where they run as root, which feels no file permission. */
export const nobody = '65534'

/** What the asked program says. */
export interface Told {
  opened?: boolean
  saved?: number
  refused?: number
  backedUp?: boolean
  id?: string
  code?: string
  /** As the clerk reads it. */
  sentence?: string
}

export interface AskedHost {
  readonly pid: number
  readonly opened: Told
  save(person: number): Promise<Told>
  backUp(): Promise<Told>
  end(): Promise<void>
  kill(): Promise<void>
}

export interface AskedHostOptions {
  /** Shell words that run first, such as a limit. */
  readonly before?: string
  readonly uid?: string
  readonly env?: Readonly<Record<string, string>>
}

/** A workstation's host in a process of its own, on the real file of this folder (`asked-program.ts`). */
export async function startAskedHost(data: string, { before = ':', uid, env = {} }: AskedHostOptions = {}): Promise<AskedHost> {
  const child = spawn('bash', ['-c', `${before}; exec "$0" "$@"`, process.execPath, program, data, ...(uid ? [uid] : [])], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, ...env },
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async (): Promise<Told> => JSON.parse((await lines.next()).value as string) as Told
  const ask = (line: string): Promise<Told> => {
    child.stdin.write(`${line}\n`)
    return next()
  }
  const ended = once(child, 'close')
  return {
    pid: child.pid ?? 0,
    opened: await next(),
    save: (person) => ask(String(person)),
    backUp: () => ask('backup'),
    end: async () => {
      child.stdin.end()
      await ended
    },
    kill: async () => {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** Which of the acknowledged saves the file in the folder does not have. */
export async function missingSaves(data: string, saved: readonly Told[]): Promise<Told[]> {
  const unit = await openTestUnit(data)
  const lost: Told[] = []
  for (const each of saved) {
    const form = await Promise.resolve(unit.registrations.open({ id: each.id ?? '' })).catch(() => null)
    if (form?.syncState !== 'queued') lost.push(each)
  }
  await unit.close()
  return lost
}
