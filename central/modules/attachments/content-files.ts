import { randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, rm, stat, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { blockLength, openBlock, sealBlock, type ContentKey } from './sealed-bytes.ts'

/** Bytes that are sealed together. */
const blockBytes = 1 << 20

/** A run of bytes as it lies in a file of its own. */
export interface Part {
  readonly from: number
  readonly size: number
  readonly sealedSize: number
  readonly file: string
}

export interface PartWriter {
  /** Bytes so far. */
  readonly size: number
  add(chunk: Uint8Array): Promise<void>
  /** `durable` settles once it is on the disk. */
  close(): Promise<{ part: Part; durable: Promise<void> }>
  /** As if it had never been. */
  discard(): Promise<void>
}

/** The sealed files of all contents, a folder each. Several processes of the service may share them. */
export interface ContentFiles {
  startPart(content: ContentKey, from: number): Promise<PartWriter>
  /** @throws Error where a byte is missing, altered or another's */
  read(content: ContentKey, parts: readonly Part[]): AsyncGenerator<Buffer>
  /** Whether the file is there in its full length. */
  isWhole(contentId: string, part: Part): Promise<boolean>
  /**
   * Makes a whole content durable, and throws away what broken lines and kills have left beside its parts.
   * @param isWritten every byte was written by this process, which has waited for the disk
   */
  settle(contentId: string, parts: readonly Part[], isWritten: boolean): Promise<void>
  remove(contentId: string): Promise<void>
}

/** @param root made where it is missing, for the service's own user alone */
export function createContentFiles(root: string): ContentFiles {
  // Ids begin with the time, so their ends are spread evenly.
  const shelfOf = (contentId: string) => join(root, contentId.slice(-2))
  const folderOf = (contentId: string) => join(shelfOf(contentId), contentId)
  return {
    startPart: async (content, from) => {
      const folder = folderOf(content.contentId)
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const name = `${from}-${randomBytes(6).toString('hex')}`
      return createPartWriter(content, from, { path: join(folder, name), name, handle: await open(join(folder, name), 'wx', 0o600) })
    },
    read: async function* (content, parts) {
      for (const part of parts) yield* readPart(content, part, join(folderOf(content.contentId), part.file))
    },
    isWhole: async (contentId, { file, sealedSize }) => {
      const found = await stat(join(folderOf(contentId), file)).catch((error: unknown) => (isMissing(error) ? undefined : Promise.reject(error as Error)))
      return found?.size === sealedSize
    },
    settle: async (contentId, parts, isWritten) => {
      const folder = folderOf(contentId)
      const known = new Set(parts.map(({ file }) => file))
      for (const name of await readdir(folder)) if (!known.has(name)) await rm(join(folder, name), { force: true })
      for (const { file } of isWritten ? [] : parts) await settlePath(join(folder, file))
      for (const each of [folder, shelfOf(contentId), root]) await settlePath(each)
    },
    remove: (contentId) => rm(folderOf(contentId), { recursive: true, force: true }),
  }
}

const lengthOf = (block: readonly Buffer[]) => block.reduce((sum, { length }) => sum + length, 0)
const isMissing = (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT'

function createPartWriter(content: ContentKey, from: number, { path, name, handle }: { path: string; name: string; handle: FileHandle }): PartWriter {
  let size = 0
  let sealedSize = 0
  /** The block that comes together, filled anew once it is sealed. */
  const waiting = Buffer.allocUnsafeSlow(blockBytes)
  let waitingSize = 0
  /** While one block goes to the disk the next one comes over the line. */
  let writing: Promise<void> = Promise.resolve()

  async function seal(): Promise<void> {
    if (waitingSize === 0) return
    const block = sealBlock(content, from + size - waitingSize, waiting.subarray(0, waitingSize))
    waitingSize = 0
    await writing
    writing = write(block, sealedSize)
    // Whoever waits for it next is told.
    writing.catch(() => undefined)
    sealedSize += lengthOf(block)
  }

  async function write(block: readonly Buffer[], at: number): Promise<void> {
    const { bytesWritten } = await handle.writev(block, at)
    if (bytesWritten === lengthOf(block)) return
    // A disk that is nearly full takes a part of what it is given before it says so.
    const whole = Buffer.concat(block)
    for (let done = bytesWritten; done < whole.length; ) done += (await handle.write(whole, done, whole.length - done, at + done)).bytesWritten
  }

  return {
    get size() {
      return size
    },
    add: async (chunk) => {
      for (let done = 0; done < chunk.length; ) {
        const taken = Math.min(chunk.length - done, blockBytes - waitingSize)
        waiting.set(chunk.subarray(done, done + taken), waitingSize)
        waitingSize += taken
        size += taken
        done += taken
        if (waitingSize === blockBytes) await seal()
      }
    },
    close: async () => {
      await seal()
      await writing
      return { part: { from, size, sealedSize, file: name }, durable: handle.datasync().finally(() => handle.close()) }
    },
    discard: async () => {
      await writing.catch(() => undefined)
      await handle.close()
      await rm(path, { force: true })
    },
  }
}

async function* readPart(content: ContentKey, part: Part, path: string): AsyncGenerator<Buffer> {
  let at = part.from
  let bytes: Buffer = Buffer.alloc(0)
  for await (const chunk of createReadStream(path, { highWaterMark: blockBytes }) as AsyncIterable<Buffer>) {
    bytes = bytes.length === 0 ? chunk : Buffer.concat([bytes, chunk])
    for (let length = blockLength(bytes); length !== undefined && length <= bytes.length; length = blockLength(bytes)) {
      const block = openBlock(content, at, bytes.subarray(0, length))
      at += block.length
      bytes = bytes.subarray(length)
      yield block
    }
  }
  if (bytes.length > 0 || at !== part.from + part.size) throw new Error('a part of an attachment is cut')
}

/** Windows has no such thing for folders. */
async function settlePath(path: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(path, 'r')
  try {
    await handle.datasync()
  } finally {
    await handle.close()
  }
}
