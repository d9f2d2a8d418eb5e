import { constants, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { copyFile, open, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { AppError } from '../../../shared/errors/app-error.ts'
import { syncDirectory } from './durable-file.ts'
import { checkpoint, openForReading, type OpenFile } from './open-local-database.ts'
import { findBrokenPages } from './sealed-pages.ts'

const kept = 7
const keptBeforeMigration = 2
const beforeMigration = '.before-migration'

/**
 * Copies an open file whole into `directory`, still encrypted, checks the copy and only then gives it its name. The
 * newest seven stay, and the newest two that were made before a migration.
 *
 * The copy is made beside running work: writes go to the journal meanwhile, and nothing brings the journal into the file
 * until the copy is done. (VACUUM INTO would do as well but holds everything up for seconds at 100,000 people.) The file
 * must not be closed meanwhile.
 * @param stamp sortable, safe in a file name
 */
export async function backUp(source: OpenFile, directory: string, key: Uint8Array, stamp: string, mark: '' | typeof beforeMigration = ''): Promise<string> {
  mkdirSync(directory, { recursive: true, mode: 0o700 })
  const partial = join(directory, `${stamp}${mark}.partial`)
  for (const leftover of readdirSync(directory)) if (leftover.includes('.partial')) rmSync(join(directory, leftover))
  try {
    await copyResting(source, partial)
    await assertSound(partial, key)
  } catch (error) {
    // On a full disk it would take the room that the next save needs.
    for (const suffix of ['', '-wal', '-shm']) rmSync(partial + suffix, { force: true })
    throw error
  }
  const finished = join(directory, `${stamp}${mark}.db`)
  renameSync(partial, finished)
  syncDirectory(directory)
  prune(directory, stamp)
  return finished
}

/** The copy that a migration starts from, should its outcome turn out wrong. */
export async function backUpBeforeMigration(source: OpenFile, directory: string, key: Uint8Array, stamp: string): Promise<string> {
  return backUp(source, directory, key, stamp, beforeMigration)
}

async function copyResting({ db, file }: OpenFile, to: string): Promise<void> {
  // In turn with the transactions: none is open in between.
  await db.connection().execute(async () => {
    checkpoint(file)
    file.pragma('wal_autocheckpoint = 0')
  })
  try {
    const before = await stat(file.name)
    await copyDurably(file.name, to)
    const after = await stat(file.name)
    if (before.mtimeMs !== after.mtimeMs || before.size !== after.size) throw new AppError('local-busy')
  } finally {
    if (file.open) file.pragma('wal_autocheckpoint = 1000')
  }
}

export async function copyDurably(from: string, to: string): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_FICLONE)
  const copy = await open(to, 'r+')
  try {
    await copy.chmod(0o600)
    await copy.sync()
  } finally {
    await copy.close()
  }
}

/** Every page's seal, and the shape of every table and index. @throws AppError local-damaged */
export async function assertSound(path: string, key: Uint8Array): Promise<void> {
  if ((await findBrokenPages(path, key)).length > 0) throw new AppError('local-damaged')
  const file = openForReading(path, key)
  try {
    const tables = file.prepare("select name from sqlite_master where type = 'table'").pluck().all() as string[]
    for (const table of tables) {
      if (file.pragma(`quick_check('${table}')`, { simple: true }) !== 'ok') throw new AppError('local-damaged')
      await setImmediate()
    }
  } finally {
    file.close()
    for (const suffix of ['-wal', '-shm']) rmSync(path + suffix, { force: true })
  }
}

function prune(directory: string, now: string): void {
  const all = backupsIn(directory, now)
  const before = all.filter((path) => path.includes(beforeMigration))
  const rotating = all.filter((path) => !path.includes(beforeMigration))
  for (const old of [...before.slice(keptBeforeMigration), ...rotating.slice(kept)]) rmSync(old)
}

/**
 * Newest first. What bears a later stamp than `now` was made on a clock that was wrong and comes last: it must neither
 * push out what is made since, nor be taken for newer.
 */
export function backupsIn(directory: string, now: string): string[] {
  if (!existsSync(directory)) return []
  const names = readdirSync(directory).filter((name) => name.endsWith('.db')).sort().reverse()
  const isAhead = (name: string) => name > `${now}.db`
  return [...names.filter((name) => !isAhead(name)), ...names.filter(isAhead)].map((name) => join(directory, name))
}

/** Moves a file and its journal aside together. Nothing is ever deleted. @returns where the file now is */
export function setAside(path: string, why: 'damaged' | 'locked', stamp: string): string {
  const aside = `${path}.${why}-${stamp}`
  for (const suffix of ['-wal', '-shm', '']) if (existsSync(path + suffix)) renameSync(path + suffix, aside + suffix)
  syncDirectory(dirname(path))
  return aside
}

/** True where the file changed after its newest backup was made. */
export function changedSince(path: string, backup: string | undefined): boolean {
  if (!backup) return true
  const made = statSync(backup).mtimeMs
  return [path, `${path}-wal`].some((each) => existsSync(each) && statSync(each).size > 0 && statSync(each).mtimeMs > made)
}

export function stampOf(instant: Date): string {
  return instant.toISOString().replace(/[:.]/g, '-')
}
