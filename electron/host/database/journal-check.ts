import { closeSync, existsSync, openSync, readSync } from 'node:fs'

const indexHeaderSize = 48
const indexSize = 2 * indexHeaderSize + 4
const journalHeaderSize = 32
const saltsIn = { index: 32, journal: 16, size: 8 }

/**
 * How many frames a killed program had committed to the journal (`-wal`) and not yet brought into the file, as the shared
 * index (`-shm`) it left behind tells; SQLite itself takes a journal that was deleted, cut off or flipped for a shorter
 * one, and acknowledged saves would be gone without a word. To be asked before the file is opened: that resets the index.
 * @returns 0 where nothing is known, as after a power cut that left an index of another journal
 */
export function committedFrames(path: string): number {
  const index = readIfThere(`${path}-shm`, indexSize)
  // Two copies, the second written before the first: where they differ, the kill fell between.
  if (index.length < indexSize || !index.subarray(0, indexHeaderSize).equals(index.subarray(indexHeaderSize, 2 * indexHeaderSize))) return 0
  const [committed, inFile] = [index.readUInt32LE(16), index.readUInt32LE(2 * indexHeaderSize)]
  if (committed <= inFile) return 0
  const journal = readIfThere(`${path}-wal`, journalHeaderSize)
  const sameJournal = journal.length < journalHeaderSize || salts(journal, saltsIn.journal).equals(salts(index, saltsIn.index))
  return sameJournal ? committed : 0
}

const salts = (bytes: Buffer, at: number) => bytes.subarray(at, at + saltsIn.size)

/** The first bytes only: further on in the index are those that SQLite locks, which cannot even be read on Windows. */
function readIfThere(path: string, bytes: number): Buffer {
  if (!existsSync(path)) return Buffer.alloc(0)
  const file = openSync(path, 'r')
  try {
    const read = Buffer.alloc(bytes)
    return read.subarray(0, readSync(file, read, 0, bytes, 0))
  } finally {
    closeSync(file)
  }
}
