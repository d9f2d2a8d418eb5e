import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** 256 random bits as base64url. */
export const randomToken = (): string => randomBytes(32).toString('base64url')

/** What is stored of a token: who reads the table cannot use it. */
export const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex')

export function equalHashes(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))
}

/** Undefined for anything but the one spelling of some bytes: no padding, no stray last bits. */
export function fromBase64url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url')
  return bytes.toString('base64url') === text ? bytes : undefined
}
