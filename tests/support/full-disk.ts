import { copyFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { compiledLibrary } from './compiled.ts'

export interface FullDisk {
  /** For the program whose disk it is. */
  readonly env: Readonly<Record<string, string>>
  /** From now on no file there gets another block. */
  fill(how?: 'full' | 'quota'): void
  free(): void
}

/**
 * A disk that can be full without a mount: see `full-disk/full-disk.cpp`.
 * @param folder what lies on it
 * @param beside where the switch lies, and the library, so that an unprivileged program reaches both
 */
export function makeFullDisk(folder: string, beside: string): FullDisk {
  const path = join(beside, 'full-disk')
  const library = join(beside, 'full-disk.so')
  copyFileSync(compiledLibrary('tests/support/full-disk/full-disk.cpp'), library)
  return {
    env: { LD_PRELOAD: library, FULL_DISK_FOLDER: folder, FULL_DISK_SWITCH: path },
    fill: (how = 'full') => writeFileSync(path, how),
    free: () => rmSync(path, { force: true }),
  }
}
