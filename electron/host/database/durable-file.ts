import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { localFailure } from './local-failure.ts'

/**
 * Replaces a small file so that after a power cut there is the old one or the new one, whole. Readable by its owner only.
 * @throws AppError local-full, local-read-only
 */
export function writeDurably(path: string, content: Uint8Array): void {
  try {
    replace(path, content)
  } catch (error) {
    throw localFailure(error) ?? error
  }
}

function replace(path: string, content: Uint8Array): void {
  const temporary = `${path}.new`
  const file = openSync(temporary, 'w', 0o600)
  try {
    writeFileSync(file, content)
    fsyncSync(file)
  } finally {
    closeSync(file)
  }
  renameSync(temporary, path)
  syncDirectory(dirname(path))
}

/** Makes a rename or a new file in the directory durable. Windows journals this itself and cannot open directories. */
export function syncDirectory(directory: string): void {
  if (process.platform === 'win32') return
  const handle = openSync(directory, 'r')
  try {
    fsyncSync(handle)
  } finally {
    closeSync(handle)
  }
}
