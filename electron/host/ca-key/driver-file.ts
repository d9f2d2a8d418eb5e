import { closeSync, existsSync, openSync, readSync, statSync } from 'node:fs'
import { isAbsolute } from 'node:path'
import { AppError } from '../../../shared/errors/app-error.ts'

/**
 * Refuses what would load something else than a driver for this process, before anything is loaded: an empty path opens
 * the process's own image, a relative one whatever lies in the working directory, a 32-bit file fails with a number
 * only Windows knows.
 * @throws AppError key-driver-missing, key-driver-not-pkcs11, key-driver-wrong-bits
 */
export function checkDriverFile(path: string): void {
  if (!isAbsolute(path) || !existsSync(path) || !statSync(path).isFile()) throw new AppError('key-driver-missing')
  const bits = readableBits(path)
  if (bits === null) throw new AppError('key-driver-not-pkcs11')
  const wanted = process.arch === 'ia32' || process.arch === 'arm' ? 32 : 64
  if (bits !== wanted) throw new AppError('key-driver-wrong-bits', { bits, wanted })
}

function readableBits(path: string): 32 | 64 | null {
  try {
    return libraryBits(path)
  } catch (error) {
    // What may not be read cannot be loaded either.
    throw new AppError('key-driver-missing', {}, { cause: error })
  }
}

/** Word size of a library for this system: ELF on Linux, PE on Windows, either wherever files are only inspected. */
export function libraryBits(path: string): 32 | 64 | null {
  const head = Buffer.alloc(4_096)
  const file = openSync(path, 'r')
  try {
    readSync(file, head, 0, head.length, 0)
  } finally {
    closeSync(file)
  }
  if (head.readUInt32BE(0) === 0x7f454c46) return head[4] === 2 ? 64 : 32
  if (head.readUInt16LE(0) !== 0x5a4d) return null
  const pe = head.readUInt32LE(0x3c)
  if (pe > head.length - 6 || head.readUInt32LE(pe) !== 0x4550) return null
  const machine = head.readUInt16LE(pe + 4)
  if (machine === 0x8664 || machine === 0xaa64) return 64
  return machine === 0x014c ? 32 : null
}
