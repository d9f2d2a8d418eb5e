import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { open, type FileHandle } from 'node:fs/promises'
import { AppError } from '../../../shared/errors/app-error.ts'

/**
 * A file under a key of its own, derived from the unit's key, the attachment's id and a salt, so that one file's content never
 * opens as another's. Layout: magic, salt, sealed description in a block of fixed size, then the content in sealed pieces of
 * 256 KiB. Each piece's nonce holds its number and whether it is the last: pieces that are swapped, left out or cut off do
 * not open. The description is written last; without it the file is none.
 */
const magic = Buffer.from('XSATT001')
const saltSize = 16
const sealSize = 16
const descriptionSize = 4096
const headSize = magic.length + saltSize + descriptionSize + sealSize
const pieceSize = 256 << 10
const descriptionNumber = 0xffff_ffff

/** Writes one file, piece by piece. Nothing that was given to it is in the clear on the disk. */
export interface SealedWriter {
  append(content: Uint8Array): Promise<void>
  /** Seals the rest and the description, and waits for the disk. The file is closed then. */
  finish(description: string): Promise<void>
  close(): Promise<void>
}

export interface SealedReader {
  readonly description: string
  /** @param size of the whole content, as the description tells. @throws AppError attachment-lost-here */
  read(offset: number, length: number, size: number): Promise<Buffer>
  close(): Promise<void>
}

/** @param path must not exist yet */
export async function writeSealed(path: string, unitKey: Uint8Array, id: string): Promise<SealedWriter> {
  const salt = randomBytes(saltSize)
  const key = keyOf(unitKey, id, salt)
  const file = await open(path, 'wx', 0o600)
  let held = Buffer.alloc(0)
  let number = 0

  async function put(piece: Uint8Array, isLast: boolean): Promise<void> {
    await writeAll(file, seal(key, number, isLast, piece), placeOf(number))
    number += 1
  }

  return {
    append: async (content) => {
      held = Buffer.concat([held, content])
      // One piece is always held back: which is the last only the end tells.
      while (held.length > pieceSize) {
        await put(held.subarray(0, pieceSize), false)
        held = held.subarray(pieceSize)
      }
    },
    finish: async (description) => {
      await put(held, true)
      const text = Buffer.from(description)
      if (text.length > descriptionSize) throw new RangeError('the description does not fit')
      const padded = Buffer.alloc(descriptionSize, ' ')
      text.copy(padded)
      await writeAll(file, Buffer.concat([magic, salt, seal(key, descriptionNumber, true, padded)]), 0)
      await file.sync()
      await file.close()
    },
    close: () => file.close(),
  }
}

/** @throws AppError attachment-lost-here where it is no such file, or another attachment's */
export async function openSealed(path: string, unitKey: Uint8Array, id: string): Promise<SealedReader> {
  const file = await open(path, 'r')
  try {
    const head = await readAll(file, headSize, 0)
    if (head.length < headSize || !head.subarray(0, magic.length).equals(magic)) throw new AppError('attachment-lost-here')
    const key = keyOf(unitKey, id, head.subarray(magic.length, magic.length + saltSize))
    const description = unseal(key, descriptionNumber, true, head.subarray(magic.length + saltSize)).toString().trimEnd()

    async function readPiece(number: number, size: number): Promise<Buffer> {
      const last = lastPieceOf(size)
      const length = number === last ? size - last * pieceSize : pieceSize
      return unseal(key, number, number === last, await readAll(file, length + sealSize, placeOf(number)))
    }

    return {
      description,
      read: async (offset, length, size) => {
        const end = Math.min(offset + length, size)
        const parts: Buffer[] = []
        for (let at = offset; at < end; ) {
          const number = Math.floor(at / pieceSize)
          const piece = await readPiece(number, size)
          const part = piece.subarray(at - number * pieceSize, Math.min(piece.length, end - number * pieceSize))
          parts.push(part)
          at += part.length
        }
        return Buffer.concat(parts)
      },
      close: () => file.close(),
    }
  } catch (error) {
    await file.close()
    throw error
  }
}

const placeOf = (number: number) => headSize + number * (pieceSize + sealSize)

/** An empty content is one empty piece. */
const lastPieceOf = (size: number) => Math.max(Math.ceil(size / pieceSize) - 1, 0)

function keyOf(unitKey: Uint8Array, id: string, salt: Uint8Array): Buffer {
  return Buffer.from(hkdfSync('sha256', unitKey, salt, `attachment v1 ${id}`, 32))
}

function nonceOf(number: number, isLast: boolean): Buffer {
  const nonce = Buffer.alloc(12)
  nonce.writeUInt32BE(number, 7)
  nonce[11] = isLast ? 1 : 0
  return nonce
}

function seal(key: Uint8Array, number: number, isLast: boolean, plain: Uint8Array): Buffer {
  const cipher = createCipheriv('aes-256-gcm', key, nonceOf(number, isLast))
  return Buffer.concat([cipher.update(plain), cipher.final(), cipher.getAuthTag()])
}

function unseal(key: Uint8Array, number: number, isLast: boolean, sealed: Buffer): Buffer {
  if (sealed.length < sealSize) throw new AppError('attachment-lost-here')
  const decipher = createDecipheriv('aes-256-gcm', key, nonceOf(number, isLast))
  decipher.setAuthTag(sealed.subarray(sealed.length - sealSize))
  try {
    return Buffer.concat([decipher.update(sealed.subarray(0, -sealSize)), decipher.final()])
  } catch (error) {
    throw new AppError('attachment-lost-here', {}, { cause: error })
  }
}

async function writeAll(file: FileHandle, bytes: Uint8Array, place: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) done += (await file.write(bytes, done, bytes.length - done, place + done)).bytesWritten
}

async function readAll(file: FileHandle, length: number, place: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length)
  let done = 0
  while (done < length) {
    const { bytesRead } = await file.read(bytes, done, length - done, place + done)
    if (bytesRead === 0) break
    done += bytesRead
  }
  return bytes.subarray(0, done)
}
