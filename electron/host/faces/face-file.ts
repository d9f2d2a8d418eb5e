import { existsSync, readdirSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { AppError } from '../../../shared/errors/app-error.ts'
import { setAside, stampOf } from '../database/backups.ts'
import { openEncrypted, type EncryptedDatabase } from '../database/open-local-database.ts'
import type { UnitPaths } from '../database/unit-keys.ts'
import type { Clock, Log, SecretStore } from '../ports.ts'
import { makeFaceKey, numberHasher, readFaceKey } from './face-key.ts'
import type { FaceTables } from './face-tables.ts'
import { faceMigrations } from './migrations/index.ts'

export type FacePaths = UnitPaths['faces']

/** A unit's faces, apart from everything else of it (GB/T 35273-2020 6.3). */
export interface FaceFile extends EncryptedDatabase<FaceTables> {
  hashOf(idCardNo: string): string
}

export interface FaceFileDeps {
  readonly paths: FacePaths
  readonly secrets: SecretStore
  readonly clock: Clock
  readonly log: Log
  /** Called when damage is met in the middle of work. */
  readonly damaged: () => void
}

/** How long a damaged file lies beside the one in its place: for whoever is asked what happened. Nobody can be looked for in it. */
const asideDays = 30

/**
 * Opens a unit's face file, making it at first use. One that is damaged, or whose key is lost, is put aside with its key, and an empty one takes
 * its place: a face can be enrolled anew, and no check that was passed is undone.
 * @throws AppError local-from-future, local-read-only, local-busy, local-full: everything stays as it is
 */
export async function openFaceFile(deps: FaceFileDeps): Promise<{ file: FaceFile; isAnew: boolean }> {
  const { paths, secrets, clock, log } = deps
  removeAside(paths, stampOf(new Date(clock.now().getTime() - asideDays * 86_400_000)))
  const known = await readFaceKey(paths.key, secrets, log)
  if (typeof known === 'object') {
    try {
      return { file: await open(deps, known), isAnew: false }
    } catch (error) {
      if (!AppError.is(error, 'local-damaged')) throw error
      log.error('face file damaged', error)
    }
  }
  const isAnew = known !== 'missing' || existsSync(paths.database)
  if (isAnew) putFaceFileAside(deps)
  return { file: await open(deps, await makeFaceKey(paths.key, secrets)), isAnew }
}

/** The key goes first: what a kill leaves behind, the next opening finds without one, and puts it aside too. */
export function putFaceFileAside({ paths, clock, log }: Pick<FaceFileDeps, 'paths' | 'clock' | 'log'>): void {
  const stamp = stampOf(clock.now())
  for (const path of [paths.key, paths.database]) setAside(path, 'damaged', stamp)
  log.warn('face file put aside', { stamp })
}

async function open({ paths, damaged }: FaceFileDeps, key: Uint8Array): Promise<FaceFile> {
  const database = await openEncrypted<FaceTables>(paths.database, key, { migrations: faceMigrations, damaged })
  // What is deleted is overwritten within its page: no backup and no free page keeps it.
  database.file.pragma('secure_delete = ON')
  return { ...database, hashOf: numberHasher(key) }
}

/** Deletes files that were put aside: those before a stamp, or all. */
export function removeAside(paths: FacePaths, before?: string): void {
  const directory = dirname(paths.database)
  if (!existsSync(directory)) return
  for (const name of readdirSync(directory)) {
    const stamp = [paths.database, paths.key].map((path) => stampIn(name, basename(path))).find((each) => each !== undefined)
    if (stamp !== undefined && (before === undefined || stamp < before)) rmSync(join(directory, name))
  }
}

function stampIn(name: string, ofFile: string): string | undefined {
  return name.startsWith(`${ofFile}.`) ? /^\.(?:damaged|locked)-(.+)$/.exec(name.slice(ofFile.length))?.[1] : undefined
}
