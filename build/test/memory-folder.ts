import { chmodSync, mkdirSync, rmSync, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const memory = '/dev/shm'
/** Bytes; what a whole suite has ever left in its folders is a fraction of it. */
const enough = 4 * 2 ** 30

/**
 * Where the temporary files of a suite stand whose claims are not about the disk: in memory where there is enough of it, as
 * thousands of small databases wait for a disk most of the time. tests/faults stays on the disk.
 */
export const memoryFolder = join(hasMemory() ? memory : tmpdir(), `workstation-tests-${process.pid}`)

/** Before the suite. Anybody may use it, as with /tmp: some programs of the tests run as other users. */
export function setup(): void {
  mkdirSync(memoryFolder, { recursive: true })
  chmodSync(memoryFolder, 0o1777)
}

/** After it, with all that was left. */
export function teardown(): void {
  rmSync(memoryFolder, { recursive: true, force: true })
}

function hasMemory(): boolean {
  try {
    const { bavail, bsize } = statfsSync(memory)
    return bavail * bsize >= enough
  } catch {
    return false
  }
}
