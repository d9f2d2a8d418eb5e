import type Database from 'better-sqlite3-multiple-ciphers'
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { syncDirectory } from './durable-file.ts'
import { assertSound, openLocalDatabase } from './open-local-database.ts'

const kept = 7

/**
 * Copies an open file whole (VACUUM INTO keeps it encrypted; the backup API does not work on encrypted files), checks
 * the copy and only then gives it its name. The newest seven stay.
 * @param stamp sortable, safe in a file name
 */
export async function backUp(file: Database.Database, directory: string, key: Uint8Array, stamp: string): Promise<string> {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const partial = join(directory, `${stamp}.partial`)
  rmSync(partial, { force: true })
  file.prepare('vacuum into ?').run(partial)
  const copy = await openLocalDatabase(partial, key)
  try {
    assertSound(copy.file)
    copy.file.pragma('journal_mode = DELETE')
  } finally {
    await copy.close()
  }
  const finished = join(directory, `${stamp}.db`)
  renameSync(partial, finished)
  syncDirectory(directory)
  for (const old of backupsIn(directory).slice(kept)) rmSync(old)
  return finished
}

/** Newest first. */
export function backupsIn(directory: string): string[] {
  if (!existsSync(directory)) return []
  return readdirSync(directory)
    .filter((name) => name.endsWith('.db'))
    .sort()
    .reverse()
    .map((name) => join(directory, name))
}

/** Moves a damaged file and its journal aside together. Nothing is ever deleted. @returns where the file now is */
export function setAside(path: string, why: 'damaged' | 'locked', stamp: string): string {
  const aside = `${path}.${why}-${stamp}`
  for (const suffix of ['', '-wal', '-shm']) if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix)
  syncDirectory(dirname(path))
  return aside
}

/** True where the file changed after its newest backup was made. */
export function changedSince(path: string, backup: string | undefined): boolean {
  if (!backup) return true
  const made = statSync(backup).mtimeMs
  return [path, `${path}-wal`].some((each) => existsSync(each) && statSync(each).mtimeMs > made)
}

export function stampOf(instant: Date): string {
  return basename(instant.toISOString()).replace(/[:.]/g, '-')
}
