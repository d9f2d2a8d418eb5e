import { fileURLToPath } from 'node:url'
import { startNodeKeyProcess } from '../../electron/browser/node-key-process.ts'
import { createKeyService, type KeyServiceOptions } from '../../electron/host/ca-key/key-service.ts'
import type { CaKeyState } from '../../shared/contract/ca-key.contract.ts'
import { AppError } from '../../shared/errors/app-error.ts'

const entry = fileURLToPath(new URL('../../electron/host/ca-key/key-process.ts', import.meta.url))

/** The host's key service with the real key process, run from source. */
export function startKeys(path: string, options: Partial<KeyServiceOptions> = {}) {
  const emitted: CaKeyState[] = []
  const logged: unknown[] = []
  const frames: unknown[] = []
  const starts: number[] = []
  const ends: number[] = []
  let chosen: string | null = null
  const log = (...entries: unknown[]) => void logged.push(entries)
  const service = createKeyService({
    startKeyProcess: () => {
      starts.push(performance.now())
      const child = startNodeKeyProcess(entry)
      child.transport.onClose(() => ends.push(performance.now()))
      const { send } = child.transport
      return { ...child, transport: { ...child.transport, send: (frame) => (frames.push(frame), send(frame)) } }
    },
    candidates: () => [{ name: 'test', path }],
    choice: { path: () => chosen, keep: async (path) => void (chosen = path) },
    emit: (state) => void emitted.push(state),
    onRemoved: () => undefined,
    log: { info: log, warn: log, error: log },
    pollEvery: 100,
    ...options,
  })
  return { service, emitted, logged, frames, starts, ends }
}

export async function until(what: string, holds: () => boolean, limit = 15_000): Promise<void> {
  const end = performance.now() + limit
  while (!holds()) {
    if (performance.now() > end) throw new Error(`never happened: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** Code and sentence of the failure. */
export async function failureOf(attempt: Promise<unknown>): Promise<AppError> {
  try {
    await attempt
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('it did not fail')
}
