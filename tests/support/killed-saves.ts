import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { openTestUnit } from './local-unit.ts'

const program = fileURLToPath(new URL('saving-program.ts', import.meta.url))

/** A save that was acknowledged. */
export interface Save {
  did: 'begin' | 'keepDraft' | 'submit'
  id: string
  step?: number
}

export interface SavingOptions {
  /** Number of the first person. */
  readonly first: number
  /** ms past the thirtieth acknowledged save, however slow the machine. */
  readonly after: number
  readonly env?: Readonly<Record<string, string>>
  readonly careless?: boolean
}

/** Runs the saving program and kills it without warning. */
export function savesUntilKilled(directory: string, { first, after, env = {}, careless = false }: SavingOptions): Promise<Save[]> {
  return new Promise((resolve, reject) => {
    const args = [program, directory, String(first), ...(careless ? ['careless'] : [])]
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, ...env } })
    let told = ''
    let doomed = false
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      told += text
      if (doomed || told.split('\n').length <= 30) return
      doomed = true
      setTimeout(() => child.kill('SIGKILL'), after)
    })
    child.once('error', reject)
    child.once('close', (_code, signal) => {
      if (signal !== 'SIGKILL') return reject(new Error('the saving program ended by itself'))
      // The last line may be cut off: that save was not yet told.
      resolve(told.split('\n').slice(0, -1).map((line) => JSON.parse(line) as Save))
    })
  })
}

/** Which of the acknowledged saves the file in the directory does not have. */
export async function lostSaves(directory: string, acknowledged: readonly Save[]): Promise<Save[]> {
  const unit = await openTestUnit(directory)
  const lost: Save[] = []
  for (const save of acknowledged) {
    const form = await Promise.resolve(unit.registrations.open({ id: save.id })).catch(() => null)
    const step = Number(/^第(\d)次录入$/.exec(form?.values.residenceDetail ?? '')?.[1] ?? (form?.syncState === 'queued' ? 9 : -1))
    const there = form && (save.did === 'begin' || (save.did === 'submit' ? form.syncState === 'queued' : step >= (save.step ?? 0)))
    if (!there) lost.push(save)
  }
  await unit.close()
  return lost
}
