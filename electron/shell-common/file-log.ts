import { appendFileSync } from 'node:fs'
import type { Log } from '../host/ports.ts'

/** One JSON object a line. Callers pass nothing personal; see HostPorts. */
export function createFileLog(path: string): Log {
  const write = (level: string, message: string, fields: Readonly<Record<string, unknown>>) =>
    appendFileSync(path, JSON.stringify({ at: new Date().toISOString(), level, message, ...fields }) + '\n', { mode: 0o600 })
  return {
    info: (message, fields = {}) => write('info', message, fields),
    warn: (message, fields = {}) => write('warn', message, fields),
    error: (message, error, fields = {}) => write('error', message, { ...fields, error: describe(error) }),
  }
}

/** Name, code and where it was thrown: an error's own message may quote what a clerk typed. */
function describe(error: unknown): unknown {
  if (!(error instanceof Error)) return { name: typeof error }
  const frames = (error.stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at ')).slice(0, 8)
  return { name: error.name, code: (error as { code?: unknown }).code, frames }
}
