import { createCipheriv, createDecipheriv, randomBytes, type KeyObject } from 'node:crypto'

/**
 * How the bytes of a content lie on the disk: blocks of AES-256-GCM, one after the other, each with the length of what it
 * holds (4 bytes), its nonce (12), the sealed bytes and their tag (16). Authenticated with a block are the content's id and the
 * byte it begins with: put elsewhere, in another order, or cut, it does not open. Nonces are drawn, never counted: a piece that
 * is sent again after a broken line may hold other bytes at the same place.
 */
const headBytes = 16
const tagBytes = 16

/** A content and the key of its own that seals it. */
export interface ContentKey {
  readonly contentId: string
  readonly key: KeyObject
}

const place = (contentId: string, from: number, size: number) => Buffer.from(`attachment:${contentId}:${from}:${size}`)

/**
 * @param bytes of the block, which begin at `from` of the content; free for others once it is sealed
 * @returns the block in pieces, in their order: putting them together would copy every byte once more
 */
export function sealBlock({ contentId, key }: ContentKey, from: number, bytes: Uint8Array): Buffer[] {
  const iv = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, iv).setAAD(place(contentId, from, bytes.length))
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  const sealed = cipher.update(bytes)
  cipher.final()
  return [length, iv, sealed, cipher.getAuthTag()]
}

/** Length of the whole block at the beginning of these bytes; undefined where its head is not all there. */
export function blockLength(bytes: Buffer): number | undefined {
  return bytes.length < headBytes ? undefined : bytes.readUInt32BE(0) + headBytes + tagBytes
}

/** @throws Error where the block was altered or is another's */
export function openBlock({ contentId, key }: ContentKey, from: number, block: Buffer): Buffer {
  const size = block.readUInt32BE(0)
  const decipher = createDecipheriv('aes-256-gcm', key, block.subarray(4, headBytes)).setAAD(place(contentId, from, size))
  decipher.setAuthTag(block.subarray(-tagBytes))
  return Buffer.concat([decipher.update(block.subarray(headBytes, -tagBytes)), decipher.final()])
}
