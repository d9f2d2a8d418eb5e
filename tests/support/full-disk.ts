import { rmSync, writeFileSync } from 'node:fs'
import { compiledLibrary } from './compiled.ts'

export interface FullDisk {
  /** For the program whose disk it is. */
  readonly env: Readonly<Record<string, string>>
  /** From now on no file there gets another block. */
  fill(how?: 'full' | 'quota'): void
  free(): void
}

/** A disk that can be full without a mount: see `full-disk/full-disk.cpp`. */
export function makeFullDisk(folder: string): FullDisk {
  const path = `${folder}.full`
  return {
    env: { LD_PRELOAD: compiledLibrary('tests/support/full-disk/full-disk.cpp'), FULL_DISK_FOLDER: folder, FULL_DISK_SWITCH: path },
    fill: (how = 'full') => writeFileSync(path, how),
    free: () => rmSync(path, { force: true }),
  }
}
